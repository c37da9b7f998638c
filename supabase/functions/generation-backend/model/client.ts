import ky, { HTTPError } from "ky";
import { readAtMost } from "../../_shared/bytes.ts";
import type { Usage } from "../usage.ts";
import type { ModelSettings } from "./settings.ts";

/** Attempts beyond the first when the endpoint is busy or broken. */
const RETRIES = 2;
/** A longer wait is not worth it: the job is tried again later. */
const LONGEST_WAIT_MS = 20_000;
/** What gateways answer when a model is still at work: it may be paid for, so it is not simply sent again. */
const STILL_AT_WORK = [504, 524];

/** A call that the model may have worked on, and from which nothing came back that can be read. */
export class Unanswered extends Error {}

/** What is done for one answer of this service. */
export interface Work {
  /** Ends it: the caller has gone, or the time is over. */
  signal: AbortSignal;
  usage: Usage;
}

/** One call of a model's. */
export interface Call {
  /** Below the endpoint's base address. */
  route: string;
  body: Record<string, unknown>;
  deadline: AbortSignal;
  /** The longest answer that is read, in bytes. */
  mostBytes: number;
  /** Called each time that the model may have worked. */
  onWork: () => void;
}

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

/** Azure takes a key in a header of its own, and only a token of its directory as a bearer. */
export function credentials({ hostname }: URL, key: string): Record<string, string> {
  return hostname.endsWith(".azure.com") && !key.startsWith("eyJ")
    ? { "api-key": key }
    : { Authorization: `Bearer ${key}` };
}

/**
 * Posts to the endpoint and resolves to the body of its answer. It tries again when the endpoint is busy or broken,
 * after as long as it says. Redirects are not followed: they would carry the prompt to wherever they point.
 *
 * @throws {HTTPError} for an answer other than success; its `data` is what was answered
 * @throws {Unanswered} when the answer broke off, is too long, or did not come in the gateway's time
 */
export async function post({ base, key }: ModelSettings, call: Call): Promise<string> {
  const { deadline, mostBytes, onWork } = call;
  const url = new URL(base);
  url.pathname += `/${call.route}`;
  const response = await ky.post(url, {
    json: call.body,
    headers: key ? credentials(url, key) : {},
    timeout: false,
    fetch: counted(call),
    // Spread, because the types that Deno 2.1 finds for it have neither.
    ...{ signal: deadline, redirect: "manual" },
    retry: {
      limit: RETRIES,
      methods: ["post"],
      statusCodes: [408, 425, 429, 500, 502, 503, 520, 522, 529],
      afterStatusCodes: [429, 503, 529],
      maxRetryAfter: LONGEST_WAIT_MS,
      shouldRetry: ({ error }) => error instanceof HTTPError && !waitsTooLong(error) ? undefined : false,
    },
  });
  onWork();
  try {
    return new TextDecoder().decode(await readAtMost(response.body, mostBytes));
  } catch (cause) {
    deadline.throwIfAborted();
    throw new Unanswered("the answer broke off or is too long", { cause });
  }
}

/** `fetch` that notices what may have to be paid for although no answer came of it. */
function counted({ deadline, onWork }: Call): typeof fetch {
  return async (...request) => {
    try {
      const response = await fetch(...request);
      if (!STILL_AT_WORK.includes(response.status)) return response;
      await response.body?.cancel();
    } catch (error) {
      if (deadline.aborted) onWork();
      throw error;
    }
    onWork();
    throw new Unanswered("the endpoint did not wait for its model");
  };
}
