import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import pMap from "p-map";
import { z } from "zod";
import { describe, log } from "../../_shared/log.ts";
import type { StoryPage } from "../shapes.ts";
import { clientFor } from "./client.ts";
import { imageModel } from "./settings.ts";

const CONCURRENCY = 4;
/** Pages that are not painted by then are drawn, so that the book is ready while its caller still waits. */
const DEADLINE_MS = 90_000;
const MAX_PICTURE_BYTES = 6 * 1024 * 1024;
/** All pictures of a book: with them it must stay well below what its caller takes (32 MiB). */
const MAX_BOOK_BYTES = 24 * 1024 * 1024;

const Answer = z.object({
  data: z.array(z.object({ b64_json: z.string().optional(), url: z.url().optional() })).min(1),
});

type Settings = NonNullable<ReturnType<typeof imageModel>>;

function isSoundPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length));
    if (name === "IEND") {
      try {
        return inflateSync(Buffer.concat(parts)).length > 0;
      } catch {
        return false;
      }
    }
    at += length + 12;
  }
  return false;
}

/** Whether the bytes are a whole JPEG or PNG: a damaged one would break the book when it is bound. */
export function isSoundPicture(bytes: Uint8Array): boolean {
  if (bytes.length < 100 || bytes.length > MAX_PICTURE_BYTES) return false;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;
  return [0x89, 0x50, 0x4e, 0x47].every((byte, at) => bytes[at] === byte) && isSoundPng(bytes);
}

async function paint(settings: Settings, line: string, signal: AbortSignal): Promise<Uint8Array> {
  const client = clientFor(settings, signal);
  const prompt = `Picture book illustration, warm and gentle, no text or letters in the picture: ${line}`;
  const answer = Answer.parse(
    await client.post("images/generations", {
      json: { model: settings.model, prompt, n: 1, ...settings.options },
    }).json(),
  );
  const [{ b64_json, url }] = answer.data;
  const bytes = b64_json !== undefined
    ? new Uint8Array(Buffer.from(b64_json, "base64"))
    : new Uint8Array(await (await fetch(z.url().parse(url), { signal })).arrayBuffer());
  if (!isSoundPicture(bytes)) throw new Error("the answer holds no sound JPEG or PNG");
  return bytes;
}

/**
 * Has the configured model paint the pages. Page by page: one that fails, or for which the book has no room left, is
 * missing from the result, and the book's illustrator draws it. Without a configured model the result is empty.
 */
export async function picturesFor(
  pages: StoryPage[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const settings = imageModel();
  const painted = new Map<number, Uint8Array>();
  if (!settings) return painted;
  let room = MAX_BOOK_BYTES;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  await pMap(pages, async ({ image_prompt, text }, page) => {
    if (deadline.aborted || room <= 0) return;
    try {
      const picture = await paint(settings, image_prompt || text.slice(0, 300), deadline);
      room -= picture.length;
      if (room < 0) throw new Error("the book has no room for more pictures");
      painted.set(page, picture);
    } catch (error) {
      log("warn", "picture_failed", { page, cause: describe(error) });
    }
  }, { concurrency: CONCURRENCY });
  return painted;
}
