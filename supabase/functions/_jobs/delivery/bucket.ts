/**
 * The private buckets that hold what was made, one object each.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Bytes } from "../../_shared/bytes.ts";
import { StorageClient } from "@supabase/storage-js";
import { serviceHeaders, userHeaders } from "../../_shared/database/client.ts";
import { required } from "../../_shared/env.ts";
import { ApiError, unavailable } from "../../_shared/http/errors.ts";
import { describe, log } from "../../_shared/log.ts";

/** A kind of file, and the private bucket that holds it. */
export interface FileKind {
  bucket: string;
  mediaType: string;
  /** Without the dot. Its download is called after it: `GET /{id}/{extension}`. */
  extension: string;
  /** The column that says where the file is that was paid for. */
  pathColumn: string;
}

/** How long an upload may take, in milliseconds: no longer than a worker may be silent. */
const UPLOAD_WITHIN = 60_000;
/** How long anything else may take. */
const ANSWER_WITHIN = 15_000;

/** A bucket with the rights that `headers` give; a file that its owner reads may take as long as it needs. */
function bucketOf(name: string, headers: Record<string, string>, patience?: number) {
  const fetchInTime: typeof fetch = (input, init) =>
    fetch(input, patience === undefined ? init : { ...init, signal: AbortSignal.timeout(patience) });
  return new StorageClient(`${required("SUPABASE_URL")}/storage/v1`, headers, fetchInTime).from(name);
}

/** Where an attempt keeps its file: by the file's own digest, so that no other can take its place once it is paid for. */
export async function pathOf(
  { extension }: FileKind,
  { userId, id, attempt }: { userId: string; id: string; attempt: number },
  file: Bytes,
): Promise<string> {
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", file)).toString("hex");
  return `${userId}/${id}/${attempt}-${digest}.${extension}`;
}

/** Stores a file; storing it again changes nothing. @throws {ApiError} `temporarily_unavailable` */
export async function storeFile(
  { bucket, mediaType }: FileKind,
  path: string,
  file: Bytes,
): Promise<void> {
  const options = { contentType: mediaType, upsert: true };
  const { error } = await bucketOf(bucket, serviceHeaders(), UPLOAD_WITHIN).upload(path, file, options);
  if (error) throw unavailable(error);
}

/**
 * Deletes files of things that are gone; ones that are gone already are fine. Never throws: the things cannot come
 * back, so what is left behind is logged for an operator to remove.
 */
export async function discardFiles({ bucket }: FileKind, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const { error } = await bucketOf(bucket, serviceHeaders(), ANSWER_WITHIN).remove(paths);
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
  const { data, error } = await bucketOf(bucket, userHeaders(token)).download(path).asStream();
  if (error === null) return data;
  // Storage says 404 in its answer's body and 400 as its status.
  const isMissing = error.status === 404 || error.statusCode === "404";
  throw isMissing ? new ApiError("not_found", { cause: error }) : unavailable(error);
}
