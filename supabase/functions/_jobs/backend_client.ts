/**
 * The generation backend as seen from here: one request for one attempt at a job, and what its answer means.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { backendKey } from "../_shared/auth/keys.ts";
import { type Bytes, readAtMost as bytesOf } from "../_shared/bytes.ts";
import { notConfigured, optional, required } from "../_shared/env.ts";
import type { Claim } from "./product.ts";
import { noteUsage } from "./usage.ts";

/** An attempt that produced nothing. `code` ends up on what was ordered when no retry helps. */
export class GenerationFailure extends Error {
  constructor(readonly code: string, readonly retryable: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GenerationFailure";
  }
}

const LOOPBACK = /^(?:127(?:\.\d+){3}|\[::1\]|localhost)$/;

/**
 * Where the generation backend is: the built-in one, unless another is set. The secret travels there, and so unencrypted
 * only within one machine.
 *
 * @throws {ApiError} `not_configured` when it is no such address.
 */
export function backendAddress(): string {
  const own = optional("GENERATION_BACKEND_URL");
  if (own === undefined) return `${required("SUPABASE_URL")}/functions/v1/generation-backend`;
  const url = URL.parse(own);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname))) return own;
  throw notConfigured("GENERATION_BACKEND_URL is neither https nor on this machine");
}

/** Client errors that are about this deployment or the moment, not about the request. */
const PASSING_STATUS = [401, 403, 404, 405, 408, 425, 429];

/**
 * Asks at `path` for what `claim` is about; `later` promises a callback.
 *
 * @throws {GenerationFailure} when the backend refuses or cannot be reached.
 */
export async function generate(path: string, claim: Claim, signal: AbortSignal): Promise<Response | "later"> {
  const response = await send(path, claim, signal);
  await noteUsage({ p_job_id: claim.job_id, p_attempt: claim.attempt }, response.headers);
  if (response.status === 202) {
    await response.body?.cancel();
    return "later";
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function send(path: string, claim: Claim, signal: AbortSignal): Promise<Response> {
  const request = claim.request as Record<string, unknown>;
  try {
    return await fetch(`${backendAddress()}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": backendKey(),
        "x-user-id": claim.user_id,
        "x-request-id": claim.job_id,
      },
      body: JSON.stringify({ job_id: claim.job_id, attempt: claim.attempt, ...request }),
      // A redirect would carry the key to wherever it points.
      redirect: "error",
      signal,
    });
  } catch (cause) {
    throw gaveNothing("the backend could not be reached", cause);
  }
}

const Problem = z.object({ code: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/) });

async function refusal(response: Response): Promise<GenerationFailure> {
  const { status } = response;
  // The status alone decides; without a body that can be read, the refusal has no code of its own.
  const bytes = await readAtMost(response, 64 * 1024).catch(() => new Uint8Array());
  const body = Problem.safeParse(parseJson(bytes));
  const retryable = status >= 500 || PASSING_STATUS.includes(status);
  const code = retryable ? "backend_unavailable" : body.data?.code ?? "generation_refused";
  return new GenerationFailure(code, retryable, `the backend answered ${status}`);
}

/** `bytes` as JSON; `undefined`, which no schema takes, when they are none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The body of an answer. @throws {GenerationFailure} when it breaks off or has more than `limit` bytes. */
export async function readAtMost(response: Response, limit: number): Promise<Bytes> {
  try {
    return await bytesOf(response.body, limit);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw gaveNothing("the answer broke off", cause);
    // Not tried again: it would be as large, and every try is paid for.
    throw new GenerationFailure("backend_answer_invalid", false, `the answer is larger than ${limit} bytes`);
  }
}

/** What took too long was begun, and has its price; a backend that went away on its own is nobody's fault but ours. */
function gaveNothing(message: string, cause: unknown): GenerationFailure {
  const isLate = cause instanceof DOMException && cause.name === "TimeoutError";
  return isLate
    ? new GenerationFailure("backend_timeout", true, "the backend was not done in time", { cause })
    : new GenerationFailure("backend_unavailable", true, message, { cause });
}

/** The failure of an attempt whose answer cannot be used. */
export function malformed(message: string): GenerationFailure {
  return new GenerationFailure("backend_answer_invalid", true, message);
}
