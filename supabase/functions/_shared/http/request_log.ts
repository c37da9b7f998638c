/**
 * One log line a request: who, what, how it ended, how long it took. Never what was said: no query string,
 * body, header or address.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { AppEnv } from "./context.ts";
import { describe, log } from "../log.ts";
import { readableRoute } from "./schemas.ts";

/** Logs every request of the function called `name` once it is answered. */
export function logRequests(name: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const start = performance.now();
    await next();
    const status = c.res.status;
    const cause = c.get("cause");
    log(status >= 500 ? "error" : "info", "request", {
      request_id: c.get("requestId"),
      function: name,
      method: c.req.method,
      route: readableRoute(routePath(c, -1)),
      status,
      outcome: c.get("outcome"),
      user_id: c.get("user")?.id,
      job_id: c.get("jobId"),
      duration_ms: Math.round((performance.now() - start) * 10) / 10,
      ...(cause === undefined ? {} : { cause: describe(cause) }),
    });
  };
}
