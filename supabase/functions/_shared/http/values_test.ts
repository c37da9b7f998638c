import assert from "node:assert/strict";
import { Hono } from "hono";
import { amount } from "./amounts.ts";
import { toApiError } from "../database/errors.ts";
import { captureLogs } from "../../../../tests/support/functions.ts";
import { describe, log, mask } from "../log.ts";
import { applyRateLimit } from "./rate_limit.ts";
import { ApiError } from "./errors.ts";
import { pageBounds, PageQuery } from "./pagination.ts";

Deno.test("L1, I3: amounts are written with two places, exactly", () => {
  for (
    const [value, written] of [[0, "0.00"], [12.5, "12.50"], [0.1 + 0.2, "0.30"], [-3, "-3.00"], [
      9999999999.99,
      "9999999999.99",
    ]] as const
  ) {
    assert.equal(JSON.stringify({ a: amount(value) }), `{"a":${written}}`);
  }
});

Deno.test("M1: a limit is clamped by the number it is, and refused when it is none", () => {
  for (
    const [given, limit] of [["0", 1], ["-7", 1], ["1", 1], ["100", 100], ["101", 100], [
      "99999999999999999999",
      100,
    ]] as const
  ) {
    assert.equal(pageBounds(PageQuery.parse({ limit: given })).limit, limit, given);
  }
  assert.equal(pageBounds(PageQuery.parse({})).limit, 50);
  for (const given of ["abc", "1.5", "", "1e3", "NaN", "0x10", ["1", "2"]]) {
    assert.equal(PageQuery.safeParse({ limit: given }).success, false, String(given));
  }
  assert.equal(PageQuery.safeParse({ cursor: "' or 1=1" }).success, false);
});

Deno.test("a shard that is away is 503, and no other error of a router", () => {
  const away =
    'PL/Proxy function public.read_balance(1): [postgres] PQconnectPoll: connection to server at "127.0.0.1" failed';
  for (
    const [code, message, expected] of [
      ["XX000", away, 503],
      ["XX000", away.replace("PQconnectPoll", "PQconsumeInput"), 503],
      [
        "XX000",
        "PL/Proxy function public.f(1): Nested PL/Proxy calls to the same cluster are not supported.",
        500,
      ],
      ["XX000", "cache lookup failed", 500],
      ["22023", away, 500],
    ] as const
  ) {
    assert.equal(toApiError("read_balance", { code, message, status: 500 }).status, expected, message);
  }
});

Deno.test("a database that is away or busy is 503, anything else 500, and neither tells why", () => {
  const answers: [string, number, number][] = [
    ["40001", 500, 503],
    ["40P01", 500, 503],
    ["57014", 500, 503],
    ["57P01", 500, 503],
    ["08006", 500, 503],
    ["08P01", 503, 503],
    ["25006", 405, 503],
    ["53300", 500, 503],
    ["PGRST000", 503, 503],
    ["PGRST003", 504, 503],
    ["", 0, 503],
    ["", 502, 503],
    ["", 503, 503],
    ["", 504, 503],
    ["", 520, 503],
    ["", 500, 500],
    ["22023", 400, 500],
    ["23514", 400, 500],
    ["42501", 403, 500],
    ["P0001", 400, 500],
    ["PGRST202", 404, 500],
  ];
  for (const [code, status, expected] of answers) {
    const error = toApiError("reserve_credits", { code, status, message: 'table "credit_accounts"' });
    assert.equal(error.status, expected, code);
    assert.doesNotMatch(
      JSON.stringify([error.message, error.fields, error.headers]),
      /credit_accounts|reserve/,
    );
    assert.equal(error.headers["Retry-After"], expected === 503 ? "5" : undefined);
  }
});

Deno.test("M4: an allowed request is told where it stands, a refused one when to come back", async () => {
  const state = { rate_limit: 30, rate_remaining: 29, rate_window_seconds: 60, retry_after_seconds: null };
  const app = new Hono();
  app.get("/allowed", (c) => {
    applyRateLimit(c, "balance", { outcome: "ok", ...state });
    return c.body(null);
  });
  app.get("/uncounted", (c) => {
    applyRateLimit(c, "balance", {
      outcome: "ok",
      rate_limit: null,
      rate_remaining: null,
      rate_window_seconds: null,
      retry_after_seconds: null,
    });
    return c.body(null);
  });
  app.get("/refused", (c) => {
    applyRateLimit(c, "balance", {
      ...state,
      outcome: "rate_limited",
      rate_remaining: 0,
      retry_after_seconds: 12.2,
    });
    return c.body(null);
  });
  app.onError((error, c) => {
    assert.ok(error instanceof ApiError);
    return c.json(error.fields, error.status, error.headers);
  });
  const allowed = await app.request("/allowed");
  assert.equal(allowed.headers.get("ratelimit-policy"), '"balance";q=30;w=60');
  assert.equal(allowed.headers.get("ratelimit"), '"balance";r=29;t=60');
  assert.equal((await app.request("/uncounted")).headers.get("ratelimit"), null);
  const refused = await app.request("/refused");
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "13");
  assert.equal(refused.headers.get("ratelimit"), '"balance";r=0;t=13');
  assert.deepEqual(await refused.json(), { retry_after_seconds: 13 });
});

Deno.test("tokens, keys and addresses are masked wherever they turn up", async () => {
  const secrets = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "sb_secret_N7UND0UgjKTVK",
    "sk_live_51Habc",
    "whsec_abc123",
    "rk_test_1",
    "ana.b+c@example.co.uk",
    "Bearer abc.def",
  ];
  for (const secret of secrets) {
    const masked = mask(`before ${secret} after`);
    assert.equal(masked, "before [masked] after");
    const [line] = await captureLogs(() =>
      Promise.resolve(log("info", "x", { deep: [`before\n${secret}`] }))
    );
    assert.deepEqual(JSON.parse(line).deep, ["before\n[masked]"]);
  }
  const [line] = await captureLogs(() => Promise.resolve(log("info", "x", { text: "a".repeat(600) })));
  assert.equal(JSON.parse(line).text.length, 500);
  assert.equal(mask("0198a000-0000-7000-8000-000000000001"), "0198a000-0000-7000-8000-000000000001");
});

Deno.test("an error that quotes its input is described without its text", () => {
  const quoting = Object.assign(new Error('invalid input syntax for type uuid: "a prompt"'), {
    code: "22P02",
  });
  assert.deepEqual(describe(quoting), { name: "Error", code: "22P02" });
  assert.deepEqual(describe(new SyntaxError("Unexpected token in a prompt")), { name: "SyntaxError" });
  const outer = new Error("outer", { cause: new TypeError("inner") });
  assert.deepEqual(describe(outer), {
    name: "Error",
    message: "outer",
    cause: { name: "TypeError", message: "inner" },
  });
});
