import { type Character, characters, type Sex } from "../../words/characters.ts";
import type { Being } from "../premise.ts";
import { afterEin, article, definite, indefiniteArticle } from "./words.ts";

const aliases: Record<string, string> = {
  drachenmädchen: "dragon",
  oma: "grandmother",
  opa: "grandfather",
  dino: "dinosaur",
  kuh: "cow",
  hündchen: "puppy",
  häschen: "bunny",
  bärchen: "bear",
  teddy: "bear",
  zauberin: "witch",
  freund: "child",
  freundin: "girl",
  bruder: "boy",
  schwester: "girl",
  tochter: "girl",
  sohn: "boy",
  mann: "baker",
  frau: "gardener",
  schweinchen: "piglet",
  mäuschen: "mouse",
  vögelchen: "bird",
  fischlein: "fish",
  möwe: "pigeon",
  krähe: "raven",
  biber: "mole",
  hamster: "mouse",
  huhn: "hen",
  hahn: "hen",
  gespenst: "ghost",
  geist: "ghost",
  seeräuber: "pirate",
  prinzessinnen: "princess",
  lokomotive: "train",
  wolke: "cloud",
  kaninchen: "rabbit",
  meerschweinchen: "mouse",
  faultier: "koala",
  kind: "child",
  stern: "star",
  kätzchen: "kitten",
  vater: "baker",
  mutter: "gardener",
  papa: "baker",
  mama: "gardener",
};
const byWord = new Map<string, Character>(
  characters.flatMap((one) =>
    [one.de.one, one.de.oblique, one.de.many].map((word) => [word.toLowerCase(), one] as const)
  ).reverse(),
);
export const byKind = new Map(characters.map((one) => [one.kind, one]));

/** A compound is what its last part is: a "Feuerdrache" is a dragon. */
function headOf(word: string): Character | undefined {
  const heads = [...byWord.keys(), ...Object.keys(aliases)].filter((head) =>
    head.length > 2 && word.length > head.length + 2 && word.endsWith(head)
  );
  const [longest] = heads.sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : byWord.get(longest) ?? byKind.get(aliases[longest]);
}

/** The character that a German noun means. */
export function characterFor(noun: string): Character | undefined {
  const word = noun.toLowerCase().replace(/[^\p{L}]/gu, "");
  return byWord.get(word) ?? byKind.get(aliases[word] ?? "") ?? byWord.get(word.replace(/n$/, "")) ??
    headOf(word);
}

const stemOf = (adjective: string) => adjective.toLowerCase().replace(/e[nrsm]?$/, "");

/** A noun phrase of a prompt, and where it stands. */
export interface Phrase {
  adjectives: string[];
  noun: string;
  character?: Character;
  gender: Sex;
  /** "drei", when there are several. */
  number?: string;
  at: number;
  end: number;
}

const nounPhrase =
  /(?<![\p{L}])(?:(eine[nmrs]?|ein|der|die|das|dem|den|mein|meine|unser|unsere|seine?[nmr]?|ihre?[nmr]?|zwei|drei|vier) )?((?:\p{Ll}{3,}(?:er|e|es|en|em) ){0,3})(\p{Lu}[\p{L}-]+)/gu;

/** The noun phrases of a text, those whose noun the tables know or that have an article. */
export function phrasesIn(text: string): Phrase[] {
  return [...text.matchAll(nounPhrase)].flatMap((match) => {
    const [whole, determiner = "", adjectiveText, noun] = match;
    const character = characterFor(noun);
    const adjectives = adjectiveText.trim().split(" ").filter(Boolean);
    if (!character && !determiner) return [];
    const ending = adjectives[0] ?? "";
    const told: Sex = /^eine[r]?$|^die$|^(?:meine|unsere|seine|ihre)$/i.test(determiner)
      ? "f"
      : /es$/.test(ending)
      ? "n"
      : /^das$/i.test(determiner)
      ? "n"
      : "m";
    const word = noun.toLowerCase();
    const isForm = character &&
      [character.de.one, character.de.oblique, character.de.many].some((form) =>
        word.endsWith(form.toLowerCase())
      );
    const number = /^(?:zwei|drei|vier)$/i.test(determiner) ? determiner.toLowerCase() : undefined;
    const gender = isForm ? character.de.gender : /(?:chen|lein)$/.test(word) ? "n" : told;
    return [{
      adjectives,
      noun,
      character,
      gender,
      number,
      at: match.index,
      end: match.index + whole.length,
    }];
  });
}

const dativePlural = (many: string) => /[ns]$/.test(many) ? many : `${many}n`;

/** Somebody as the tale will call them, in the nominative. */
export function beingOf(phrase: Phrase, name: string | undefined): Being {
  const { character, adjectives, gender } = phrase;
  const known = character &&
    [character.de.one, character.de.oblique, character.de.many].some((form) =>
      form.toLowerCase() === phrase.noun.toLowerCase()
    );
  const noun = known ? character.de.one : phrase.noun;
  const stems = adjectives.map(stemOf).map((stem) => afterEin(stem, "nom", gender));
  return {
    kind: character?.kind ?? "creature",
    phrase: phrase.number
      ? `eine${{ m: "r", f: "", n: "s" }[gender]} von ${
        [
          phrase.number,
          ...adjectives.map((word) => `${stemOf(word)}en`),
          dativePlural(character?.de.many ?? phrase.noun),
        ].join(" ")
      }`
      : [indefiniteArticle("nom", gender), ...stems, noun].join(" "),
    short: known ? definite(character, "nom") : `${article("nom", gender)} ${noun}`,
    accusative: known ? definite(character, "acc") : undefined,
    name,
    gender: character?.en.sex ?? gender,
    character,
  };
}
