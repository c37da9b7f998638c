/**
 * The one switch from a database's error to an HTTP answer.
 *
 * Business outcomes never come this way: the RPCs return them. What is left is the database being away or
 * busy (503, try again), the user being gone (401) and bugs (500). No text of the database's reaches a caller.
 *
 * @module
 */
import { ApiError, unauthorized, unavailable } from "../http/errors.ts";

/** As supabase-js reports it: an SQLSTATE or a `PGRST` code, and the HTTP status (0: no connection). */
export interface DatabaseFailure {
  code?: string;
  message: string;
  status: number;
}

/** SQLSTATEs of a database that is away, overloaded, a replica not yet promoted, or lost a race it may win the next time. */
const PASSING = /^(?:08|25006|53|57P|57014|40001|40P01|55P03|PGRST00)/;

/** What a router says of a shard that is away: PL/Proxy has one code for all that can happen to it. */
const SHARD_AWAY = /^PL\/Proxy function .*: (?:\[\w+\] )?PQ\w+:/;

/** What the database raises for a user whom Auth no longer knows, or has banned, whatever their token says. */
const GONE = "PT401";

/** A database error with its code, for the log. */
export class DatabaseError extends Error {
  constructor(readonly operation: string, readonly code: string, message: string) {
    super(`${operation}: ${message}`);
    this.name = "DatabaseError";
  }
}

/** The answer to a failed `operation` (an RPC's or a table's name). */
export function toApiError(operation: string, failure: DatabaseFailure): ApiError {
  const code = failure.code ?? "";
  // Without a code the text is whatever stands between here and the database; only fetch's own is ours to log.
  const message = code === "" && failure.status !== 0 ? `HTTP ${failure.status}` : failure.message;
  const cause = new DatabaseError(operation, code, message);
  if (code === GONE) return unauthorized(cause);
  if (PASSING.test(code) || (code === "XX000" && SHARD_AWAY.test(failure.message))) return unavailable(cause);
  // A gateway between here and the database speaks no SQLSTATE; it may have codes of its own.
  if ([0, 502, 503, 504, 520].includes(failure.status)) return unavailable(cause);
  return new ApiError("internal", { cause });
}
