/**
 * Who may call a route, and what counts it: every route spreads one of `forUser`, `forBackend`, `forScheduler`, `forStripe`
 * and `forAnyone` into `createRoute`.
 *
 * `x-callers` and `x-limits` in `openapi.json` say it to readers, and to the test of the table in `docs/security.md`.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { countStranger } from "./coarse_limit.ts";
import type { AppEnv } from "./context.ts";

/** What a route's description says. */
export interface Callers {
  "x-callers": "user" | "backend" | "scheduler" | "stripe" | "anyone";
  /** Policies that count whoever is let through; who is not let through is counted by `address`. */
  "x-limits": string[];
  middleware: MiddlewareHandler<AppEnv>[];
}

/** For anybody, counted by address. */
export function forAnyone(): Callers {
  const middleware: MiddlewareHandler<AppEnv> = async (c, next) => {
    countStranger(c);
    await next();
  };
  return { "x-callers": "anyone", "x-limits": ["address"], middleware: [middleware] };
}
