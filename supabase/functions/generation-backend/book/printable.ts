import { ApiError } from "../../_shared/http/errors.ts";
import { GENERATION_ERRORS } from "../errors.ts";

/** Whether the book's font has a character. */
export type Has = (codePoint: number) => boolean;

const isSet = (text: string, has: Has) => [...text].every((sign) => has(sign.codePointAt(0) ?? 0));

/** Circled letters and the like are signs. */
const LETTER = /(?!\p{So})\p{Alphabetic}/gu;

/**
 * The first letter of `text` that `has` lacks, in the form a book would show it. The same rule stands in the database, as
 * `credits_private.unset_letter()`, so that no book is sold that a letter would be missing from.
 */
export function unsetLetter(text: string, has: Has): string | undefined {
  for (const [letter] of text.normalize("NFKC").matchAll(LETTER)) {
    if (!isSet(letter, has)) return letter;
  }
}

/** Signs of other scripts that a plain one can stand for, where Unicode names none. */
const PLAIN: Record<string, string> = { "。": ".", "、": ",", "「": "“", "」": "”", "『": "“", "』": "”" };

/** `sign` in signs that the font has, or nothing. */
function replacement(sign: string, has: Has): string {
  const plain = PLAIN[sign] ?? sign.normalize("NFKD").replace(/\p{M}/gu, "");
  return isSet(plain, has) ? plain : "";
}

const NEVER_SHOWN = /[\u{FFFD}\p{Cc}\p{Cf}\p{Variation_Selector}\p{Emoji_Modifier}\u{20E3}]/u;
const SEPARATOR = /[\t\v\f\u0085\u2028\u2029]/g;
/** No letter has more: each is drawn over the others, and takes its time. */
const MARKS = /(\p{M}{8})\p{M}+/gu;
/** No word is longer than this many signs: breaking a line within a word takes time that grows with its square. */
const LONGEST_WORD = /\S{80}(?=[^\s\p{M}])/gu;

/**
 * `text` as the font can set it: composed, its separators as spaces. Signs that the font lacks, such as emoji, become their
 * plain form or go, with the space that they leave; everything else stays as it was written. Paragraphs (blank lines) stay;
 * words that no line holds are broken.
 *
 * @throws {ApiError} `unsupported_script`, naming the letter, when one is lacking
 */
export function printable(text: string, has: Has): string {
  const letter = unsetLetter(text, has);
  if (letter) {
    const message = `No book can show the letter “${letter}”`;
    throw new ApiError(GENERATION_ERRORS.unsupported_script, { message });
  }
  // A row of spaces is one: it costs nothing, as the measure of a book counts none of them.
  const composed = text.toWellFormed().replace(SEPARATOR, " ").replace(/ {2,}/g, " ").normalize("NFC");
  let set = "";
  let isGap = false;
  for (const sign of composed) {
    const shown = sign === "\n" || (!NEVER_SHOWN.test(sign) && has(sign.codePointAt(0) ?? 0))
      ? sign
      : NEVER_SHOWN.test(sign)
      ? ""
      : replacement(sign, has);
    if (isGap && / $/.test(set) && /^[ .,!?;:]/.test(shown)) set = set.slice(0, -1);
    set += shown;
    isGap = shown === "" && sign !== "\u00ad";
  }
  return set.replace(/ ?\n ?/g, "\n").replace(/\n{2,}/g, "\n\n").replace(MARKS, "$1").replace(
    LONGEST_WORD,
    "$& ",
  ).trim();
}
