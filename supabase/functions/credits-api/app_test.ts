// Every outcome of credits-api's RPCs, and the answer a caller gets for it.
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
  for (const path of ["balance", "usage"]) {
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
    // supabase-js itself tries a 503 and a 520 again, for seconds.
    ["", 502, 503],
    ["", 504, 503],
    ["57014", 500, 503],
    ["42P01", 404, 500],
    ["PGRST301", 401, 401],
  ];
  for (const [error, answered, status] of failures) {
    const rows = { error, status: answered };
    await expectOutcome({ app, ask: "GET /credits-api/packs", rpc: {}, rows, status });
  }
});
