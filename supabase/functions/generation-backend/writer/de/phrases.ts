import { type Character, characters, type Sex } from "../../words/characters.ts";
import type { Being } from "../premise.ts";
import { afterEin, article, definite, indefiniteArticle } from "./words.ts";

/** Words for somebody the tables know under another name, and their gender. */
const aliases: Record<string, readonly [kind: string, gender: Sex]> = {
  zwilling: ["child", "m"],
  oktopus: ["octopus", "m"],
  tintenfisch: ["octopus", "m"],
  hummer: ["crab", "m"],
  drachenmädchen: ["dragon", "n"],
  oma: ["grandmother", "f"],
  opa: ["grandfather", "m"],
  dino: ["dinosaur", "m"],
  kuh: ["cow", "f"],
  hündchen: ["puppy", "n"],
  häschen: ["bunny", "n"],
  bärchen: ["bear", "n"],
  teddy: ["bear", "m"],
  zauberin: ["witch", "f"],
  freund: ["child", "m"],
  freundin: ["girl", "f"],
  bruder: ["boy", "m"],
  schwester: ["girl", "f"],
  tochter: ["girl", "f"],
  sohn: ["boy", "m"],
  mann: ["baker", "m"],
  frau: ["gardener", "f"],
  schweinchen: ["piglet", "n"],
  mäuschen: ["mouse", "n"],
  vögelchen: ["bird", "n"],
  fischlein: ["fish", "n"],
  möwe: ["pigeon", "f"],
  krähe: ["raven", "f"],
  biber: ["mole", "m"],
  hamster: ["mouse", "m"],
  huhn: ["hen", "n"],
  hahn: ["hen", "m"],
  gespenst: ["ghost", "n"],
  geist: ["ghost", "m"],
  seeräuber: ["pirate", "m"],
  lokomotive: ["train", "f"],
  wolke: ["cloud", "f"],
  kaninchen: ["rabbit", "n"],
  meerschweinchen: ["mouse", "n"],
  faultier: ["koala", "n"],
  kind: ["child", "n"],
  stern: ["star", "m"],
  kätzchen: ["kitten", "n"],
  vater: ["baker", "m"],
  mutter: ["gardener", "f"],
  papa: ["baker", "m"],
  mama: ["gardener", "f"],
};
/** Several of them, where the word itself changes. */
const manyOf: Record<string, string> = {
  schwestern: "Schwester",
  brüder: "Bruder",
  töchter: "Tochter",
  söhne: "Sohn",
  freunde: "Freund",
  freundinnen: "Freundin",
  zwillinge: "Zwilling",
  geschwister: "Kind",
  omas: "Oma",
  opas: "Opa",
};
/** Children of a family are children to a reader. */
const plain: Record<string, string> = {
  tochter: "girl",
  schwester: "girl",
  nichte: "girl",
  enkelin: "girl",
  freundin: "girl",
  sohn: "boy",
  bruder: "boy",
  neffe: "boy",
  enkel: "boy",
  freund: "boy",
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
  return longest === undefined ? undefined : byWord.get(longest) ?? byKind.get(aliases[longest][0]);
}

/** The character that a German noun means. */
export function characterFor(noun: string): Character | undefined {
  const said = noun.toLowerCase().replace(/[^\p{L}]/gu, "");
  const word = manyOf[said]?.toLowerCase() ?? said;
  return byWord.get(word) ?? byKind.get(aliases[word]?.[0] ?? "") ?? byWord.get(word.replace(/n$/, "")) ??
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
  /(?<![\p{L}])(?:(eine[nmrs]?|ein|der|die|das|dem|den|mein|meine[rmn]?|unser|unsere[rmn]?|seine?[nmr]?|ihre?[nmr]?|zwei|drei|vier) )?((?:\p{Ll}{3,}(?:er|e|es|en|em) ){0,3})(\p{Lu}[\p{L}-]+)/gu;

/** The noun phrases of a text, those whose noun the tables know or that have an article. */
export function phrasesIn(text: string): Phrase[] {
  return [...text.matchAll(nounPhrase)].flatMap((match) => {
    const [whole, determiner = "", adjectiveText, noun] = match;
    const character = characterFor(noun);
    const adjectives = adjectiveText.trim().split(" ").filter(Boolean);
    if (!character && !determiner) return [];
    const ending = adjectives[0] ?? "";
    const isDative = /(?:^| )(?:mit|bei|von|zu|aus|nach) $/i.test(text.slice(0, match.index));
    const told: Sex = /^(?:die|(?:ein|mein|sein|ihr|unser)er?)$/i.test(determiner) ||
        isDative && /^der$/i.test(determiner)
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
    const alias = aliases[manyOf[word]?.toLowerCase() ?? word];
    const gender = alias ? alias[1] : isForm ? character.de.gender : /(?:chen|lein)$/.test(word) ? "n" : told;
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

/** The hero as a stranger would say it: "meine Tochter" is a girl. */
export function asStranger(phrase: Phrase): Phrase {
  const character = byKind.get(plain[phrase.noun.toLowerCase()] ?? "");
  return character ? { ...phrase, noun: character.de.one, gender: character.de.gender, character } : phrase;
}

/** Somebody as the tale will call them, in the nominative. */
export function beingOf(phrase: Phrase, name: string | undefined): Being {
  const { character, adjectives, gender } = phrase;
  const known = character &&
    [character.de.one, character.de.oblique, character.de.many].some((form) =>
      form.toLowerCase() === phrase.noun.toLowerCase()
    );
  const noun = known ? character.de.one : manyOf[phrase.noun.toLowerCase()] ?? phrase.noun;
  const stems = adjectives.map(stemOf).map((stem) => afterEin(stem, "nom", gender));
  return {
    kind: character?.kind ?? "creature",
    phrase: phrase.number
      ? `eine${{ m: "r", f: "", n: "s" }[gender]} von ${
        [
          phrase.number,
          ...adjectives.map((word) => `${stemOf(word)}en`),
          dativePlural(known ? character.de.many : phrase.noun),
        ].join(" ")
      }`
      : [indefiniteArticle("nom", gender), ...stems, noun].join(" "),
    short: known ? definite(character, "nom") : `${article("nom", gender)} ${noun}`,
    accusative: known ? definite(character, "acc") : `${article("acc", gender)} ${noun}`,
    name,
    gender: character?.en.sex ?? gender,
    character,
  };
}
