import type { Adjective } from "../words/adjectives.ts";
import type { Character } from "../words/characters.ts";
import type { Spot } from "../words/settings.ts";
import type { Being, Premise } from "./premise.ts";
import type { Dice } from "./random.ts";
import type { Gender } from "./template.ts";
import type { Texts } from "./texts.ts";

/** Somebody met on the way, ready for templates. */
export interface HelperWords {
  gender: Gender;
  /** `helper`, `helper.a` and whatever cases the language has. */
  slots: Record<string, string>;
}

/** One language of the offline writer: its texts, its grammar, and how it reads a prompt. */
export interface Tongue {
  texts: Texts;
  /** Names that suit any hero of that gender. */
  names: { m: readonly string[]; f: readonly string[] };
  parse(prompt: string, dice: Dice): Premise;
  helper(character: Character, adjective: Adjective): HelperWords;
  spot(spot: Spot): string;
  /** How the hero got about: "flew". */
  moved(character: Character | undefined): string;
  /** "Behind the owl came all the others: …", or nothing when there are none. */
  others(first: HelperWords, rest: HelperWords[]): string;
  /** The title on the cover; `name` is the hero's. */
  title(premise: Premise, name: string, dice: Dice): string;
  /** "a cat called Momo". */
  called(being: Being, name: string): string;
  /** The sentence about what else is so, as a template. */
  fact(fact: string): string;
  /** Contractions and other joints between words. */
  finish(text: string): string;
}
