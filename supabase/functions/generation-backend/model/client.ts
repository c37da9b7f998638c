import ky, { HTTPError } from "ky";
import type { ModelSettings } from "./settings.ts";

/** Attempts beyond the first when the endpoint is busy or broken. */
const RETRIES = 2;
/** A longer wait is not worth it: the job is tried again later. */
const LONGEST_WAIT_MS = 20_000;

function waitsTooLong(error: Error): boolean {
  const after = error instanceof HTTPError ? error.response.headers.get("Retry-After") : null;
  if (after === null) return false;
  const seconds = Number.parseFloat(after);
  const wait = Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000;
  return wait > LONGEST_WAIT_MS;
}

/** When whatever is done for one answer has to be over, its last byte included. */
export function deadlineOf({ timeoutMs }: ModelSettings, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/**
 * Posts `body` to the endpoint's `route`. It tries again when the endpoint is busy or broken, after as long as it says.
 *
 * @throws {HTTPError} for an answer other than success; its `data` is what was answered
 */
export async function post(
  { base, key }: ModelSettings,
  route: string,
  body: Record<string, unknown>,
  deadline: AbortSignal,
): Promise<Response> {
  const url = new URL(base);
  url.pathname += `/${route}`;
  return await ky.post(url, {
    json: body,
    headers: key ? { Authorization: `Bearer ${key}` } : {},
    timeout: false,
    // Spread, because the types that Deno 2.1 finds for it have no signal.
    ...{ signal: deadline },
    retry: {
      limit: RETRIES,
      methods: ["post"],
      statusCodes: [408, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529],
      afterStatusCodes: [429, 503, 529],
      maxRetryAfter: LONGEST_WAIT_MS,
      shouldRetry: ({ error }) => waitsTooLong(error) ? false : undefined,
    },
  });
}
