/**
 * Runs one request against a function whose database answers as told.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { App } from "../../supabase/functions/_shared/http/app.ts";
import { BACKEND_KEY, captureLogs, type Received, token, withEnv, withServer } from "./functions.ts";

/** Ids that the stand-in's answers carry. */
export const ID = "0198a000-0000-7000-8000-00000000000a";
export const JOB = "0198a000-0000-7000-8000-00000000000b";

/** Where a caller stands with a rate limit, as an RPC says it. */
export const LIMIT = { rate_limit: 5, rate_remaining: 4, rate_window_seconds: 60, retry_after_seconds: null };

/** What an admission returns beside its outcome. */
export const ADMISSION = {
  ...LIMIT,
  ...{ code: null, field: null, message: null, resource_id: ID, job_id: JOB },
  ...{ status: "queued", cost: 2.5, required: null },
};

/** What is asked, as whom, what the RPC returns, and what the caller must be answered. */
export interface Outcome {
  app: App;
  /** Method and path. */
  ask: string;
  send?: unknown;
  /** The RPC's result, or each of its results; an `error` is what the Data API answers with instead. */
  rpc: Record<string, unknown> | { error: string; status: number } | (() => Record<string, unknown>);
  /** The rows that tables hold, none by default, or how they cannot be read. */
  rows?: Record<string, unknown>[] | { error: string; status: number };
  /** Whether the generation backend asks; otherwise a user. */
  backend?: boolean;
  headers?: Record<string, string>;
  status: number;
  /** The exact body. */
  body?: string;
  answered?: Record<string, string>;
}

/** Checks `outcome` and returns what the database was asked. */
export async function expectOutcome(outcome: Outcome): Promise<Received[]> {
  const [method, path] = outcome.ask.split(" ");
  let received: Received[] = [];
  await captureLogs(async () => {
    received = await withServer(dataApi(outcome), (url) =>
      withEnv({ SUPABASE_URL: url }, async () => {
        const who: Record<string, string> = outcome.backend
          ? { "x-api-key": BACKEND_KEY }
          : { authorization: `Bearer ${await token()}` };
        const headers = { "content-type": "application/json", ...who, ...outcome.headers };
        const response = await outcome.app.request(path, {
          method,
          headers,
          body: JSON.stringify(outcome.send),
        });
        const text = await response.text();
        assert.equal(response.status, outcome.status, text);
        if (outcome.body !== undefined) assert.equal(text, outcome.body);
        for (const [name, value] of Object.entries(outcome.answered ?? {})) {
          assert.equal(response.headers.get(name), value);
        }
      }));
  });
  return received;
}

function dataApi({ rpc, rows = [] }: Outcome) {
  return ({ path }: Received) => {
    if (path.includes("/rpc/claim_job")) return Response.json({ outcome: "none" });
    const result = typeof rpc === "function" ? rpc() : rpc;
    const answer = path.includes("/rpc/") ? result : rows;
    if (!("error" in answer)) return Response.json(answer);
    const problem = { code: answer.error, message: 'relation "credit_accounts"', details: null, hint: null };
    return Response.json(problem, { status: Number(answer.status) });
  };
}
