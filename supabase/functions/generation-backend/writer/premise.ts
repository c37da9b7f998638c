import type { Character } from "../words/characters.ts";
import type { Gender } from "./template.ts";
import type { GoalKind } from "./texts.ts";

/** Somebody the prompt names, as its language puts it. */
export interface Being {
  /** What the illustrator draws; `child` or `creature` when the noun is not in the tables. */
  kind: string;
  /** With an indefinite article: "a shy dragon", "ein schüchterner Drache". Nominative. */
  phrase: string;
  /** How the text goes on calling them when they have no name: "the cat", "die Katze". */
  short: string;
  /** `short` as the object of a verb, where that differs. */
  accusative?: string;
  name?: string;
  /** In English, for the picture, where the tables have no word: "teapot". */
  picture?: string;
  gender?: Gender;
  character?: Character;
}

/** What the tale is to be about. */
export interface Goal {
  kind: GoalKind;
  /** An infinitive phrase: "whistle", "find the golden key", "auf den Mond fliegen". */
  act: string;
  /** What it is about: the thing, the fear, the way there. Empty for skills. */
  object: string;
  /** A skill that the details know, such as `whistle`. */
  skill?: string;
}

/** What a prompt says, taken apart. */
export interface Premise {
  hero: Being;
  trait?: string;
  /** What else is so, as a predicate in the past: "could talk to trees". */
  fact?: string;
  goal: Goal;
  /** A key of `settings`. */
  setting: string;
  /** Where the hero lives, as a phrase after "lived". */
  place?: string;
  pal?: Being;
  /** A keepsake, with a definite article or possessive. */
  thing?: string;
}

/** Collapses white space and drops what no story can use: control characters, pictographs, wrapping quotes. */
export function tidyPrompt(prompt: string): string {
  return prompt.normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/gu, " ")
    .replace(/[<>{}[\]|]/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^["“„«'‘\s]+|["”“»'’\s]+$/g, "")
    .trim();
}

/** Cuts a captured phrase where the next thought begins, and after `words` words. */
export function clip(phrase: string, stops: RegExp, words = 9): string {
  const [first] = phrase.split(stops);
  return first.trim().split(" ").slice(0, words).join(" ").replace(/[\s,;:.!?–—-]+$/, "");
}
