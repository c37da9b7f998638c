import assert from "node:assert/strict";
import { captureLogs, withEnv, withServer } from "../../../../tests/support/functions.ts";
import { meets, settings } from "../needs.ts";
import { type App, createApp } from "./app.ts";
import { addHealth } from "./health.ts";

function appThatNeeds(...names: string[]): App {
  const app = createApp("test-api");
  addHealth(app, settings(...names));
  return app;
}

/** Runs `body` with a clock that `pass` moves on by milliseconds. */
async function withClock(body: (pass: (milliseconds: number) => void) => Promise<void>): Promise<void> {
  const { now } = Date;
  let time = now();
  Date.now = () => time;
  try {
    await body((milliseconds) => void (time += milliseconds));
  } finally {
    Date.now = now;
  }
}

Deno.test("health asks the database, and answers from memory for some seconds, well or ill", async () => {
  const answers = [Response.json([{ action: "story" }]), Response.json({ code: "42P01" }, { status: 404 })];
  const asked = await withServer(() => answers.shift() ?? Response.json([]), async (SUPABASE_URL) => {
    await withEnv({ SUPABASE_URL }, () =>
      withClock(async (pass) => {
        const app = appThatNeeds();
        for (const status of [200, 500, 200]) {
          for (let i = 0; i < 3; i++) {
            await captureLogs(async () => {
              assert.equal((await app.request("/test-api/health")).status, status);
            });
          }
          pass(5_000);
        }
      }));
  });
  assert.equal(asked.length, 3);
  for (const { path, headers } of asked) {
    assert.match(path, /^\/rest\/v1\/credit_pricing\?/);
    assert.equal(headers.get("apikey"), "sb_secret_test");
  }
});

Deno.test("health is 503 where the database is away, and does not try for long", async () => {
  await withEnv({}, async () => {
    await captureLogs(async () => {
      const response = await appThatNeeds().request("/test-api/health");
      assert.deepEqual([response.status, (await response.json()).code], [503, "temporarily_unavailable"]);
    });
  });
});

Deno.test("settings that are missing are named in the log and not in the answer", async () => {
  await withEnv({ ONE: undefined, TWO: " ", THREE: "3" }, async () => {
    const [line] = await captureLogs(async () => {
      const response = await appThatNeeds("ONE", "TWO", "THREE").request("/test-api/health");
      assert.equal(response.status, 503);
      const text = await response.text();
      assert.match(text, /"not_configured"/);
      assert.doesNotMatch(text, /ONE|TWO/);
    });
    assert.match(line, /not set: ONE, TWO"/);
  });
});

Deno.test("whoever asks at the same time waits for the same look", async () => {
  let looks = 0;
  const check = meets(async () => void (looks++, await Promise.resolve()));
  await Promise.all([check(), check(), check()]);
  assert.equal(looks, 1);
});
