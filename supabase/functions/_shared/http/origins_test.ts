// M7: the origin allowlist.
import assert from "node:assert/strict";
import { corsHeaders } from "@supabase/supabase-js/cors";
import { createApp } from "./app.ts";
import { mask } from "../log.ts";
import { captureLogs, withEnv } from "../../../../tests/support/functions.ts";

const LISTED = ["https://talehop.com", "https://www.talehop.com", "http://localhost:8080"];
const UNLISTED = [
  "https://evil.example",
  "http://talehop.com",
  "https://talehop.com.evil.example",
  "https://talehop.com:8443",
  "https://TALEHOP.com",
  "https://sub.talehop.com",
  "http://localhost:3000",
  "null",
  "*",
  "",
];

async function ask(origin: string | undefined, method: string, path = "/ping"): Promise<Response> {
  const app = createApp("test-api");
  app.get("/ping", (c) => c.json({ pong: true }));
  const headers: Record<string, string> = origin === undefined ? {} : { origin };
  let response = new Response();
  await captureLogs(async () => {
    response = await app.request(`/test-api${path}`, { method, headers });
  });
  return response;
}

Deno.test("a listed origin is echoed, with Vary, on answers, errors and preflights", async () => {
  await withEnv({ ALLOWED_ORIGINS: LISTED.join() }, async () => {
    for (const origin of LISTED) {
      for (
        const [method, path, status] of [["GET", "/ping", 200], ["GET", "/no", 404], [
          "OPTIONS",
          "/ping",
          204,
        ]] as const
      ) {
        const response = await ask(origin, method, path);
        assert.equal(response.status, status);
        assert.equal(response.headers.get("access-control-allow-origin"), origin);
        assert.match(response.headers.get("vary") ?? "", /\bOrigin\b/);
      }
    }
  });
});

Deno.test("an unlisted origin gets no allow-origin header, and only its preflight an answer", async () => {
  await withEnv({ ALLOWED_ORIGINS: LISTED.join() }, async () => {
    for (const origin of UNLISTED) {
      const preflight = await ask(origin, "OPTIONS");
      assert.equal(preflight.headers.get("access-control-allow-origin"), null, origin);
      const refused = await ask(origin, "GET");
      assert.equal(refused.status, 403, origin);
      assert.equal(refused.headers.get("access-control-allow-origin"), null, origin);
      assert.equal((await refused.json()).code, "origin_not_allowed");
    }
  });
});

Deno.test("no origin passes", async () => {
  await withEnv({}, async () => {
    const response = await ask(undefined, "GET");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  });
});

Deno.test("an unset or empty list allows nobody", async () => {
  for (const none of [undefined, "", " , "]) {
    await withEnv({ ALLOWED_ORIGINS: none }, async () => {
      for (const origin of [...LISTED, ...UNLISTED]) {
        assert.equal((await ask(origin, "GET")).status, 403, origin);
      }
      assert.equal((await ask(undefined, "GET")).status, 200);
    });
  }
});

Deno.test("a listed star or null allows nobody, and what is no origin is named in the log", async () => {
  const refused = [
    "*",
    "null",
    "a.example",
    "https://a.example/app",
    "file:///",
    "https://u@a.example",
  ];
  for (const entry of refused) {
    await withEnv({ ALLOWED_ORIGINS: `https://good.example,${entry}` }, async () => {
      const lines = await captureLogs(async () => {
        for (const origin of [...UNLISTED, entry]) {
          const app = createApp("test-api");
          app.get("/ping", (c) => c.json({ pong: true }));
          const response = await app.request("/test-api/ping", { headers: { origin } });
          assert.equal(response.status, 403, `${origin} where ${entry} is listed`);
          assert.equal(response.headers.get("access-control-allow-origin"), null);
        }
      });
      const ignored = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "origin_ignored");
      assert.deepEqual(ignored.map((line) => line.entry), [mask(entry)]);
      assert.equal((await ask("https://good.example", "GET")).status, 200);
    });
  }
});

Deno.test("an entry is taken as browsers write it", async () => {
  await withEnv(
    { ALLOWED_ORIGINS: " https://A.example/ , http://localhost:80,https://b.example:443/" },
    async () => {
      for (const origin of ["https://a.example", "http://localhost", "https://b.example"]) {
        assert.equal((await ask(origin, "GET")).headers.get("access-control-allow-origin"), origin);
      }
    },
  );
});

Deno.test("a preflight allows what supabase-js sends and exposes what a page needs to read", async () => {
  await withEnv({}, async () => {
    const { headers } = await ask("https://talehop.com", "OPTIONS");
    const allowed = (headers.get("access-control-allow-headers") ?? "").split(",");
    for (
      const name of [
        ...corsHeaders["Access-Control-Allow-Headers"].split(", "),
        "idempotency-key",
        "x-request-id",
      ]
    ) assert.ok(allowed.includes(name), name);
    const exposed = (headers.get("access-control-expose-headers") ?? "").split(",");
    for (const name of ["x-request-id", "retry-after", "ratelimit", "ratelimit-policy"]) {
      assert.ok(exposed.includes(name), name);
    }
    assert.match(headers.get("access-control-allow-methods") ?? "", /DELETE/);
    assert.ok(Number(headers.get("access-control-max-age")) > 0);
  });
});
