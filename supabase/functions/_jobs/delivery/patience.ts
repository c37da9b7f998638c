/**
 * Trying again while the database or the storage is away.
 *
 * @module
 */
import pRetry from "p-retry";
import { ApiError } from "../../_shared/http/errors.ts";

/** Tries again for a few seconds: what is to be stored is paid work. @throws {ApiError} when that was not enough. */
export function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  return pRetry(attempt, {
    retries: 4,
    minTimeout: 250,
    shouldRetry: ({ error }) => error instanceof ApiError && error.code === "temporarily_unavailable",
  });
}
