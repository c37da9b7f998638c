// C1: the secret shared with the generation backend.
import assert from "node:assert/strict";
import { createApp } from "../http/app.ts";
import { backendKey, requireBackend } from "./backend_key.ts";
import { captureLogs, withEnv } from "../../../../tests/support/functions.ts";

async function ask(key: string | undefined, method = "POST"): Promise<Response> {
  const app = createApp("test-api");
  app.post("/report", requireBackend, (c) => c.json({ ok: true }));
  let response = new Response();
  await captureLogs(async () => {
    response = await app.request("/test-api/report", {
      method,
      headers: key === undefined ? {} : { "x-api-key": key },
    });
  });
  return response;
}

Deno.test("each of the accepted secrets passes, so that one can be rotated", async () => {
  await withEnv({}, async () => {
    assert.equal((await ask("shared-one")).status, 200);
    assert.equal((await ask("shared-two")).status, 200);
    assert.equal(backendKey(), "shared-one");
  });
});

Deno.test("a missing or wrong secret is 403 with the agreed text", async () => {
  await withEnv({}, async () => {
    for (
      const key of [
        undefined,
        "",
        "shared-on",
        "shared-one ,",
        "shared-one,shared-two",
        "SHARED-ONE",
        "Bearer shared-one",
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

Deno.test("OPTIONS passes without a key", async () => {
  await withEnv({}, async () => assert.equal((await ask(undefined, "OPTIONS")).status, 204));
});
