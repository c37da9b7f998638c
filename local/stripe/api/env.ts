import type { Context } from "hono";
import type { RequestOf } from "../objects/event.ts";

/** What the middlewares leave for the handlers. */
export interface ApiEnv {
  Variables: { requestId: string };
}

/** How an event names the API request behind it. */
export function requestOf(c: Context<ApiEnv>): RequestOf {
  return { id: c.var.requestId, idempotency_key: c.req.header("idempotency-key") ?? null };
}
