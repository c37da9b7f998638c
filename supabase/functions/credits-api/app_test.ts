// Every outcome of credits-api's RPCs, and the answer a caller gets for it.
import assert from "node:assert/strict";
import { USER_ID } from "../../../tests/support/functions.ts";
import { expectOutcome, ID, JOB, LIMIT } from "../../../tests/support/outcomes.ts";
import { app } from "./app.ts";

const ORDER = { pack_id: ID, return_to: "https://talehop.com/shop" };

Deno.test("L1, I3: a balance has two places", async () => {
  await expectOutcome({
    app,
    ask: "GET /credits-api/balance",
    rpc: { ...LIMIT, outcome: "ok", balance: 12.5, reserved: 0, debt: 3 },
    status: 200,
    body: '{"balance":12.50,"reserved":0.00,"debt":3.00}',
    answered: { ratelimit: '"balance";r=4;t=60' },
  });
});

Deno.test("M4: asking too often is 429", async () => {
  const rpc = {
    ...LIMIT,
    outcome: "rate_limited",
    balance: null,
    reserved: null,
    items: null,
    retry_after_seconds: 7,
  };
  for (
    const path of ["balance", "usage", "estimate?action=story&units=8", "usage/summary", "usage.csv"]
  ) {
    await expectOutcome({
      app,
      ask: `GET /credits-api/${path}`,
      rpc,
      status: 429,
      answered: { "retry-after": "7" },
    });
  }
  await expectOutcome({ app, ask: "POST /credits-api/checkout", send: ORDER, rpc, status: 429 });
});

Deno.test("M2: usage leaves the metadata behind", async () => {
  const item = {
    id: ID,
    job_id: JOB,
    job_type: "story",
    credits_used: 2.5,
    refunded_amount: 0.5,
    status: "confirmed",
    description: null,
  };
  await expectOutcome({
    app,
    ask: "GET /credits-api/usage?limit=1",
    rpc: {
      ...LIMIT,
      outcome: "ok",
      items: [{ ...item, created_at: "2026-01-01T00:00:00+00:00", metadata: { prompt: "secret" } }],
      next_cursor: JOB,
    },
    status: 200,
    body:
      `{"items":[{"id":"${ID}","job_id":"${JOB}","job_type":"story","credits_used":2.50,"refunded_amount":0.50,"status":"confirmed",` +
      `"description":null,"created_at":"2026-01-01T00:00:00.000Z"}],"next_cursor":"${JOB}"}`,
  });
});

Deno.test("a cursor that the database does not take is 400, an unknown pack 404", async () => {
  const invalid = { ...LIMIT, outcome: "invalid", items: null, next_cursor: null };
  await expectOutcome({
    app,
    ask: "GET /credits-api/usage?cursor=x",
    rpc: invalid,
    status: 400,
    body: '{"code":"invalid_request","message":"cursor: Must come from next_cursor","field":"cursor"}',
  });
  const unknown = { ...LIMIT, outcome: "unknown_pack" };
  await expectOutcome({ app, ask: "POST /credits-api/checkout", send: ORDER, rpc: unknown, status: 404 });
});

Deno.test("whose token the database does not take, and who is gone, is 401", async () => {
  const answered = { "www-authenticate": "Bearer" };
  for (const error of ["PGRST301", "PGRST302", "PGRST303"]) {
    const rows = { error, status: 401 };
    await expectOutcome({ app, ask: "GET /credits-api/pricing", rows, rpc: {}, status: 401, answered });
  }
  // What Postgres raises, and PostgREST answers with 401.
  const rpc = { error: "PT401", status: 401 };
  for (const ask of ["GET /credits-api/balance", "GET /credits-api/usage", "POST /credits-api/checkout"]) {
    const send = ask.startsWith("POST") ? ORDER : undefined;
    await expectOutcome({ app, ask, send, rpc, status: 401, answered });
  }
});

