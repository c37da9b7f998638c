// @ts-types="@types/fontkit"
import * as fontkit from "fontkit";
import { fromBase64 } from "../../_shared/bytes.ts";
import boldFile from "../fonts/Literata-Bold.json" with { type: "json" };
import regularFile from "../fonts/Literata-Regular.json" with { type: "json" };

/** The two cuts of Literata, which has Latin, Greek and Cyrillic letters. */
export interface Fonts {
  regular: Uint8Array;
  bold: Uint8Array;
  /** Whether both can draw the character. */
  has: (codePoint: number) => boolean;
}

function load(): Fonts {
  const [regular, bold] = [regularFile, boldFile].map(fromBase64);
  const opened = fontkit.create(regular as unknown as Parameters<typeof fontkit.create>[0]);
  if (!("hasGlyphForCodePoint" in opened)) throw new Error("the font file holds a collection");
  return { regular, bold, has: (codePoint) => opened.hasGlyphForCodePoint(codePoint) };
}

let loaded: Fonts | undefined;

/** The fonts, opened once for the life of the process. @throws {Error} when one is damaged. */
export function loadFonts(): Fonts {
  return loaded ??= load();
}
