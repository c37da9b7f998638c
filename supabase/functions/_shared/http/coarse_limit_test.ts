// M4: the coarse limits, whose caller they count, and whom they never refuse.
import assert from "node:assert/strict";
import { BACKEND_KEY, captureLogs, token, withClock, withEnv } from "../../../../tests/support/functions.ts";
import { requireBackend } from "../auth/keys.ts";
import { requireUser } from "../auth/users.ts";
import { createApp } from "./app.ts";
import { ApiError } from "./errors.ts";

function testApp() {
  const app = createApp("test-api");
  app.get("/mine", requireUser, (c) => c.json({}));
  app.get("/refused", requireUser, () => {
    throw new ApiError("unauthorized");
  });
  app.post("/report", requireBackend, (c) => c.json({}));
  app.get("/broken", () => {
    throw new Error("broken");
  });
  return app;
}

type Headers = Record<string, string>;

const user = async (sub: string): Promise<Headers> => ({ authorization: `Bearer ${await token({ sub })}` });
const from = (address: string): Headers => ({ "x-forwarded-for": address });

let users = 0;
/** Somebody whom nobody has counted yet. */
const somebody = () => `0198a000-0000-7000-8000-${String(++users).padStart(12, "0")}`;

/** Asks `times` times and returns how often each status was the answer, with the last answer. */
async function ask(times: number, path: string, headers: Headers, method = "GET") {
  const statuses: Record<number, number> = {};
  let last = new Response();
  await captureLogs(async () => {
    for (let i = 0; i < times; i++) {
      last = await testApp().request(`/test-api${path}`, { method, headers });
      statuses[last.status] = (statuses[last.status] ?? 0) + 1;
    }
  });
  return { statuses, last };
}

/** Limits of three, at the beginning of a minute. */
function limited(body: () => Promise<void>): Promise<void> {
  const env = { USER_REQUESTS_PER_MINUTE: "3", ADDRESS_REQUESTS_PER_MINUTE: "3" };
  return withEnv(env, () =>
    withClock(async (pass) => {
      pass(120_000 - Date.now() % 60_000);
      await body();
    }));
}

Deno.test("M4: a user is counted over all routes, whatever the address, and told when to come back", async () => {
  await limited(async () => {
    const ana = await user(somebody());
    assert.deepEqual((await ask(2, "/mine", { ...ana, ...from("10.0.0.1") })).statuses, { 200: 2 });
    const { statuses, last } = await ask(3, "/refused", { ...ana, ...from("10.0.0.2") });
    assert.deepEqual(statuses, { 401: 1, 429: 2 });
    assert.equal(last.headers.get("ratelimit-policy"), '"user";q=3;w=60');
    assert.equal(last.headers.get("ratelimit"), '"user";r=0;t=80');
    assert.equal(last.headers.get("retry-after"), "80");
    assert.deepEqual(await last.json(), {
      code: "rate_limited",
      message: "Too many requests",
      retry_after_seconds: 80,
    });
    assert.deepEqual((await ask(3, "/mine", await user(somebody()))).statuses, { 200: 3 });
  });
});

const STRANGERS: [name: string, path: string, headers: Headers, method: string, status: number][] = [
  ["without a token", "/mine", {}, "GET", 401],
  ["with a forged one", "/mine", { authorization: "Bearer e30.e30.e30" }, "GET", 401],
  ["with a wrong key", "/report", { "x-api-key": "guess" }, "POST", 403],
  ["that look for routes", "/nowhere", {}, "GET", 404],
  ["with another method", "/mine", {}, "DELETE", 405],
  ["from a page that is not allowed", "/mine", { origin: "https://evil.example" }, "GET", 403],
  ["for the description", "/openapi.json", {}, "GET", 200],
];

for (const [index, [name, path, headers, method, status]] of STRANGERS.entries()) {
  Deno.test(`M4: requests ${name} are counted by address`, async () => {
    await limited(async () => {
      const here = from(`10.1.0.${index}, 192.0.2.1`);
      const { statuses, last } = await ask(5, path, { ...headers, ...here }, method);
      assert.deepEqual(statuses, { [status]: 3, 429: 2 });
      assert.equal(last.headers.get("ratelimit-policy"), '"address";q=3;w=60');
      assert.equal(last.headers.get("retry-after"), "80");
      const elsewhere = await ask(1, path, { ...headers, ...from(`10.2.0.${index}, 192.0.2.1`) }, method);
      assert.deepEqual(elsewhere.statuses, { [status]: 1 });
    });
  });
}

Deno.test("M4: who is known is not refused because of an address, nor counted against it", async () => {
  await limited(async () => {
    const here = from("10.3.0.1");
    assert.deepEqual((await ask(4, "/mine", here)).statuses, { 401: 3, 429: 1 });
    assert.deepEqual((await ask(3, "/mine", { ...here, ...await user(somebody()) })).statuses, { 200: 3 });
    const key = { "x-api-key": BACKEND_KEY };
    assert.deepEqual((await ask(9, "/report", { ...here, ...key }, "POST")).statuses, { 200: 9 });
    const fresh = from("10.3.0.2");
    await ask(9, "/report", { ...fresh, ...key }, "POST");
    await ask(3, "/refused", { ...fresh, ...await user(somebody()) });
    assert.deepEqual((await ask(1, "/mine", fresh)).statuses, { 401: 1 });
  });
});

Deno.test("M4: what is our own fault counts for nobody", async () => {
  await limited(async () => {
    assert.deepEqual((await ask(9, "/broken", from("10.4.0.1"))).statuses, { 500: 9 });
  });
});

Deno.test("M4: the limits are 300 unless told, and what is no number is said in the log", async () => {
  await withEnv({ USER_REQUESTS_PER_MINUTE: undefined }, () =>
    withClock(async (pass) => {
      pass(120_000 - Date.now() % 60_000);
      assert.deepEqual((await ask(301, "/mine", await user(somebody()))).statuses, { 200: 300, 429: 1 });
    }));
  for (const wrong of ["many", "0", "-1", "1.5"]) {
    await withEnv({ USER_REQUESTS_PER_MINUTE: wrong }, async () => {
      const ana = await user(somebody());
      const lines = await captureLogs(async () => {
        assert.equal((await testApp().request("/test-api/mine", { headers: ana })).status, 503);
      });
      assert.match(lines[0], /USER_REQUESTS_PER_MINUTE is no whole number above 0/);
    });
  }
});
