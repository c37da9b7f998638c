/** `deno task doctor` says of a deployment what is not well, one line each. */
import assert from "node:assert/strict";
import type { Finding } from "../../tools/doctor/finding.ts";
import { stack } from "../support/people.ts";

/** Runs it with the settings of a hosted project, and `env` over them. */
async function doctor(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tools/doctor.ts", ...args],
    env: {
      SUPABASE_URL: stack("API_URL"),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack("SECRET_KEY") }),
      STRIPE_SECRET_KEY: stack("STRIPE_SECRET_KEY"),
      STRIPE_API_URL: stack("STRIPE_API_URL"),
      ...env,
    },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, text: text(stdout), error: text(stderr) };
}

async function findings(
  env: Record<string, string> = {},
): Promise<{ code: number; all: Map<string, Finding> }> {
  const { code, text } = await doctor(["--json"], env);
  return { code, all: new Map(JSON.parse(text).map((one: Finding) => [one.name, one])) };
}

Deno.test("what is well is ok, and every line that is not says what to do and where that is explained", async () => {
  const { code, all } = await findings();
  for (
    const name of [
      "stripe_endpoint",
      "stripe_mode",
      "stripe_portal",
      "health_credits_api",
      "health_stripe_webhook",
      "books",
    ]
  ) {
    assert.deepEqual([name, all.get(name)?.status], [name, "ok"], JSON.stringify(all.get(name)));
  }
  for (const { name, status, advice, page } of all.values()) {
    assert.equal(status === "ok", advice === "", name);
    assert.match(page, /^docs\/operations\.md#/);
  }
  assert.equal(code, [...all.values()].some(({ status }) => status === "alarm") ? 1 : 0);
});

Deno.test("a key that Stripe does not know is an alarm, and the rest is looked at all the same", async () => {
  const { code, all } = await findings({ STRIPE_SECRET_KEY: "sk_live_0123456789abcdefghij" });
  assert.equal(code, 1);
  assert.equal(all.get("stripe")?.status, "alarm");
  assert.equal(all.get("books")?.status, "ok");
});

Deno.test("settings that are wrong are named, without their values", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "API_SHARED_SECRET=short\n");
    const { code, text } = await doctor(["--env-file", file]);
    assert.equal(code, 1);
    assert.match(text, /^alarm +settings +API_SHARED_SECRET is weak/m);
    assert.match(text, /^alarm +settings +STRIPE_WEBHOOK_SECRET is missing/m);
    assert.doesNotMatch(text, /short/);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("it says so when it could not look at all", async () => {
  const wrong = await doctor(["--nothing"]);
  assert.deepEqual([wrong.code, wrong.error.includes("usage: deno task doctor")], [2, true]);
  const lost = await doctor([], { SUPABASE_URL: "" });
  assert.equal(lost.code, 2);
  assert.match(lost.error, /SUPABASE_URL/);
});
