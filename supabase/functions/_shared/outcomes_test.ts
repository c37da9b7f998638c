// Every outcome an RPC can return, and the answer a caller gets for it.
import assert from "node:assert/strict";
import { app as books } from "../book-api/app.ts";
import { app as credits } from "../credits-api/app.ts";
import { app as stories } from "../story-api/app.ts";
import type { Received } from "./testing.ts";
import { captureLogs, token, USER_ID, withEnv, withServer } from "./testing.ts";

const ID = "0198a000-0000-7000-8000-00000000000a";
const JOB = "0198a000-0000-7000-8000-00000000000b";
const LIMIT = { rate_limit: 5, rate_remaining: 4, rate_window_seconds: 60, retry_after_seconds: null };
const STORY = { prompt: "a shy dragon", age_min: 4, age_max: 7 };
const ADMISSION = {
  code: null,
  field: null,
  message: null,
  resource_id: ID,
  job_id: JOB,
  status: "queued",
  cost: 2.5,
  required: null,
  ...LIMIT,
};

interface Case {
  name: string;
  /** What the RPC returns, or the error the Data API answers with. */
  rpc: Record<string, unknown> | { error: string; status: number };
  ask: [app: typeof stories, method: string, path: string, body?: unknown];
  key?: boolean;
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

const CREATE: Case["ask"] = [stories, "POST", "/story-api/create", STORY];
const REPORT: Case["ask"] = [stories, "POST", `/story-api/jobs/${JOB}/progress`, { attempt: 1 }];
const STORY_DONE: Case["ask"] = [stories, "POST", `/story-api/jobs/${JOB}/complete`, {
  attempt: 1,
  title: "T",
  pages: [{ text: "x" }],
}];
const job = (outcome: string, status: string | null = "generating") => ({
  outcome,
  job_id: JOB,
  status,
  user_id: USER_ID,
  resource_id: ID,
});

const CASES: Case[] = [
  {
    name: "an accepted story",
    rpc: { outcome: "accepted", ...ADMISSION },
    ask: CREATE,
    status: 202,
    body: `{"story_id":"${ID}","job_id":"${JOB}","status":"queued","cost":2.50}`,
    headers: { ratelimit: '"story_create";r=4;t=60', "ratelimit-policy": '"story_create";q=5;w=60' },
  },
  {
    name: "a repeated request",
    rpc: { outcome: "already_accepted", ...ADMISSION, status: "ready", rate_limit: null },
    ask: CREATE,
    status: 202,
    body: `{"story_id":"${ID}","job_id":"${JOB}","status":"ready","cost":2.50}`,
  },
  {
    name: "M3: too few credits",
    rpc: {
      outcome: "insufficient_credits",
      ...ADMISSION,
      resource_id: null,
      job_id: null,
      required: 2.5,
      balance: 1.25,
    },
    ask: CREATE,
    status: 402,
    body: '{"code":"insufficient_credits","message":"Insufficient credits","required":2.50}',
  },
  {
    name: "M4: too many requests",
    rpc: { outcome: "rate_limited", ...ADMISSION, rate_remaining: 0, retry_after_seconds: 42 },
    ask: CREATE,
    status: 429,
    body: '{"code":"rate_limited","message":"Too many requests","retry_after_seconds":42}',
    headers: { "retry-after": "42", ratelimit: '"story_create";r=0;t=42' },
  },
  {
    name: "a key used for something else",
    rpc: { outcome: "idempotency_mismatch", ...ADMISSION },
    ask: CREATE,
    status: 422,
  },
  {
    name: "H4: a book without a page",
    rpc: {
      outcome: "invalid",
      ...ADMISSION,
      code: "invalid_field",
      field: "page_count",
      message: "Book must have at least one page",
    },
    ask: [books, "POST", "/book-api/generate", { story_id: ID, with_images: true }],
    status: 400,
    body: '{"code":"invalid_request","message":"Book must have at least one page","field":"page_count"}',
  },
  {
    name: "a book of somebody else's story",
    rpc: { outcome: "not_found", ...ADMISSION },
    ask: [books, "POST", "/book-api/generate", { story_id: ID, with_images: false }],
    status: 404,
  },
  {
    name: "a balance",
    rpc: { outcome: "ok", balance: 12.5, reserved: 0, ...LIMIT },
    ask: [credits, "GET", "/credits-api/balance"],
    status: 200,
    body: '{"balance":12.50,"reserved":0.00}',
  },
  {
    name: "too many balances",
    rpc: { outcome: "rate_limited", balance: null, reserved: null, ...LIMIT, retry_after_seconds: 7 },
    ask: [credits, "GET", "/credits-api/balance"],
    status: 429,
    headers: { "retry-after": "7" },
  },
  {
    name: "M2: usage without its metadata",
    rpc: {
      outcome: "ok",
      items: [{
        id: 7,
        job_id: JOB,
        job_type: "story",
        credits_used: 2.5,
        status: "confirmed",
        description: null,
        created_at: "2026-01-01T00:00:00Z",
        metadata: { prompt: "secret" },
      }],
      next_cursor: "c2",
      ...LIMIT,
    },
    ask: [credits, "GET", "/credits-api/usage?limit=1"],
    status: 200,
    body:
      `{"items":[{"id":7,"job_id":"${JOB}","job_type":"story","credits_used":2.50,"status":"confirmed","description":null,"created_at":"2026-01-01T00:00:00.000Z"}],"next_cursor":"c2"}`,
  },
  {
    name: "a forged cursor",
    rpc: { outcome: "invalid", items: null, next_cursor: null, ...LIMIT },
    ask: [credits, "GET", "/credits-api/usage?cursor=x"],
    status: 400,
  },
  {
    name: "an unknown pack",
    rpc: { outcome: "unknown_pack", ...LIMIT },
    ask: [credits, "POST", "/credits-api/checkout", { pack_id: ID, return_to: "https://talehop.com/x" }],
    status: 404,
  },
  {
    name: "a checkout that is open already",
    rpc: { outcome: "created", purchase_id: ID, checkout_url: "https://pay.example/1", ...LIMIT },
    ask: [credits, "POST", "/credits-api/checkout", { pack_id: ID, return_to: "https://talehop.com/x" }],
    status: 200,
    body: `{"url":"https://pay.example/1","purchase_id":"${ID}"}`,
  },
  {
    name: "a deleted story",
    rpc: { outcome: "deleted", pdf_paths: [] },
    ask: [stories, "DELETE", `/story-api/${ID}`],
    status: 200,
    body: '{"outcome":"deleted"}',
  },
  {
    name: "somebody else's story",
    rpc: { outcome: "not_found", pdf_paths: null },
    ask: [stories, "DELETE", `/story-api/${ID}`],
    status: 404,
  },
  {
    name: "a live attempt",
    rpc: job("alive"),
    ask: REPORT,
    key: true,
    status: 200,
    body: '{"outcome":"alive","status":"generating"}',
  },
  {
    name: "a late attempt",
    rpc: job("fenced"),
    ask: REPORT,
    key: true,
    status: 200,
    body: '{"outcome":"fenced","status":"generating"}',
  },
  { name: "an unknown job", rpc: job("not_found", null), ask: REPORT, key: true, status: 404 },
  {
    name: "a completed story",
    rpc: job("completed", "ready"),
    ask: STORY_DONE,
    key: true,
    status: 200,
    body: '{"outcome":"completed","status":"ready"}',
  },
  { name: "an unusable story", rpc: job("invalid"), ask: STORY_DONE, key: true, status: 400 },
  {
    name: "a failed job",
    rpc: job("failed", "failed"),
    ask: [books, "POST", `/book-api/jobs/${JOB}/fail`, { attempt: 1, code: "no_paper" }],
    key: true,
    status: 200,
  },
  {
    name: "a deadlock",
    rpc: { error: "40P01", status: 500 },
    ask: CREATE,
    status: 503,
    headers: { "retry-after": "5" },
  },
  {
    name: "a broken rule",
    rpc: { error: "23514", status: 400 },
    ask: CREATE,
    status: 500,
    body: '{"code":"internal","message":"Something went wrong on our side"}',
  },
  { name: "an outcome nobody knows", rpc: { outcome: "surprise", ...ADMISSION }, ask: CREATE, status: 500 },
  {
    name: "a broken promise",
    rpc: { outcome: "accepted", ...ADMISSION, cost: null },
    ask: CREATE,
    status: 500,
  },
];

function dataApi(rpc: Case["rpc"]) {
  return ({ path }: Received) => {
    if (path.includes("/rpc/claim_job")) return Response.json({ outcome: "none" });
    if (!("error" in rpc)) return Response.json(rpc);
    return Response.json({
      code: rpc.error,
      message: 'relation "credit_accounts"',
      details: null,
      hint: null,
    }, { status: Number(rpc.status) });
  };
}

for (
  const { name, rpc, ask: [app, method, path, body], key, status, body: expected, headers = {} } of CASES
) {
  Deno.test(`${name}: ${status}`, async () => {
    const auth: Record<string, string> = key
      ? { "x-api-key": "shared-one" }
      : { authorization: `Bearer ${await token()}` };
    const init = {
      method,
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...auth },
    };
    await captureLogs(() =>
      withServer(dataApi(rpc), (url) =>
        withEnv({ SUPABASE_URL: url }, async () => {
          const response = await app.request(path, init);
          const text = await response.text();
          assert.equal(response.status, status, text);
          if (expected !== undefined) assert.equal(text, expected);
          for (const [header, value] of Object.entries(headers)) {
            assert.equal(response.headers.get(header), value);
          }
        }))
    );
  });
}

Deno.test("an RPC is called with the secret key, for the user of the token, with the given key", async () => {
  let received: Received[] = [];
  await captureLogs(async () => {
    received = await withServer(
      dataApi({ outcome: "accepted", ...ADMISSION }),
      (url) =>
        withEnv({ SUPABASE_URL: url }, async () => {
          const headers = {
            authorization: `Bearer ${await token()}`,
            "content-type": "application/json",
            "idempotency-key": "click 1",
          };
          await stories.request("/story-api/create", {
            method: "POST",
            body: JSON.stringify(STORY),
            headers,
          });
        }),
    );
  });
  const [first] = received;
  assert.equal(first.path, "/rest/v1/rpc/create_story");
  assert.equal(first.headers.get("apikey"), "sb_secret_test");
  assert.deepEqual(JSON.parse(first.body), {
    p_user_id: USER_ID,
    p_request: STORY,
    p_idempotency_key: "click 1",
  });
});
