// @ts-types="@types/fontkit"
import * as fontkit from "fontkit";
import { fromBase64 } from "../../_shared/bytes.ts";
import boldFile from "../fonts/PictureBookSerif-Bold.json" with { type: "json" };
import regularFile from "../fonts/PictureBookSerif-Regular.json" with { type: "json" };

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
  const known = new Set(opened.characterSet);
  return { regular, bold, has: (codePoint) => known.has(codePoint) };
}

let loaded: Fonts | undefined;

/** The fonts, opened once for the life of the process. @throws {Error} when one is damaged. */
export function loadFonts(): Fonts {
  return loaded ??= load();
}
