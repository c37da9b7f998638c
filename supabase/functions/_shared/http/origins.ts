/**
 * The origin allowlist (M7): which browsers' pages may call the functions.
 *
 * A listed origin is echoed. An unlisted one gets no allow-origin header and, unless it is only asking
 * (preflight), is refused. A request without an origin comes from a server and goes on to authentication.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { derived, listed } from "../env.ts";
import { log } from "../log.ts";
import { ApiError } from "./errors.ts";

/** What supabase-js sends (its own `SUPABASE_HEADERS` and `x-region`), then what this API reads. */
export const ALLOWED_HEADERS = [
  "authorization",
  "x-client-info",
  "apikey",
  "content-type",
  "x-retry-count",
  "traceparent",
  "tracestate",
  "baggage",
  "x-region",
  "x-supabase-api-version",
  "idempotency-key",
  "x-request-id",
];

/** Headers a page's script may read from an answer. */
export const EXPOSED_HEADERS = [
  "x-request-id",
  "retry-after",
  "ratelimit",
  "ratelimit-policy",
  "content-disposition",
];

/** Whether `ALLOWED_ORIGINS` lists `origin`: exact matches only, and nobody's where it is unset. */
export function isAllowedOrigin(origin: string): boolean {
  return allowed().has(origin);
}

const allowed = derived("ALLOWED_ORIGINS", (text) => new Set(listed(text).flatMap(plainOrigin)));

/**
 * `entry` as browsers write origins, without a slash at its end. Anything else is said in the log and allows nobody: not
 * `*`, and not `null`, which is the origin of every sandboxed page.
 */
function plainOrigin(entry: string): string[] {
  const url = URL.parse(entry);
  if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return [url.origin];
  log("warn", "origin_ignored", { entry });
  return [];
}

const answerPreflight = cors({
  origin: (origin) => isAllowedOrigin(origin) ? origin : null,
  allowMethods: ["GET", "POST", "DELETE", "OPTIONS"],
  allowHeaders: ALLOWED_HEADERS,
  exposeHeaders: EXPOSED_HEADERS,
  maxAge: 600,
});

/**
 * Answers preflights and marks answers for the pages that may read them. Marked before they are made: hono's own way, after
 * that, makes each answer anew, as a stream.
 */
export const shareWithOrigins: MiddlewareHandler = (c, next) => {
  const origin = c.req.header("origin");
  if (c.req.method === "OPTIONS") return answerPreflight(c, next);
  c.header("Vary", "Origin");
  c.header("Access-Control-Expose-Headers", EXPOSED);
  if (origin !== undefined && isAllowedOrigin(origin)) c.header("Access-Control-Allow-Origin", origin);
  return next() as Promise<undefined>;
};

const EXPOSED = EXPOSED_HEADERS.join(",");

/** Refuses every request that names an origin outside the list. */
export const refuseOtherOrigins: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (origin !== undefined && !isAllowedOrigin(origin)) throw new ApiError("origin_not_allowed");
  await next();
};
