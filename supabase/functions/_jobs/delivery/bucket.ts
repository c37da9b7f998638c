/**
 * The private buckets that hold what was made, one object each.
 *
 * @module
 */
import type { Bytes } from "../../_shared/bytes.ts";
import { serviceClient, userClient } from "../../_shared/database/client.ts";
import { ApiError, unavailable } from "../../_shared/http/errors.ts";
import { describe, log } from "../../_shared/log.ts";

/** A kind of file, and the private bucket that holds it. */
export interface FileKind {
  bucket: string;
  mediaType: string;
  /** Without the dot. Its download is called after it: `GET /{id}/{extension}`. */
  extension: string;
}

/** How long an upload may take, in milliseconds: no longer than a worker may be silent. */
const UPLOAD_WITHIN = 60_000;

/** Where a file is kept. */
export function pathOf({ extension }: FileKind, userId: string, id: string): string {
  return `${userId}/${id}.${extension}`;
}

/** Stores a file, replacing what an earlier attempt left. @throws {ApiError} `temporarily_unavailable` */
export async function storeFile(
  { bucket, mediaType }: FileKind,
  path: string,
  file: Bytes,
): Promise<void> {
  const options = { contentType: mediaType, upsert: true };
  const { error } = await serviceClient(UPLOAD_WITHIN).storage.from(bucket).upload(path, file, options);
  if (error) throw unavailable(error);
}

/**
 * Deletes files of things that are gone; ones that are gone already are fine. Never throws: the things cannot come
 * back, so what is left behind is logged for an operator to remove.
 */
export async function discardFiles({ bucket }: FileKind, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const { error } = await serviceClient().storage.from(bucket).remove(paths);
  if (error) log("error", "files_left_behind", { bucket, paths, error: describe(error) });
}

/**
 * A file as its owner may read it.
 *
 * @throws {ApiError} `not_found` when there is none (any more), `temporarily_unavailable`
 */
export async function openFile(
  token: string,
  { bucket }: FileKind,
  path: string,
): Promise<ReadableStream<Uint8Array>> {
  const { data, error } = await userClient(token).storage.from(bucket).download(path).asStream();
  if (error === null) return data;
  // Storage says 404 in its answer's body and 400 as its status.
  const isMissing = error.status === 404 || error.statusCode === "404";
  throw isMissing ? new ApiError("not_found", { cause: error }) : unavailable(error);
}
