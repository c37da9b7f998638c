// @ts-types="@types/pdfkit"
import PDFDocument from "pdfkit";
import { Buffer } from "node:buffer";
import type { Bytes } from "../../_shared/bytes.ts";
import { describe, log } from "../../_shared/log.ts";
import type { Story } from "../shapes.ts";
import { bind, type Pictures } from "./binding.ts";
import { drawColophon, drawCover, drawTitlePage } from "./covers.ts";
import { loadFonts } from "./fonts.ts";
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

/** What pdfkit can do and its types do not say. */
type Opener = Doc & { openImage(source: Buffer): PDFKit.Mixins.ImageSrc };

function openDocument(story: Story, font: Uint8Array): Doc {
  return new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    // Given as bytes, so that pdfkit never looks for a font of its own on disk.
    font: font as unknown as string,
    pdfVersion: "1.7",
    lang: story.language,
    tagged: true,
    displayTitle: true,
    info: { Title: story.title, Creator: "generation-backend", Subject: "Picture book" },
  });
}

async function collect(doc: Doc): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for await (const chunk of doc) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** The pictures that pdfkit can read: one that it cannot costs that picture and not the book. */
function openPictures(doc: Doc, pictures: ReadonlyMap<number, Uint8Array>): Pictures {
  const opened = new Map<number, PDFKit.Mixins.ImageSrc>();
  for (const [page, bytes] of pictures) {
    try {
      opened.set(page, (doc as Opener).openImage(Buffer.from(bytes)));
    } catch (error) {
      log("warn", "picture_failed", { page, cause: describe(error) });
    }
  }
  return opened;
}

/**
 * Lays a story out as a book: cover, title page, one or more pages for each page of the story, colophon.
 *
 * @param pictures sound JPEGs and PNGs by page from 0, the other pages get an ornament; `null`: no pictures
 * @throws {ApiError} `unsupported_script`
 */
export async function makeBook(
  story: Story,
  pictures: ReadonlyMap<number, Uint8Array> | null,
): Promise<Book> {
  const fonts = loadFonts();
  const clean = (text: string) => printable(text, fonts.has);
  const set: Story = {
    ...story,
    title: clean(story.title).replace(/\s+/g, " ") || "…",
    pages: story.pages.map((page) => ({ text: clean(page.text) || "…", image_prompt: page.image_prompt })),
  };
  const doc = openDocument(set, fonts.regular);
  const finished = collect(doc);
  doc.registerFont("text", fonts.regular as unknown as string);
  doc.registerFont("bold", fonts.bold as unknown as string);
  const count = { pages: 0 };
  const opened = pictures && openPictures(doc, pictures);
  const binding = bind(doc, set, opened, count);
  drawCover(binding);
  drawTitlePage(binding);
  let number = 1;
  for (let page = 0; page < set.pages.length; page++) number = drawStoryPage(binding, page, number);
  drawColophon(binding);
  doc.end();
  return { bytes: await finished, pageCount: count.pages, pictureCount: opened?.size ?? 0 };
}
