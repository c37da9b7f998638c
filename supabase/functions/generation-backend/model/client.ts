import ky, { HTTPError, type KyInstance } from "ky";
import type { ModelSettings } from "./settings.ts";

/** Attempts beyond the first when the endpoint is busy or broken. */
const RETRIES = 2;
/** A `Retry-After` longer than this is not worth waiting for: the job is tried again later. */
const LONGEST_WAIT_MS = 20_000;

function waitsTooLong(error: Error): boolean {
  const after = error instanceof HTTPError ? error.response.headers.get("Retry-After") : null;
  if (after === null) return false;
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return wait > LONGEST_WAIT_MS;
}

/**
 * A client for an OpenAI-compatible endpoint. It tries again on 429 and 5xx, after as long as `Retry-After` says, and
 * gives up when an answer takes longer than the settings allow.
 */
export function clientFor({ baseUrl, key, timeoutMs }: ModelSettings, signal: AbortSignal): KyInstance {
  return ky.create({
    baseUrl: `${baseUrl}/`,
    headers: key ? { Authorization: `Bearer ${key}` } : {},
    timeout: timeoutMs,
    signal,
    retry: {
      limit: RETRIES,
      methods: ["post"],
      statusCodes: [408, 429, 500, 502, 503, 504],
      afterStatusCodes: [429, 503],
      shouldRetry: ({ error }) => waitsTooLong(error) ? false : undefined,
      retryOnTimeout: false,
    },
  });
}
