import assert from "node:assert/strict";
import { createApp } from "./app.ts";
import { UUID_PARAM } from "./schemas.ts";
import { captureLogs } from "../../../../tests/support/functions.ts";

const ID = "0198a000-0000-7000-8000-000000000001";

function testApp() {
  const app = createApp("test-api");
  app.get(`/${UUID_PARAM}`, (c) => c.json({ ok: true }));
  app.post("/words", (c) => c.json({ ok: true }));
  app.get("/broken", () => {
    throw new Error('relation "credit_accounts" does not exist at /srv/app.ts:1');
  });
  return app;
}

Deno.test("a bug is logged with its cause and answered without it", async () => {
  let body = "";
  const lines = await captureLogs(async () => {
    body = await (await testApp().request("/test-api/broken")).text();
  });
  assert.deepEqual(JSON.parse(body), { code: "internal", message: "Something went wrong on our side" });
  const line = JSON.parse(lines[0]);
  assert.equal(line.level, "error");
  assert.match(line.cause.message, /credit_accounts/);
});

Deno.test("a sane request id is kept, any other replaced, and the log line has the same", async () => {
  for (
    const [given, kept] of [["abc-123_=", true], ["a b", false], ["x".repeat(129), false], [
      undefined,
      false,
    ]] as const
  ) {
    const headers: Record<string, string> = given === undefined ? {} : { "x-request-id": given };
    let id: string | null = null;
    const lines = await captureLogs(async () => {
      id = (await testApp().request(`/test-api/${ID}`, { headers })).headers.get("x-request-id");
    });
    assert.ok(id);
    assert.equal(id === given, kept);
    assert.equal(JSON.parse(lines[0]).request_id, id);
  }
});

Deno.test("a request is one log line that names its route and not its path", async () => {
  const lines = await captureLogs(() => testApp().request(`/test-api/${ID}?secret=1`) as Promise<Response>);
  assert.equal(lines.length, 1);
  const { time: _time, duration_ms, request_id: _id, ...rest } = JSON.parse(lines[0]);
  assert.equal(typeof duration_ms, "number");
  assert.deepEqual(rest, {
    level: "info",
    event: "request",
    function: "test-api",
    method: "GET",
    route: "/test-api/{id}",
    status: 200,
  });
});

Deno.test("answers are kept by no cache and guessed at by no browser, errors neither", async () => {
  await captureLogs(async () => {
    for (const path of [`/${ID}`, "/broken", "/nowhere", "/words"]) {
      const { headers } = await testApp().request(`/test-api${path}`);
      assert.deepEqual(
        [headers.get("cache-control"), headers.get("x-content-type-options")],
        ["no-store", "nosniff"],
        path,
      );
    }
  });
});