Deno.test("a table that cannot be read is an error and no empty list", async () => {
  const failures: [error: string, answered: number, status: number][] = [
    ["", 502, 503],
    ["", 503, 503],
    ["", 504, 503],
    ["57014", 500, 503],
    ["42P01", 404, 500],
    ["PGRST301", 401, 401],
  ];
  for (const [error, answered, status] of failures) {
    const rows = { error, status: answered };
    const asked = await expectOutcome({ app, ask: "GET /credits-api/packs", rpc: {}, rows, status });
    assert.equal(asked.length, 1, "a database that refuses is not asked again at once");
  }
});

const ESTIMATE = "GET /credits-api/estimate?action=chat&usage=token:2.5,image:1&model=m";

Deno.test("an estimate is what the card says, and what no rate fits is refused", async () => {
  const rpc = { ...LIMIT, outcome: "ok", version: 3, cost: 1.5, over_hold: "cap", message: null };
  const [asked] = await expectOutcome({
    app,
    ask: ESTIMATE,
    rpc,
    status: 200,
    body: '{"action":"chat","cost":1.50,"card_version":3,"over_hold":"cap"}',
    answered: { ratelimit: '"estimate";r=4;t=60' },
  });
  assert.deepEqual(JSON.parse(asked.body), {
    p_user_id: USER_ID,
    p_action: "chat",
    p_usage: [{ meter: "token", quantity: 2.5, model: "m" }, { meter: "image", quantity: 1, model: "m" }],
  });
  const [units] = await expectOutcome({
    app,
    ask: "GET /credits-api/estimate?action=story&units=8",
    rpc: { ...rpc, version: null, over_hold: null },
    status: 200,
    body: '{"action":"story","cost":1.50,"card_version":null,"over_hold":null}',
  });
  assert.deepEqual(JSON.parse(units.body), { p_user_id: USER_ID, p_action: "story", p_units: 8 });
  const no = { ...rpc, cost: null };
  await expectOutcome({ app, ask: ESTIMATE, rpc: { ...no, outcome: "not_offered" }, status: 404 });
  await expectOutcome({
    app,
    ask: ESTIMATE,
    rpc: { ...no, outcome: "no_rate", message: "image" },
    status: 422,
  });
  await expectOutcome({ app, ask: ESTIMATE, rpc: { ...no, outcome: "invalid" }, status: 400 });
  for (const units of ["0", "1001", "1.5", "x"]) {
    await expectOutcome({
      app,
      ask: `GET /credits-api/estimate?action=story&units=${units}`,
      rpc,
      status: 400,
    });
  }
  for (const usage of ["", "token", "token:", "token:-1", "token:1,", "Token:1", "token:0.0000001"]) {
    await expectOutcome({
      app,
      ask: `GET /credits-api/estimate?action=chat&usage=${usage}`,
      rpc,
      status: 400,
    });
  }
});

Deno.test("usage comes as CSV, page after page, with nothing that a spreadsheet runs", async () => {
  const line = { job_id: JOB, settled_at: "2030-01-01T12:00:00Z", action: "chat", cost: "0.5" };
  const pages = [
    { ...LIMIT, outcome: "ok", items: [{ ...line, model: "=HYPERLINK(1)" }], next_cursor: "one" },
    { outcome: "ok", items: [], next_cursor: "two" },
    { outcome: "ok", items: [{ ...line, model: "m,n" }], next_cursor: null },
  ];
  const asked = await expectOutcome({
    app,
    ask: "GET /credits-api/usage.csv",
    rpc: () => pages.shift() ?? {},
    status: 200,
    body: [
      "settled_at,job_id,action,meter,quantity,unit,model,size,unit_price,per,card_version,cost,job_charged,job_refunded",
      `2030-01-01T12:00:00Z,${JOB},chat,,,,'=HYPERLINK(1),,,,,0.5,,`,
      `2030-01-01T12:00:00Z,${JOB},chat,,,,"m,n",,,,,0.5,,`,
      "",
    ].join("\n"),
    answered: { "content-type": "text/csv; charset=utf-8", ratelimit: '"usage_csv";r=4;t=60' },
  });
  assert.deepEqual(asked.map(({ body }) => JSON.parse(body).p_cursor), [undefined, "one", "two"]);
});
