import assert from "node:assert/strict";
import { captureLogs, withClock, withEnv, withServer } from "../../../../tests/support/functions.ts";
import { isServed } from "../../../../tests/support/served.ts";
import { meets, settings } from "../needs.ts";
import { type App, createApp } from "./app.ts";
import { addHealth } from "./health.ts";

function appThatNeeds(...names: string[]): App {
  const app = createApp("test-api");
  addHealth(app, settings(...names));
  return app;
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

Deno.test("a secret that is too short makes health 503, and is named in the log and not in the answer", async () => {
  const short = "x".repeat(31);
  const apps: [name: string, secrets: string[]][] = [
    ["credits-api", ["JWT_SECRET"]],
    ["story-api", ["JWT_SECRET", "API_SHARED_SECRET", "SCHEDULER_SECRET"]],
    ["book-api", ["JWT_SECRET", "API_SHARED_SECRET", "SCHEDULER_SECRET"]],
    ["stripe-webhook", ["SCHEDULER_SECRET"]],
  ];
  for (const [name, secrets] of apps.filter(([name]) => isServed(name))) {
    for (const secret of secrets) {
      const { app } = await import(`../../${name}/app.ts`);
      await withEnv({ [secret]: short }, () =>
        withClock(async (pass) => {
          // An answer is kept for some seconds: that about the secret before has to be over.
          pass(secrets.indexOf(secret) * 10_000);
          const [line] = await captureLogs(async () => {
            const response = await app.request(`/${name}/health`);
            const text = await response.text();
            assert.equal(response.status, 503, `${name} ${secret}`);
            assert.match(text, /"not_configured"/);
            assert.doesNotMatch(text, /SECRET|xxx/);
          });
          assert.match(line, new RegExp(`${secret} has fewer than 32 characters`));
          assert.doesNotMatch(line, /xxx/);
        }));
    }
  }
});
