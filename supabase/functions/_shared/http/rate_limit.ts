/**
 * Rate limits as HTTP tells them: `Retry-After`, and the `RateLimit` and `RateLimit-Policy` fields of the
 * IETF's draft-ietf-httpapi-ratelimit-headers.
 *
 * @module
 */
import type { Context } from "hono";
import { ApiError } from "./errors.ts";

/** What an RPC that checks a limit says about it. All null where a request was not counted. */
export interface RateLimitState {
  outcome: string | null;
  rate_limit: number | null;
  rate_remaining: number | null;
  rate_window_seconds: number | null;
  retry_after_seconds: number | null;
}

/**
 * Tells the caller where it stands with the limit called `policy`.
 *
 * @throws {ApiError} `rate_limited` when the limit was reached.
 */
export function applyRateLimit(c: Context, policy: string, state: RateLimitState): void {
  const refused = state.outcome === "rate_limited";
  const wait = Math.max(1, Math.ceil(state.retry_after_seconds ?? state.rate_window_seconds ?? 1));
  if (state.rate_limit !== null && state.rate_window_seconds !== null) {
    const remaining = refused ? 0 : state.rate_remaining ?? 0;
    const reset = refused ? wait : state.rate_window_seconds;
    c.header("RateLimit-Policy", `"${policy}";q=${state.rate_limit};w=${state.rate_window_seconds}`);
    c.header("RateLimit", `"${policy}";r=${remaining};t=${reset}`);
  }
  if (refused) {
    throw new ApiError("rate_limited", {
      fields: { retry_after_seconds: wait },
      headers: { "Retry-After": String(wait) },
    });
  }
}
