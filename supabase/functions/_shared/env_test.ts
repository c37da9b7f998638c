import assert from "node:assert/strict";
import { withEnv } from "../../../tests/support/functions.ts";
import { derived, projectKey } from "./env.ts";
import { ApiError } from "./http/errors.ts";

const secretKey = async (keys: string | undefined, legacy?: string) => {
  let key: string | undefined;
  await withEnv({ SUPABASE_SECRET_KEYS: keys, SUPABASE_SERVICE_ROLE_KEY: legacy }, () => {
    key = projectKey("secret");
    return Promise.resolve();
  });
  return key;
};

Deno.test("the key called default is taken, else the only one, else the legacy variable", async () => {
  assert.equal(await secretKey('{"other":"sb_secret_a","default":"sb_secret_b"}', "legacy"), "sb_secret_b");
  assert.equal(await secretKey('{"backend":"sb_secret_a"}', "legacy"), "sb_secret_a");
  for (const none of [undefined, "", "{}", "null", "no JSON", '{"default":""}', '"text"']) {
    assert.equal(await secretKey(none, "legacy"), "legacy", String(none));
  }
});

Deno.test("without a key, or with no saying which of several is meant, the function is not configured", async () => {
  const refusal = async (keys: string | undefined, legacy?: string) => {
    try {
      await secretKey(keys, legacy);
    } catch (error) {
      assert.ok(error instanceof ApiError);
      assert.equal(error.code, "not_configured");
      return String(error.cause);
    }
    assert.fail("not refused");
  };
  const several = await refusal('{"one":"sb_secret_a","two":"sb_secret_b"}', "legacy");
  assert.match(several, /SUPABASE_SECRET_KEYS has 2 keys, and none is called "default"/);
  assert.doesNotMatch(several, /sb_secret/);
  assert.match(await refusal(undefined), /SUPABASE_SERVICE_ROLE_KEY is not set/);
});

Deno.test("what is derived from a variable is made once, and again when it changes", async () => {
  let made = 0;
  const upper = derived("DERIVED", (value) => (made++, value?.toUpperCase()));
  for (const value of ["a", "b", undefined]) {
    await withEnv({ DERIVED: value }, () => {
      for (let i = 0; i < 3; i++) assert.equal(upper(), value?.toUpperCase());
      return Promise.resolve();
    });
  }
  assert.equal(made, 3);
});
