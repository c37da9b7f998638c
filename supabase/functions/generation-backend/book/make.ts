// @ts-types="@types/pdfkit"
import PDFDocument from "pdfkit";
import { finished } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import pLimit from "p-limit";
import { type Bytes, joined } from "../../_shared/bytes.ts";
import { unavailable } from "../../_shared/http/errors.ts";
import { describe, log } from "../../_shared/log.ts";
import type { Story } from "../shapes.ts";
import { bind, type Pictures } from "./binding.ts";
import { drawColophon, drawCover, drawTitlePage } from "./covers.ts";
import { checkExtent } from "./extent.ts";
import { openImage } from "./image.ts";
import { loadFonts, useFonts } from "./fonts.ts";
import { PAGE } from "./look.ts";
import { drawStoryPage } from "./pages.ts";
import { printable } from "./printable.ts";
import type { Doc } from "./typeset.ts";

/** A finished book. */
export interface Book {
  bytes: Bytes;
  pageCount: number;
  /** How many pages of the story have a picture. */
  pictureCount: number;
}

function openDocument(story: Story): Doc {
  return new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    // None, so that pdfkit neither looks for one of its own on disk nor reads one of ours twice.
    font: "",
    pdfVersion: "1.7",
    lang: story.language,
    tagged: true,
    displayTitle: true,
    info: { Title: story.title, Creator: "generation-backend", Subject: "Picture book" },
  });
}

async function collect(doc: Doc): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  // Reading it chunk by chunk would first put all that is there together.
  doc.on("data", (chunk) => chunks.push(chunk));
  await finished(doc);
  return joined(chunks);
}

/** The pictures that pdfkit can read: one that it cannot costs that picture and not the book. */
function openPictures(doc: Doc, pictures: ReadonlyMap<number, Uint8Array>): Pictures {
  const opened = new Map<number, PDFKit.Mixins.ImageSrc>();
  for (const [page, bytes] of pictures) {
    try {
      opened.set(page, openImage(doc, bytes));
    } catch (error) {
      log("warn", "picture_failed", { page, cause: describe(error) });
    }
  }
  return opened;
}

/**
 * The story as a book sets it. What no book holds is refused here, before anything is painted or laid out.
 *
 * @throws {ApiError} `page_too_long`, `book_too_long`, `unsupported_script`
 */
export function settable(story: Story): Story {
  checkExtent(story.pages);
  const { has } = loadFonts();
  const clean = (text: string) => printable(text, has) || "…";
  const set = {
    ...story,
    title: clean(story.title).replace(/\n+/g, " "),
    pages: story.pages.map((page) => ({ text: clean(page.text), image_prompt: page.image_prompt })),
  };
  // A sign that the font lacks may have become several.
  checkExtent(set.pages);
  return set;
}

/** Books are set one after the other: all of them share one processor, and their memory would add up. */
const oneAtATime = pLimit(1);

/**
 * A hosted instance has two seconds of a processor: two long books of words, or one with pictures, whose files are copied several
 * times and may have to be repainted. The caller of another is sent to another instance.
 */
const MOST_HOSTED = 120;
const isHosted = () => "EdgeRuntime" in globalThis;
let inWork = 0;

/**
 * Does the `work` of a book of so many pages where there is room for it: before anything is painted.
 *
 * @throws {ApiError} `temporarily_unavailable` when a hosted instance has enough to do
 */
export async function withRoom<T>(pages: number, hasPictures: boolean, work: () => Promise<T>): Promise<T> {
  const weight = hasPictures ? 2 * pages : pages;
  if (isHosted() && inWork + weight > MOST_HOSTED) throw unavailable(new Error("other books are in work"));
  inWork += weight;
  try {
    return await work();
  } finally {
    inWork -= weight;
  }
}

/** {@linkcode layOut}, once the books before it are done. */
export function makeBook(...book: Parameters<typeof layOut>): Promise<Book> {
  return oneAtATime(layOut, ...book);
}

/**
 * Lays a story out as a book: cover, title page, one or more pages for each page of the story, colophon. Others get a turn
 * after each page of the story.
 *
 * @param story as {@linkcode settable} made it
 * @param pictures by page from 0, as `soundPicture` gives them, the other pages get an ornament; `null`: no pictures
 * @param signal ends the work between two pages
 * @throws {ApiError} `temporarily_unavailable` then
 */
async function layOut(
  story: Story,
  pictures: ReadonlyMap<number, Uint8Array> | null,
  signal?: AbortSignal,
): Promise<Book> {
  if (signal?.aborted) throw unavailable(signal.reason);
  const doc = openDocument(story);
  const bytes = collect(doc);
  useFonts(doc);
  const count = { pages: 0 };
  const opened = pictures && openPictures(doc, pictures);
  const binding = bind(doc, story, opened, count);
  drawCover(binding);
  drawTitlePage(binding);
  let number = 1;
  for (let page = 0; page < story.pages.length; page++) {
    await setImmediate();
    if (signal?.aborted) throw unavailable(signal.reason);
    number = drawStoryPage(binding, page, number);
  }
  drawColophon(binding);
  doc.end();
  return { bytes: await bytes, pageCount: count.pages, pictureCount: opened?.size ?? 0 };
}
