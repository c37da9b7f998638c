// Every outcome of an admission, and the answer a caller gets for it.
import assert from "node:assert/strict";
import { app as books } from "../../book-api/app.ts";
import { app as stories } from "../../story-api/app.ts";
import { USER_ID } from "../../../../tests/support/functions.ts";
import { ADMISSION, expectOutcome, ID, JOB } from "../../../../tests/support/outcomes.ts";

const STORY = { prompt: "a shy dragon", age_min: 4, age_max: 7 };
const CREATE = { app: stories, ask: "POST /story-api/create", send: STORY };
const GENERATE = { app: books, ask: "POST /book-api/generate", send: { story_id: ID, with_images: true } };

Deno.test("an accepted story is 202 with ids, cost and what is left of the limit", async () => {
  await expectOutcome({
    ...CREATE,
    rpc: { ...ADMISSION, outcome: "accepted" },
    status: 202,
    body:
      `{"story_id":"${ID}","job_id":"${JOB}","status":"queued","cost":2.50,"bookable":true,"book_refusal":null}`,
    answered: { ratelimit: '"story_create";r=4;t=60', "ratelimit-policy": '"story_create";q=5;w=60' },
  });
});

Deno.test("an accepted story of which no book can be made says so, and why", async () => {
  const message = "No book can show the letter “美”";
  await expectOutcome({
    ...CREATE,
    rpc: { ...ADMISSION, outcome: "accepted", message },
    status: 202,
    body:
      `{"story_id":"${ID}","job_id":"${JOB}","status":"queued","cost":2.50,"bookable":false,"book_refusal":"${message}"}`,
  });
});

Deno.test("a repeated request is 202 with the same job as it is now", async () => {
  await expectOutcome({
    ...GENERATE,
    rpc: { ...ADMISSION, outcome: "already_accepted", status: "ready", rate_limit: null },
    status: 202,
    body: `{"book_id":"${ID}","job_id":"${JOB}","status":"ready","cost":2.50}`,
  });
});

Deno.test("M3: too few credits is 402 and says what is required, never what there is", async () => {
  await expectOutcome({
    ...CREATE,
    rpc: { ...ADMISSION, outcome: "insufficient_credits", required: 2.5, balance: 1.25 },
    status: 402,
    body: '{"code":"insufficient_credits","message":"Insufficient credits","required":2.50}',
  });
});

Deno.test("M4: too many requests is 429 and says when to come back", async () => {
  await expectOutcome({
    ...CREATE,
    rpc: { ...ADMISSION, outcome: "rate_limited", rate_remaining: 0, retry_after_seconds: 42 },
    status: 429,
    body: '{"code":"rate_limited","message":"Too many requests","retry_after_seconds":42}',
    answered: { "retry-after": "42", ratelimit: '"story_create";r=0;t=42' },
  });
});

Deno.test("V1: too much unpaid work, or too many jobs at once, is 429 and says when to come back", async () => {
  for (
    const [outcome, message] of [
      ["unpaid_work", "Too much work was begun and not paid for"],
      ["unfinished_work", "Too many jobs are under way"],
    ]
  ) {
    await expectOutcome({
      ...CREATE,
      rpc: { ...ADMISSION, outcome, retry_after_seconds: 3600 },
      status: 429,
      body: `{"code":"${outcome}","message":"${message}","retry_after_seconds":3600}`,
      answered: { "retry-after": "3600" },
    });
  }
});

Deno.test("H4: a book without a page is 400 in Postgres' words", async () => {
  const reason = { code: "invalid_field", field: "page_count", message: "Book must have at least one page" };
  await expectOutcome({
    ...GENERATE,
    rpc: { ...ADMISSION, outcome: "invalid", ...reason },
    status: 400,
    body: '{"code":"invalid_request","message":"Book must have at least one page","field":"page_count"}',
  });
});

Deno.test("what is not offered is 422", async () => {
  await expectOutcome({
    ...GENERATE,
    rpc: { ...ADMISSION, outcome: "not_offered" },
    status: 422,
    body: '{"code":"not_offered","message":"This is not offered here"}',
  });
});

Deno.test("a story that is not ready is 400 with a code of its own", async () => {
  const reason = { code: "story_not_ready", field: "story_id", message: "Story is not ready" };
  await expectOutcome({
    ...GENERATE,
    rpc: { ...ADMISSION, outcome: "invalid", ...reason },
    status: 400,
    body: '{"code":"story_not_ready","message":"Story is not ready","field":"story_id"}',
  });
});

Deno.test("a key used for something else is 422, somebody else's story 404", async () => {
  await expectOutcome({ ...CREATE, rpc: { ...ADMISSION, outcome: "idempotency_mismatch" }, status: 422 });
  await expectOutcome({ ...GENERATE, rpc: { ...ADMISSION, outcome: "not_found" }, status: 404 });
});

Deno.test("what the database should never say is 500 and tells nothing", async () => {
  const body = '{"code":"internal","message":"Something went wrong on our side"}';
  const broken = [
    { ...ADMISSION, outcome: "surprise" },
    { ...ADMISSION, outcome: "accepted", cost: null },
    { error: "23514", status: 400 },
  ];
  for (const rpc of broken) await expectOutcome({ ...CREATE, rpc, status: 500, body });
});

Deno.test("a deadlock is 503 and worth another try", async () => {
  const rpc = { error: "40P01", status: 500 };
  await expectOutcome({ ...CREATE, rpc, status: 503, answered: { "retry-after": "5" } });
});

Deno.test("the RPC is called with the secret key, for the token's user, under the given key", async () => {
  const headers = { "idempotency-key": "click 1" };
  const [first] = await expectOutcome({
    ...CREATE,
    headers,
    rpc: { ...ADMISSION, outcome: "accepted" },
    status: 202,
  });
  assert.equal(first.path, "/rest/v1/rpc/create_story");
  assert.equal(first.headers.get("apikey"), "sb_secret_test");
  assert.deepEqual(JSON.parse(first.body), {
    p_user_id: USER_ID,
    p_request: STORY,
    p_idempotency_key: "click 1",
  });
});
