import { ApiError } from "../../_shared/http/errors.ts";
import { GENERATION_ERRORS } from "../errors.ts";

/** More than this share of letters that the font lacks means: the text is in another script. */
const MOST_MISSING = 0.2;

/** No word is longer than this many signs: breaking a line within a word takes time that grows with its square. */
const LONGEST_WORD = /\S{80}(?=\S)/gu;

/** A run of letters that belong together. Modifier letters, such as an okina, are signs within one. */
const WORD = /(?:(?!\p{Lm})\p{L}\p{M}*){2,}/gu;

/** `character` in signs that the font has, or nothing. */
function replacement(character: string, has: (codePoint: number) => boolean): string {
  const plain = character.normalize("NFKD").replace(/\p{M}/gu, "");
  return [...plain].every((part) => has(part.codePointAt(0) ?? 0)) ? plain : "";
}

/**
 * `text` as the font can set it: composed, without pictographs and control characters, every other sign that the
 * font lacks replaced by its plain form or left out. Paragraphs (blank lines) stay; words that no line holds are
 * broken.
 *
 * @throws {ApiError} `unsupported_script` when a whole word is lacking, or too many letters to leave them out.
 */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  // A row of spaces is one: it costs nothing, as the measure of a book counts none of them.
  const composed = text.replace(/ {2,}/g, " ").normalize("NFC");
  const isSet = (character: string) =>
    has(character.codePointAt(0) ?? 0) || replacement(character, has) !== "";
  for (const [word] of composed.matchAll(WORD)) {
    if (![...word].some(isSet)) throw new ApiError(GENERATION_ERRORS.unsupported_script);
  }
  let letters = 0;
  let missing = 0;
  const kept = [...composed].map((character) => {
    if (character === "\n") return character;
    if (
      /[\p{Cc}\p{Cf}\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u{FE0E}\u{FE0F}\u{20E3}]/u
        .test(character)
    ) {
      return /[©®™]/.test(character) ? character : character === "\t" ? " " : "";
    }
    if (/\p{L}/u.test(character)) letters++;
    if (has(character.codePointAt(0) ?? 0)) return character;
    const plain = replacement(character, has);
    if (plain === "" && /\p{L}/u.test(character)) missing++;
    return plain;
  }).join("");
  if (missing > letters * MOST_MISSING && missing > 2) {
    throw new ApiError(GENERATION_ERRORS.unsupported_script);
  }
  return kept.replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n").replace(/\n{2,}/g, "\n\n").replace(
    / +([.,!?;:])/g,
    "$1",
  ).replace(LONGEST_WORD, "$& ").trim();
}
