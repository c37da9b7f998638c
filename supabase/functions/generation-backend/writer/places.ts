import type { Character } from "../words/characters.ts";
import { settings } from "../words/settings.ts";

/** A setting that a text names, and the word that named it. */
export interface FoundSetting {
  key: string;
  word: string;
  /** Where in the text the word begins. */
  at: number;
}

const byWord = Object.entries(settings)
  .flatMap(([key, { words }]) => words.map((word) => ({ key, word })))
  .sort((a, b) => b.word.length - a.word.length);

/** Words that set a scene without being a place one can live in. */
export const seasons: readonly string[] = ["winter", "invierno", "stars"];

/** The setting whose word comes first in `text`, which is lower case. */
export function settingIn(text: string): FoundSetting | undefined {
  let found: FoundSetting | undefined;
  for (const { key, word } of byWord) {
    const match = new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "u").exec(text);
    if (match && (!found || match.index < found.at)) found = { key, word, at: match.index };
  }
  return found;
}

/**
 * The setting of a tale: where it leads (`toward`), or what the text names. Who lives in the sea stays there when the
 * text names it, whatever else it names: a castle on the sea floor is no castle on a hill.
 */
export function settingFor(
  text: string,
  toward: string | undefined,
  named: string | undefined,
  character: Character | undefined,
): string {
  const lower = text.toLowerCase();
  const inTheSea = character?.habitat === "sea" &&
    settings.sea.words.some((word) => new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "u").test(lower));
  return toward ?? (inTheSea ? "sea" : named) ?? settingIn(lower)?.key ?? character?.habitat ?? "land";
}
