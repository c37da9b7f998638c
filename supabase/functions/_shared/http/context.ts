/**
 * What a request carries through middleware and handlers.
 *
 * @module
 */
import type { Context } from "hono";

/** A signed-in user, as the verified token says. */
export interface User {
  /** `auth.users.id` */
  id: string;
  /** The user's own access token, for reads under row security. */
  token: string;
}

/** Context variables of every function's app. */
export interface AppEnv {
  Variables: {
    requestId: string;
    /** Set by `requireUser`; read it through {@linkcode caller}. */
    user?: User;
    /** Whether a coarse limit counted this request, or none is to. */
    isCounted?: boolean;
    /** The job that is worked on, for the log line. */
    jobId?: string;
    /** The business outcome, for the log line. */
    outcome?: string;
    /** Why an answer of 500 or above was given, for the log line. */
    cause?: unknown;
  };
}

/** The signed-in user of a route that has `requireUser`. */
export function caller(c: Context<AppEnv>): User {
  const user = c.get("user");
  if (user === undefined) throw new Error("this route does not ask who is calling");
  return user;
}
