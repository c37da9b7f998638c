// @ts-types="@types/fontkit"
import * as fontkit from "fontkit";
import { fromBase64 } from "../../_shared/bytes.ts";
import boldFile from "../fonts/PictureBookSerif-Bold.json" with { type: "json" };
import regularFile from "../fonts/PictureBookSerif-Regular.json" with { type: "json" };
import type { Doc } from "./typeset.ts";

/** Two weights of Picture Book Serif, made from SIL's Gentium Plus: all of Latin and Greek, polytonic too, and Cyrillic, but for Old Slavonic. */
export interface Fonts {
  regular: Uint8Array;
  bold: Uint8Array;
  /** Whether both can draw the character: their repertoire is the same. */
  has: (codePoint: number) => boolean;
}

function load(): Fonts {
  const [regular, bold] = [regularFile, boldFile].map(fromBase64);
  const opened = fontkit.create(regular as unknown as Parameters<typeof fontkit.create>[0]);
  if (!("characterSet" in opened)) throw new Error("the font file holds a collection");
  return { regular, bold, has: (codePoint) => opened.hasGlyphForCodePoint(codePoint) };
}

let loaded: Fonts | undefined;

/** The fonts, opened once for the life of the process. @throws {Error} when one is damaged. */
export function loadFonts(): Fonts {
  return loaded ??= load();
}

type Shape = (text: string, features?: Record<string, boolean>) => unknown;
type Opened = Doc & { _font: { font: { layout: Shape } } };

/** What the features left out below need to do anything: marks, the signs of tones, letters that stand above or below, and SIL’s own. */
const MARKED = /[\p{M}\p{Sk}\p{Lm}\p{Co}]/u;
const UNMARKED = { ccmp: false, mark: false, mkmk: false };

/**
 * Gives `doc` the fonts, as `text` and `bold`. Most words have no marks once they are composed: without the features that
 * are about marks they look the same, and take a fraction of the time.
 */
export function useFonts(doc: Doc): void {
  const { regular, bold } = loadFonts();
  for (const [name, file] of Object.entries({ text: regular, bold })) {
    doc.registerFont(name, file as unknown as string);
    const { font } = (doc.font(name) as Opened)._font;
    const shape = font.layout.bind(font);
    font.layout = (text, features) => shape(text, features ?? (MARKED.test(text) ? undefined : UNMARKED));
  }
}
