/**
 * Delivered means paid: stores a result and settles its credits, in one RPC.
 *
 * @module
 */
import pRetry from "p-retry";
import type { Answer, Claim } from "./backend_client.ts";
import { GenerationFailure } from "./backend_client.ts";
import { discardPdfs, pdfPath, storePdf } from "./books_bucket.ts";
import { call, type Result } from "./db.ts";
import { ApiError } from "./errors.ts";

/** Which attempt at which job a result belongs to. */
export type Attempt = Pick<Claim, "job_id" | "attempt" | "user_id" | "resource_id">;

type JobResult = Result<"complete_book">;

/**
 * Stores the backend's answer. Resolves to the outcome.
 *
 * @throws {GenerationFailure} when Postgres finds the result unusable.
 * @throws {ApiError} when the database or the storage stays away.
 */
export async function complete(claim: Claim, answer: Exclude<Answer, { kind: "later" }>): Promise<string> {
  const { outcome } = answer.kind === "story"
    ? await patiently(() =>
      call("complete_story", {
        p_job_id: claim.job_id,
        p_attempt: claim.attempt,
        p_title: answer.story.title,
        p_pages: answer.story.pages,
      })
    )
    : await completeBook(claim, answer.pdf, storyPages(claim));
  if (outcome === "invalid") {
    throw new GenerationFailure("backend_answer_invalid", true, "the result was refused");
  }
  return outcome ?? "unknown";
}

/** Stores the PDF, then the book that points to it. `pages` is how many of the story's pages it holds. */
export async function completeBook(
  attempt: Attempt,
  pdf: Uint8Array<ArrayBuffer>,
  pages: number,
): Promise<JobResult> {
  const path = pdfPath(attempt.user_id, attempt.resource_id);
  await patiently(() => storePdf(path, pdf));
  const result = await patiently(() =>
    call("complete_book", {
      p_job_id: attempt.job_id,
      p_attempt: attempt.attempt,
      p_pdf_path: path,
      p_page_count: pages,
      p_byte_size: pdf.byteLength,
    })
  );
  // The book was deleted or given up meanwhile, or the job makes no book: nobody will ever ask for this PDF.
  const isWanted = result.outcome !== "not_found" &&
    ["queued", "generating", "ready"].includes(result.status ?? "");
  if (!isWanted) await discardPdfs([path]);
  return result;
}

function storyPages(claim: Claim): number {
  const request = claim.request as { story?: { pages?: unknown[] } };
  return request.story?.pages?.length ?? 0;
}

/** Tries again for a few seconds while the database or the storage is away: the result is paid work. */
function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  return pRetry(attempt, {
    retries: 4,
    minTimeout: 250,
    shouldRetry: ({ error }) => error instanceof ApiError && error.code === "temporarily_unavailable",
  });
}
