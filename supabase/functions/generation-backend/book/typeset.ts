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

/** The largest size at which `text` fits into the box, down to the floor; `undefined` when even that is too big. */
export function sizeThatFits(
  doc: Doc,
  text: string,
  style: TypeStyle,
  width: number,
  height: number,
): number | undefined {
  for (let size = style.size; size >= style.floor;) {
    const needed = heightAt(doc, text, style, size, width);
    if (needed <= height) return size;
    // Height grows about with the square of the size: jump near the answer instead of trying every step.
    const guess = Math.floor(size * Math.sqrt(height / needed) / STEP + 1) * STEP;
    size = Math.min(size - STEP, Math.max(guess, style.floor));
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
  if (low === 0) return splitWord(doc, text, style, size, width, height);
  const cut = breaks[low - 1];
  const sentence = [...text.slice(0, cut).matchAll(/[.!?…][”“"»’)]*\s/g)].at(-1);
  const end = sentence && sentence.index > cut * 0.6 ? sentence.index + sentence[0].length : cut;
  return [text.slice(0, end).trim(), text.slice(end).trim()];
}

/** A single word that is longer than a page: cut wherever the page ends. */
function splitWord(
  doc: Doc,
  text: string,
  style: TypeStyle,
  size: number,
  width: number,
  height: number,
): [string, string] {
  const signs = [...text];
  let count = Math.min(signs.length, 4000);
  while (count > 1 && heightAt(doc, signs.slice(0, count).join(""), style, size, width) > height) {
    count = Math.floor(count * 0.8);
  }
  return [signs.slice(0, count).join(""), signs.slice(count).join("")];
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
