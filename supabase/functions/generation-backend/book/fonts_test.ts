// Words are shaped with fewer features than there are, and look the same.
import assert from "node:assert/strict";
import * as fontkit from "fontkit";
import fc from "fast-check";
import PDFDocument from "pdfkit";
import { effort } from "../../../../tests/support/effort.ts";
import { loadFonts, useFonts } from "./fonts.ts";
import type { Doc } from "./typeset.ts";

type Run = { glyphs: { id: number }[]; positions: unknown[] };
type Font = { layout(text: string): Run; characterSet: number[] };

const { regular, bold } = loadFonts();
const whole = Object.entries({ text: regular, bold }).map(([name, file]) =>
  [name, fontkit.create(file as never) as unknown as Font] as const
);
const doc = new PDFDocument({ autoFirstPage: false, font: "" }) as Doc;
useFonts(doc);
const shaped = ({ glyphs, positions }: Run) => [glyphs.map(({ id }) => id), positions];

for (const [name, font] of whole) {
  Deno.test(`every sign of ${name}, and words of them, are shaped as with all features`, () => {
    const { layout } = (doc.font(name) as unknown as { _font: { font: Font } })._font.font;
    const same = (text: string) => assert.deepEqual(shaped(layout(text)), shaped(font.layout(text)), text);
    const signs = font.characterSet.map((sign) => String.fromCodePoint(sign));
    for (const sign of signs) same(`a${sign}i`);
    const words = fc.array(fc.constantFrom(...signs), { minLength: 2, maxLength: 8 });
    fc.assert(fc.property(words, (word) => same(word.join("").normalize("NFC"))), { numRuns: effort(4000) });
    for (const word of ["office", "AVATAR", "Tọ́nà", "i̇̀", "Ɔ̃wó", "ᾧ", "Ј́едан", "ꜛ˥˩"]) same(word);
  });
}
