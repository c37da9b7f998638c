// @ts-types="@types/pdfkit"
import PDFDocument from "pdfkit";
import { usualOf } from "../illustrator/scene.ts";
import type { Story } from "../shapes.ts";
import { drawColophon, drawCover, drawTitlePage } from "./covers.ts";
import { loadFonts } from "./fonts.ts";
import { type Look, lookFor, PAGE } from "./look.ts";
import { drawStoryPage } from "./pages.ts";
import { printable } from "./printable.ts";
import type { Doc } from "./typeset.ts";
import { type BookWords, wordsFor } from "./words.ts";

/** A finished book. */
export interface Book {
  bytes: Uint8Array<ArrayBuffer>;
  pageCount: number;
}

/** What every page of a book is drawn with. */
export interface Binding {
  doc: Doc;
  story: Story;
  look: Look;
  words: BookWords;
  /** Pictures that were generated, by page from 0; `null` makes a book without any pictures. */
  pictures: ReadonlyMap<number, Uint8Array> | null;
  /** Who and what most pictures show. */
  usual: { hero: string; scenery: string };
  /** Starts a page on the book's paper. */
  turn: () => void;
  /** Draws something that says nothing: paper, ornaments, page numbers. Screen readers pass over it. */
  ornament: (draw: () => void) => void;
  /** Draws something with a meaning: a heading, a paragraph, a figure with what it shows. */
  tagged: (type: "H1" | "P" | "Figure", draw: () => void, alt?: string) => void;
}

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

async function collect(doc: Doc): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of doc) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function bind(doc: Doc, story: Story, pictures: Binding["pictures"], count: { pages: number }): Binding {
  const root = doc.struct("Document");
  doc.addStructure(root);
  const look = lookFor(story.title, story.age_min, story.age_max);
  const ornament = (draw: () => void) => {
    doc.markContent("Artifact", { type: "Layout" });
    draw();
    doc.endMarkedContent();
  };
  return {
    doc,
    story,
    look,
    words: wordsFor(story.language),
    pictures,
    usual: usualOf(story.pages.map((page) => page.image_prompt)),
    turn: () => {
      doc.addPage();
      count.pages++;
      ornament(() => doc.rect(0, 0, PAGE.width, PAGE.height).fillOpacity(1).fill(look.paper));
    },
    ornament,
    tagged: (type, draw, alt) => {
      root.add(doc.struct(type, alt ? { alt } : {}, draw));
    },
  };
}

/**
 * Lays a story out as a book: cover, title page, one or more pages for each page of the story, colophon.
 *
 * @param pictures generated pictures (JPEG or PNG) by page from 0, the other pages are drawn; `null`: no pictures
 * @throws {ApiError} `unsupported_script`
 */
export async function makeBook(story: Story, pictures: Binding["pictures"]): Promise<Book> {
  const fonts = await loadFonts();
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
  const binding = bind(doc, set, pictures, count);
  drawCover(binding);
  drawTitlePage(binding);
  let number = 1;
  for (let page = 0; page < set.pages.length; page++) number = drawStoryPage(binding, page, number);
  drawColophon(binding);
  doc.end();
  return { bytes: await finished, pageCount: count.pages };
}
