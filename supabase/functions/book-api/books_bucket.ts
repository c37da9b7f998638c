/**
 * The private bucket that holds the books' PDFs, one object per book.
 *
 * @module
 */
import { serviceClient, userClient } from "../_shared/database/client.ts";
import { ApiError, unavailable } from "../_shared/http/errors.ts";
import { describe, log } from "../_shared/log.ts";

const BUCKET = "books";
/** How long an upload may take, in milliseconds: no longer than a worker may be silent. */
const UPLOAD_WITHIN = 60_000;

/** Where the PDF of a book is kept. */
export function pdfPath(userId: string, bookId: string): string {
  return `${userId}/${bookId}.pdf`;
}

/** Stores a PDF, replacing what an earlier attempt left. @throws {ApiError} `temporarily_unavailable` */
export async function storePdf(path: string, pdf: Uint8Array<ArrayBuffer>): Promise<void> {
  const options = { contentType: "application/pdf", upsert: true };
  const { error } = await serviceClient(UPLOAD_WITHIN).storage.from(BUCKET).upload(path, pdf, options);
  if (error) throw unavailable(error);
}

/**
 * Deletes PDFs whose books are gone; ones that are gone already are fine. Never throws: the books cannot come
 * back, so what is left behind is logged for an operator to remove.
 */
export async function discardPdfs(paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const { error } = await serviceClient().storage.from(BUCKET).remove(paths);
  if (error) log("error", "pdfs_left_behind", { paths, error: describe(error) });
}

/**
 * A PDF as its owner may read it.
 *
 * @throws {ApiError} `not_found` when there is none (any more), `temporarily_unavailable`
 */
export async function openPdf(token: string, path: string): Promise<ReadableStream<Uint8Array>> {
  const { data, error } = await userClient(token).storage.from(BUCKET).download(path).asStream();
  if (error === null) return data;
  // Storage says 404 in its answer's body and 400 as its status.
  const isMissing = error.status === 404 || error.statusCode === "404";
  throw isMissing ? new ApiError("not_found", { cause: error }) : unavailable(error);
}
