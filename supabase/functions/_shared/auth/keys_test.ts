// C1: the secrets of the generation backend and of schedulers.
import assert from "node:assert/strict";
import { createApp } from "../http/app.ts";
import { backendKey, forBackend, forScheduler } from "./keys.ts";
import {
  BACKEND_KEY,
  captureLogs,
  OTHER_BACKEND_KEY,
  SCHEDULER_KEY,
  withEnv,
} from "../../../../tests/support/functions.ts";

async function ask(key: string | undefined, method = "POST", path = "/report"): Promise<Response> {
  const app = createApp("test-api");
  const [[backend], [scheduler]] = [forBackend().middleware, forScheduler().middleware];
  app.post("/report", backend, (c) => c.json({ ok: true }));
  app.post("/run", scheduler, (c) => c.json({ ok: true }));
  let response = new Response();
  await captureLogs(async () => {
    response = await app.request(`/test-api${path}`, {
      method,
      headers: key === undefined ? {} : { "x-api-key": key },
    });
  });
  return response;
}

Deno.test("each of the accepted secrets passes, so that one can be rotated", async () => {
  await withEnv({}, async () => {
    assert.equal((await ask(BACKEND_KEY)).status, 200);
    assert.equal((await ask(OTHER_BACKEND_KEY)).status, 200);
    assert.equal(backendKey(), BACKEND_KEY);
  });
});

Deno.test("a missing or wrong secret is 403 with the agreed text", async () => {
  await withEnv({}, async () => {
    for (
      const key of [
        undefined,
        "",
        BACKEND_KEY.slice(0, -1),
        `${BACKEND_KEY} ,`,
        `${BACKEND_KEY},${OTHER_BACKEND_KEY}`,
        BACKEND_KEY.toUpperCase(),
        `Bearer ${BACKEND_KEY}`,
        SCHEDULER_KEY,
      ]
    ) {
      const response = await ask(key);
      assert.equal(response.status, 403);
      assert.deepEqual(await response.json(), { detail: "Invalid or missing API key" });
    }
  });
});

Deno.test("without a configured secret every call is refused with 503", async () => {
  for (const unset of [undefined, "", " , "]) {
    await withEnv({ API_SHARED_SECRET: unset }, async () => {
      for (const key of [undefined, "", ",", "undefined"]) {
        const response = await ask(key);
        assert.equal(response.status, 503);
        assert.equal((await response.json()).code, "not_configured");
      }
      assert.throws(backendKey, { code: "not_configured" });
    });
  }
});

Deno.test("a secret opens its own direction, and never stands in for the other", async () => {
  const both = { API_SHARED_SECRET: BACKEND_KEY, SCHEDULER_SECRET: SCHEDULER_KEY };
  const expected: [env: Record<string, string | undefined>, key: string, report: number, run: number][] = [
    [both, BACKEND_KEY, 200, 403],
    [both, SCHEDULER_KEY, 403, 200],
    [{ ...both, SCHEDULER_SECRET: undefined }, BACKEND_KEY, 200, 503],
    [{ ...both, API_SHARED_SECRET: undefined }, SCHEDULER_KEY, 503, 200],
  ];
  for (const [env, key, report, run] of expected) {
    await withEnv(env, async () => {
      assert.equal((await ask(key)).status, report);
      assert.equal((await ask(key, "POST", "/run")).status, run);
    });
  }
});

Deno.test("a secret of fewer than 32 characters is none, wherever it stands in the list", async () => {
  const short = "x".repeat(31);
  for (const secrets of [short, `${BACKEND_KEY},${short}`, `${short},${BACKEND_KEY}`]) {
    await withEnv({ API_SHARED_SECRET: secrets }, async () => {
      for (const key of [short, BACKEND_KEY]) assert.equal((await ask(key)).status, 503);
      assert.throws(backendKey, { code: "not_configured" });
    });
  }
  await withEnv({ API_SHARED_SECRET: `${short}y` }, async () => {
    assert.equal((await ask(`${short}y`)).status, 200);
  });
});

Deno.test("OPTIONS passes without a key", async () => {
  await withEnv({}, async () => assert.equal((await ask(undefined, "OPTIONS")).status, 204));
});
