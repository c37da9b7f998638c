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
  const { rate_limit: limit, rate_window_seconds: seconds } = state;
  if (limit !== null && seconds !== null) {
    const [remaining, reset] = refused ? [0, wait] : [state.rate_remaining ?? 0, seconds];
    tell(c, { policy, limit, seconds, remaining, reset });
  }
  if (refused) throw rateLimited(wait);
}

/** Where a caller stands with a policy; times are seconds. */
interface Standing {
  policy: string;
  limit: number;
  seconds: number;
  remaining: number;
  reset: number;
}

/** Writes the two fields that say so. */
export function tell(c: Context, { policy, limit, seconds, remaining, reset }: Standing): void {
  c.header("RateLimit-Policy", `"${policy}";q=${limit};w=${seconds}`);
  c.header("RateLimit", `"${policy}";r=${remaining};t=${reset}`);
}

/** 429, to be tried again in `wait` seconds. */
export function rateLimited(wait: number): ApiError {
  return new ApiError("rate_limited", {
    fields: { retry_after_seconds: wait },
    headers: { "Retry-After": String(wait) },
  });
}
