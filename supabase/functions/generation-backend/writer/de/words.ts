import type { Character, Sex } from "../../words/characters.ts";

/** The grammatical cases the texts need. */
export type Case = "nom" | "acc" | "dat";

const the: Record<Case, Record<Sex, string>> = {
  nom: { m: "der", f: "die", n: "das" },
  acc: { m: "den", f: "die", n: "das" },
  dat: { m: "dem", f: "der", n: "dem" },
};
const a: Record<Case, Record<Sex, string>> = {
  nom: { m: "ein", f: "eine", n: "ein" },
  acc: { m: "einen", f: "eine", n: "ein" },
  dat: { m: "einem", f: "einer", n: "einem" },
};
const mixed: Record<Case, Record<Sex, string>> = {
  nom: { m: "er", f: "e", n: "es" },
  acc: { m: "en", f: "e", n: "es" },
  dat: { m: "en", f: "en", n: "en" },
};

/** An adjective's stem with the ending it has after `ein`. */
export const afterEin = (stem: string, casus: Case, gender: Sex): string => stem + mixed[casus][gender];

const form = ({ de }: Character, casus: Case) => casus === "nom" ? de.one : de.oblique;

/** "der Bär", "den Bären". */
export const definite = (character: Character, casus: Case): string =>
  `${the[casus][character.de.gender]} ${form(character, casus)}`;

/** "ein alter Bär", "einen alten Bären"; `stem` is the adjective without an ending. */
export const indefinite = (character: Character, casus: Case, stem: string): string => {
  const { gender } = character.de;
  return `${a[casus][gender]} ${afterEin(stem, casus, gender)} ${form(character, casus)}`;
};

/** The article alone. */
export const article = (casus: Case, gender: Sex): string => the[casus][gender];
export const indefiniteArticle = (casus: Case, gender: Sex): string => a[casus][gender];
