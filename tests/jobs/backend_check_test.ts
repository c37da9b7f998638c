import assert from "node:assert/strict";
import { handle } from "../../docs/examples/generation_backend.ts";
import { app } from "../../supabase/functions/generation-backend/app.ts";
import { withModel } from "../support/model_stand_in.ts";
import { checkBackend } from "../../tools/backend_check.ts";

const KEY = "a-secret-of-at-least-thirty-two-characters";

/** Serves `handler` under `path` with the shared secret set, and runs the check against it. */
async function check(
  handler: (request: Request) => Response | Promise<Response>,
  path = "",
): Promise<string[]> {
  const before = Deno.env.get("API_SHARED_SECRET");
  Deno.env.set("API_SHARED_SECRET", KEY);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  const lines: string[] = [];
  try {
    const url = `http://127.0.0.1:${server.addr.port}${path}`;
    await checkBackend({ url, key: KEY, timeoutMs: 60_000 }, (line) => lines.push(line));
  } finally {
    await server.shutdown();
    if (before === undefined) Deno.env.delete("API_SHARED_SECRET");
    else Deno.env.set("API_SHARED_SECRET", before);
  }
  return lines;
}

Deno.test("the built-in generation backend keeps its contract", async () => {
  const lines = await withModel(() => check(app.fetch, "/generation-backend"));
  assert.equal(lines.at(-1), "12 passed, 0 failed", lines.join("\n"));
});

Deno.test("the example of a backend of one's own keeps it, too", async () => {
  const lines = await check(handle);
  assert.equal(lines.at(-1), "12 passed, 0 failed", lines.join("\n"));
});

Deno.test("a backend that loses letters is found out", async () => {
  const lines = await check(async (request) => {
    const body = await request.clone().text();
    const lost = body.replace(/ƙ|ɓ|ɗ/g, "");
    return await handle(new Request(request, body ? { body: lost } : {}));
  });
  assert.match(lines.join("\n"), /not ok {2}a book shows each letter.*\n.*does not hold.*ƙaramin/);
});

Deno.test("a backend that lets anybody in, or that miscounts, is found out", async () => {
  const open = await check((request) => {
    const headers = new Headers(request.headers);
    headers.set("X-Api-Key", KEY);
    return handle(new Request(request, { headers }));
  });
  assert.match(open.join("\n"), /not ok {2}a call without a key is refused\n +expected 403, got 200/);
  const short = await check(async (request) => {
    const response = await handle(request);
    if (!new URL(request.url).pathname.endsWith("/stories") || !response.ok || request.method !== "POST") {
      return response;
    }
    const story = await response.json();
    return Response.json({ ...story, pages: story.pages.slice(1) });
  });
  assert.match(short.join("\n"), /not ok {2}POST \/stories.*\n +expected exactly 3 pages, got 2/);
});
