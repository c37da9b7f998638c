import pMap from "p-map";
import { z } from "zod";
import { fromBase64 } from "../../_shared/bytes.ts";
import { describe, log } from "../../_shared/log.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { GENERATION_ERRORS } from "../errors.ts";
import type { StoryPage } from "../shapes.ts";
import { storable } from "../storable.ts";
import { deadlineOf, post } from "./client.ts";
import { isSoundPicture } from "./picture_file.ts";
import { imageModel, type ImageSettings } from "./settings.ts";

const CONCURRENCY = 4;
/** Pages that are not painted by then stay without a picture, so that the book is ready while its caller waits. */
const DEADLINE_MS = 90_000;
/** All pictures of a book: with them it must stay well below what its caller takes (32 MiB). */
const MAX_BOOK_BYTES = 24 * 1024 * 1024;

const Item = z.object({ b64_json: z.string().nullish(), url: z.string().nullish() });
const Answer = z.object({ data: z.array(Item).nullish(), images: z.array(Item).nullish() });

const STYLE = "Picture book illustration, warm and gentle, no text or letters in the picture: ";

function bytesOf(base64: string): Uint8Array {
  return fromBase64(base64.replace(/^data:[^,]*,/, ""));
}

async function fetchPicture(url: string, base: URL, signal: AbortSignal): Promise<Uint8Array> {
  if (url.startsWith("data:")) return bytesOf(url);
  const response = await fetch(new URL(url, base), { signal });
  if (!response.ok) throw new Error(`the picture's address answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function paint(settings: ImageSettings, line: string, signal: AbortSignal): Promise<Uint8Array> {
  const deadline = deadlineOf(settings, signal);
  const body = { model: settings.model, prompt: STYLE + line, n: 1, ...settings.options };
  const response = await post(settings, "images/generations", body, deadline);
  const { data, images } = Answer.parse(await response.json());
  const [picture] = data ?? images ?? [];
  if (!picture?.b64_json && !picture?.url) throw new Error("the answer holds no picture");
  const bytes = picture.b64_json
    ? bytesOf(picture.b64_json)
    : await fetchPicture(picture.url ?? "", settings.base, deadline);
  if (!isSoundPicture(bytes)) throw new Error("the answer holds no sound JPEG or PNG");
  return bytes;
}

/**
 * Has the configured model paint the pages. Page by page: one that fails, or for which the book has no room left, is
 * missing from the result.
 *
 * @throws {ApiError} `model_not_configured`
 */
export async function picturesFor(
  pages: StoryPage[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const settings = imageModel();
  if (!settings) throw new ApiError(GENERATION_ERRORS.model_not_configured);
  const painted = new Map<number, Uint8Array>();
  let room = MAX_BOOK_BYTES;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  await pMap(pages, async ({ image_prompt, text }, page) => {
    if (deadline.aborted || room <= 0) return;
    try {
      const picture = await paint(settings, image_prompt || storable(text, 300), deadline);
      room -= picture.length;
      if (room < 0) throw new Error("the book has no room for more pictures");
      painted.set(page, picture);
    } catch (error) {
      log("warn", "picture_failed", { page, cause: describe(error) });
    }
  }, { concurrency: CONCURRENCY });
  return painted;
}
