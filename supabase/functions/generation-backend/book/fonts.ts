import * as fontkit from "fontkit";

/** The two cuts of Literata, which has Latin, Greek and Cyrillic letters. */
export interface Fonts {
  regular: Uint8Array;
  bold: Uint8Array;
  /** Whether both can draw the character. */
  has: (codePoint: number) => boolean;
}

const read = (name: string) => Deno.readFile(new URL(`../fonts/${name}`, import.meta.url));

async function load(): Promise<Fonts> {
  const [regular, bold] = await Promise.all([read("Literata-Regular.ttf"), read("Literata-Bold.ttf")]);
  const opened = fontkit.create(Uint8Array.from(regular) as Parameters<typeof fontkit.create>[0]);
  if (!("hasGlyphForCodePoint" in opened)) throw new Error("the font file holds a collection");
  return { regular, bold, has: (codePoint) => opened.hasGlyphForCodePoint(codePoint) };
}

let loaded: Promise<Fonts> | undefined;

/** The fonts, read once for the life of the process. */
export function loadFonts(): Promise<Fonts> {
  loaded ??= load().catch((error) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}
