/**
 * The generation backend as seen from here: one request for one attempt at a job, and what its answer means.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { backendKey } from "../_shared/auth/backend_key.ts";
import { present, type Result } from "../_shared/database/client.ts";
import { optional, required } from "../_shared/env.ts";
import { text } from "../_shared/http/schemas.ts";

/** A job in the hands of this worker. */
export type Claim = ReturnType<typeof claimed>;

/** The fields of a claim that was granted. */
export function claimed(row: Result<"claim_job">) {
  return present(
    row,
    "job_id",
    "job_type",
    "attempt",
    "user_id",
    "resource_id",
    "request",
    "lease_expires_at",
  );
}

const NOTHING_TO_READ = "Has nothing to read";
const isVisible = (value: string) => value.trim() !== "";

/** A finished story. */
export const StoryAnswer = z.object({
  title: text(1, 300).refine(isVisible, NOTHING_TO_READ),
  pages: z.array(
    z.object({
      text: text(1, 20_000).refine(isVisible, NOTHING_TO_READ),
      image_prompt: text(0, 4000).default(""),
    }),
  ).min(1).max(
    200,
  ),
});

/** What the backend answered; `later` promises a callback. */
export type Answer =
  | { kind: "story"; story: z.infer<typeof StoryAnswer> }
  | { kind: "book"; pdf: Uint8Array<ArrayBuffer> }
  | { kind: "later" };

/** An attempt that produced nothing. `code` ends up on the story or book when no retry helps. */
export class GenerationFailure extends Error {
  constructor(readonly code: string, readonly retryable: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GenerationFailure";
  }
}

/** The largest story and the largest PDF taken, in bytes. */
export const MAX_STORY_BYTES = 2 * 1024 * 1024;
export const MAX_PDF_BYTES = 32 * 1024 * 1024;

/** Client errors that are about this deployment or the moment, not about the request. */
const PASSING_STATUS = [401, 403, 404, 405, 408, 425, 429];

/** Asks for what `claim` is about. @throws {GenerationFailure} */
export async function generate(claim: Claim, signal: AbortSignal): Promise<Answer> {
  const response = await send(claim, signal);
  if (response.status === 202) {
    await response.body?.cancel();
    return { kind: "later" };
  }
  if (!response.ok) throw await refusal(response);
  if (claim.job_type === "story") {
    return { kind: "story", story: parseStory(await readAtMost(response, MAX_STORY_BYTES)) };
  }
  const pdf = await readAtMost(response, MAX_PDF_BYTES);
  if (!isPdf(pdf)) throw malformed("the answer is not a PDF");
  return { kind: "book", pdf };
}

/** Whether `bytes` begin and end as a PDF does: half of one is none. */
export function isPdf(bytes: Uint8Array<ArrayBuffer>): boolean {
  const latin = new TextDecoder("latin1");
  return latin.decode(bytes.subarray(0, 5)) === "%PDF-" &&
    latin.decode(bytes.subarray(-1024)).includes("%%EOF");
}

async function send(claim: Claim, signal: AbortSignal): Promise<Response> {
  const base = optional("GENERATION_BACKEND_URL") ??
    `${required("SUPABASE_URL")}/functions/v1/generation-backend`;
  const request = claim.request as Record<string, unknown>;
  try {
    return await fetch(`${base}/${claim.job_type === "story" ? "stories" : "books"}`, {
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
    throw new GenerationFailure("backend_unavailable", true, "the backend could not be reached", { cause });
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

function parseStory(bytes: Uint8Array) {
  const story = StoryAnswer.safeParse(parseJson(bytes));
  if (!story.success) throw malformed(`the story is malformed at ${story.error.issues[0].path.join(".")}`);
  return story.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function readAtMost(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new GenerationFailure("backend_unavailable", true, "the answer broke off", { cause });
  }
  if (size > limit) {
    // Not tried again: it would be as large, and every try is paid for.
    throw new GenerationFailure("backend_answer_invalid", false, `the answer is larger than ${limit} bytes`);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function malformed(message: string): GenerationFailure {
  return new GenerationFailure("backend_answer_invalid", true, message);
}
