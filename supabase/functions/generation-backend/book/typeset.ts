// @ts-types="@types/pdfkit"
import type PDFDocument from "pdfkit";

export type Doc = InstanceType<typeof PDFDocument>;

/** How a block of text is set. Sizes are in points. */
export interface TypeStyle {
  size: number;
  /** Never smaller than this; what then does not fit goes on to another page. */
  floor: number;
  align: "left" | "center";
  /** Space between lines as a share of the size. */
  leading: number;
}

const STEP = 0.5;

function options(style: TypeStyle, size: number, width: number) {
  return { width, align: style.align, lineGap: size * style.leading, paragraphGap: size * 0.55 };
}

/** How high `text` is when it is set at `size`. Blank lines become a gap between paragraphs. */
export function heightAt(doc: Doc, text: string, style: TypeStyle, size: number, width: number): number {
  doc.font("text").fontSize(size);
  return doc.heightOfString(text.replaceAll("\n\n", "\n"), options(style, size, width));
}

/** What one very long word may shrink a page to, so that it is not broken. */
const LEAST = 11;

/** The largest size at which no word of `text` is wider than a line. */
export function sizeForWords(doc: Doc, text: string, style: TypeStyle, width: number): number {
  doc.font("text").fontSize(style.size);
  // Short words fit at any size, and measuring takes time.
  const words = text.split(/\s+/).filter((word) => word.length * style.size * 0.3 > width);
  const widest = Math.max(0, ...words.map((word) => doc.widthOfString(word)));
  const size = Math.floor(style.size * width / Math.max(widest, width) / STEP) * STEP;
  return Math.max(size, LEAST);
}

/**
 * The largest size at which `text` fits into the box, down to the floor, and how high it is then; `undefined` when even that is
 * too big.
 */
export function sizeThatFits(
  doc: Doc,
  text: string,
  style: TypeStyle,
  width: number,
  height: number,
): { size: number; needed: number } | undefined {
  const largest = sizeForWords(doc, text, style, width);
  const floor = Math.min(largest, style.floor);
  for (let size = largest; size >= floor;) {
    const needed = heightAt(doc, text, style, size, width);
    if (needed <= height) return { size, needed };
    // Height grows about with the square of the size: jump near the answer instead of trying every step.
    const guess = Math.floor(size * Math.sqrt(height / needed) / STEP + 1) * STEP;
    size = Math.min(size - STEP, Math.max(guess, floor));
  }
}

/** Cuts `text` into a part that fits at `size` and the rest, between two words, if possible between sentences. */
export function splitToFit(
  doc: Doc,
  text: string,
  style: TypeStyle,
  size: number,
  width: number,
  height: number,
): [string, string] {
  const breaks = [...text.matchAll(/\s+/g)].map((match) => match.index);
  let [low, high] = [0, breaks.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (heightAt(doc, text.slice(0, breaks[middle]), style, size, width) <= height) low = middle + 1;
    else high = middle - 1;
  }
  // No word is longer than a page: printable() has broken those that are.
  const cut = breaks[Math.max(low, 1) - 1] ?? text.length;
  const sentence = [...text.slice(0, cut).matchAll(/[.!?…][”“"»’)]*\s/g)].at(-1);
  const end = sentence && sentence.index > cut * 0.6 ? sentence.index + sentence[0].length : cut;
  return [text.slice(0, end).trim(), text.slice(end).trim()];
}

/** Sets `text` with its first line at `x`/`y`. */
export function setText(
  doc: Doc,
  text: string,
  style: TypeStyle,
  size: number,
  x: number,
  y: number,
  width: number,
): void {
  doc.font("text").fontSize(size);
  doc.text(text.replaceAll("\n\n", "\n"), x, y, options(style, size, width));
}
