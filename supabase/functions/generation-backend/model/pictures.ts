import pMap from "p-map";
import { z } from "zod";
import { type Bytes, fromBase64, readAtMost } from "../../_shared/bytes.ts";
import { describe, log } from "../../_shared/log.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { GENERATION_ERRORS } from "../errors.ts";
import type { StoryPage } from "../shapes.ts";
import { storable } from "../storable.ts";
import { Tokens } from "../usage.ts";
import { deadlineOf, post, type Work } from "./client.ts";
import { MAX_PICTURE_BYTES, soundPicture } from "./picture_file.ts";
import { imageModel, type ImageSettings } from "./settings.ts";

const CONCURRENCY = 4;
/** Pages that are not painted by then stay without a picture, so that the book is ready while its caller waits. */
const DEADLINE_MS = 90_000;
/** All pictures of a book: with them it must stay well below what its caller takes (32 MiB). */
const MAX_BOOK_BYTES = 24 * 1024 * 1024;

const Item = z.object({ b64_json: z.string().nullish(), url: z.string().nullish() });
const Answer = z.object({ data: z.array(Item).nullish(), images: z.array(Item).nullish(), usage: Tokens });

const STYLE = "Picture book illustration, warm and gentle, no text or letters in the picture: ";

/** A picture and what stands around it in JSON, as base64. */
const MOST_ANSWER_BYTES = Math.ceil(MAX_PICTURE_BYTES / 3) * 4 + 64 * 1024;

function bytesOf(base64: string): Bytes {
  const start = base64.startsWith("data:") ? base64.indexOf(",") + 1 : 0;
  return fromBase64(base64.slice(start));
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a picture may be fetched from `url`: from where the model is, or from a host that the operator named, by https
 * unless that is this machine. An answer of a model's decides over the address, so that anything else would be a way to ask
 * whatever this service can reach.
 */
function isAllowed(url: URL, { base, hosts }: ImageSettings): boolean {
  if (url.origin === base.origin) return true;
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.includes(url.hostname));
  return isSafe && (url.host === base.host || hosts.includes(url.host));
}

async function fetchPicture(
  address: string,
  settings: ImageSettings,
  signal: AbortSignal,
): Promise<Bytes> {
  if (address.startsWith("data:")) return bytesOf(address);
  const url = new URL(address, settings.base);
  if (!isAllowed(url, settings)) {
    throw new Error(`LLM_IMAGE_HOSTS does not allow ${url.protocol}//${url.host}`);
  }
  const response = await fetch(url, { signal, redirect: "manual" });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the picture's address answered ${response.status}`);
  }
  return await readAtMost(response.body, MAX_PICTURE_BYTES);
}

async function paint(settings: ImageSettings, line: string, { signal, usage }: Work): Promise<Bytes> {
  const deadline = deadlineOf(settings, signal);
  const body = { model: settings.model, prompt: STYLE + line, n: 1, ...settings.options };
  const onWork = () => void usage.pictures++;
  const call = { route: "images/generations", body, deadline, mostBytes: MOST_ANSWER_BYTES, onWork };
  const { data, images, usage: tokens } = Answer.parse(JSON.parse(await post(settings, call)));
  usage.addTokens(tokens);
  const [picture] = data ?? images ?? [];
  if (!picture?.b64_json && !picture?.url) throw new Error("the answer holds no picture");
  const bytes = picture.b64_json
    ? bytesOf(picture.b64_json)
    : await fetchPicture(picture.url ?? "", settings, deadline);
  const sound = await soundPicture(bytes);
  if (!sound) throw new Error("the answer holds no sound JPEG, PNG or WebP");
  return sound;
}

/**
 * Has the configured model paint the pages. Page by page: one that fails, or for which the book has no room left, is
 * missing from the result.
 *
 * @throws {ApiError} `model_not_configured`
 */
export async function picturesFor(
  pages: StoryPage[],
  { signal, usage }: Work,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const settings = imageModel();
  if (!settings) throw new ApiError(GENERATION_ERRORS.model_not_configured);
  const painted = new Map<number, Uint8Array>();
  let room = MAX_BOOK_BYTES;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  await pMap(pages, async ({ image_prompt, text }, page) => {
    if (deadline.aborted || room <= 0) return;
    try {
      const picture = await paint(settings, image_prompt || storable(text, 300), { signal: deadline, usage });
      room -= picture.length;
      if (room < 0) throw new Error("the book has no room for more pictures");
      painted.set(page, picture);
    } catch (error) {
      log("warn", "picture_failed", { page, cause: describe(error) });
    }
  }, { concurrency: CONCURRENCY });
  return painted;
}
