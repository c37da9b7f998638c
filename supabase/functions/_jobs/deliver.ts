/**
 * Delivered means paid: stores a result and settles its credits, in one RPC.
 *
 * @module
 */
import pRetry from "p-retry";
import type { Answer, Claim } from "./backend_client.ts";
import { GenerationFailure } from "./backend_client.ts";
import { discardPdfs, pdfPath, storePdf } from "../book-api/books_bucket.ts";
import { call, present, type Result } from "../_shared/database/client.ts";
import { ApiError } from "../_shared/http/errors.ts";

type JobResult = Result<"complete_book">;

/**
 * Stores the backend's answer. Resolves to the outcome.
 *
 * @throws {GenerationFailure} when Postgres finds the result unusable.
 * @throws {ApiError} when the database or the storage stays away.
 */
export async function complete(claim: Claim, answer: Exclude<Answer, { kind: "later" }>): Promise<string> {
  const job = { p_job_id: claim.job_id, p_attempt: claim.attempt };
  const { outcome } = answer.kind === "story"
    ? await patiently(() =>
      call("complete_story", { ...job, p_title: answer.story.title, p_pages: answer.story.pages })
    )
    : await completeBook(job, answer.pdf, storyPages(claim));
  if (outcome === "invalid") {
    throw new GenerationFailure("backend_answer_invalid", true, "the result was refused");
  }
  return outcome ?? "unknown";
}

/**
 * Stores the PDF, then the book that points to it. `pages` is how many of the story's pages it holds.
 *
 * An attempt that no longer counts stores nothing: the PDF of the one that does may be there already. The sign of
 * life that finds out also renews the lease, so that no other attempt begins while the PDF is on its way.
 */
export async function completeBook(
  job: { p_job_id: string; p_attempt: number },
  pdf: Uint8Array<ArrayBuffer>,
  pages: number,
): Promise<JobResult> {
  const sign = await patiently(async () => {
    const sign = await call("heartbeat_job", job);
    if (sign.outcome === "alive") await storePdf(pathOf(sign), pdf);
    return sign;
  });
  if (sign.outcome === "not_found") return sign;
  const path = pathOf(sign);
  const result = await patiently(() =>
    call("complete_book", { ...job, p_pdf_path: path, p_page_count: pages, p_byte_size: pdf.byteLength })
  );
  // The book was deleted or given up meanwhile, or the job makes no book: nobody will ever ask for this PDF.
  const isEnded = !["queued", "generating", "ready"].includes(result.status ?? "");
  if (isEnded || result.outcome === "not_found") await discardPdfs([path]);
  return result;
}

function pathOf(result: Result<"heartbeat_job">): string {
  const { user_id, resource_id } = present(result, "user_id", "resource_id");
  return pdfPath(user_id, resource_id);
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
