import { type Character, characters, type Sex } from "../../words/characters.ts";
import { settingIn } from "../places.ts";
import { type Being, type Goal, type Premise, tidyPrompt } from "../premise.ts";
import type { Dice } from "../random.ts";
import { traitIn } from "../traits.ts";
import { aboutTopic, findGoal, forFriend } from "./goal.ts";
import { afterEin, article, definite, indefiniteArticle } from "./words.ts";

const leadIn =
  /^(?:bitte |schreib(?:e)? |erzähl(?:e)? |mach(?:e)? )*(?:mir |uns )?(?:bitte )?(?:(?:eine|die|ein|das) )?(?:\p{L}+ ){0,2}?(?:geschichte|märchen|gutenachtgeschichte|buch) (?:über|von|vom|für|mit|darüber, wie) /iu;
const once = /^(?:es war einmal |es gab einmal |es lebte einmal )/i;

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
const byKind = new Map(characters.map((one) => [one.kind, one]));

/** A compound is what its last part is: a "Feuerdrache" is a dragon. */
function headOf(word: string): Character | undefined {
  const heads = [...byWord.keys(), ...Object.keys(aliases)].filter((head) =>
    head.length > 2 && word.length > head.length + 2 && word.endsWith(head)
  );
  const [longest] = heads.sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : byWord.get(longest) ?? byKind.get(aliases[longest]);
}

/** The character that a German noun means. */
function characterFor(noun: string): Character | undefined {
  const word = noun.toLowerCase().replace(/[^\p{L}]/gu, "");
  return byWord.get(word) ?? byKind.get(aliases[word] ?? "") ?? byWord.get(word.replace(/n$/, "")) ??
    headOf(word);
}

const stemOf = (adjective: string) => adjective.toLowerCase().replace(/e[nrsm]?$/, "");

interface Phrase {
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
function phrasesIn(text: string): Phrase[] {
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

function beingOf(phrase: Phrase, name: string | undefined): Being {
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

const sexOf = (text: string): Sex | undefined =>
  /\b(?:sie|ihr|ihre|ihren|Mädchen|Schwester|Tochter)\b/.test(text)
    ? "f"
    : /\b(?:er|sein|seine|seinen|Junge|Bruder|Sohn)\b/.test(text)
    ? "m"
    : undefined;

function nameIn(text: string, hero: Phrase | undefined): string | undefined {
  const named = /\b(?:namens|heißt|genannt) (\p{Lu}\p{L}+)/u.exec(text)?.[1];
  if (named) return named;
  const first = /^(\p{Lu}\p{Ll}+)(?=[, ])/u.exec(text)?.[1];
  if (
    first && !/^\p{L}+ (?:macht|ist|sind|heißt|tut)\b/u.test(text) && !characterFor(first) &&
    !/^(?:Ein|Eine|Der|Die|Das|Mein|Meine|Zwei|Drei|Unser|Unsere|Warum|Wie|Was|Wo|Wer|Eines|Als|Es|Im|In|Am|Auf|Wenn)$/
      .test(first) &&
    (!hero || hero.at > 0)
  ) return first;
  return hero && /^ (\p{Lu}\p{L}+)/u.exec(text.slice(hero.end))?.[1];
}

function placeIn(text: string): { setting?: string; place?: string } {
  const found = settingIn(text.toLowerCase());
  if (!found) return {};
  const before =
    /\b((?:im|in der|in dem|in einem|in einer|am|auf der|auf dem|auf einer|auf einem|unter dem|unter der|hinter dem|neben dem|an der|bei der|beim) (?:\p{L}+ ){0,2})$/iu
      .exec(text.slice(0, found.at));
  if (!before) return { setting: found.key };
  const word = text.slice(found.at, found.at + found.word.length);
  return { setting: found.key, place: before[1].charAt(0).toLowerCase() + before[1].slice(1) + word };
}

function thingIn(text: string): string | undefined {
  const match = /\bmit (seinem|ihrem|einem|einer|seiner|ihrer) ((?:\p{Ll}+en )?)(\p{Lu}\p{L}+)/u.exec(text);
  if (
    !match || characterFor(match[3]) ||
    /(?:herz|nase|bein|flügel|schwanz|ohren?|freund|freundin|hilfe|stimme|hals)$/i.test(match[3])
  ) return;
  const feminine = /er$/.test(match[1]);
  const owner = /^(?:seine|ihre)/.exec(match[1])?.[0];
  // After "mit" masculine and neuter look the same; the possessive does in the nominative, too.
  if (feminine) return `${owner ?? "die"} ${match[2].replace(/en $/, "e ")}${match[3]}`;
  return match[2] ? undefined : owner ? `${owner.slice(0, -1)} ${match[3]}` : undefined;
}

const fact = (rest: string): string | undefined =>
  /^,? ?(?:der|die|das) ([^,.;!?]+ (?:kann|liebt|mag|hat|wohnt|lebt|ist|hasst|sammelt))(?=[,.;!?]|$)/.exec(
    rest,
  )?.[1];

/** Reads a German prompt. */
export function parse(prompt: string, dice: Dice): Premise {
  const text = tidyPrompt(prompt).replace(leadIn, "").replace(once, "")
    .replace(/^(?:Eine[nr]?|Ein|Der|Die|Das|Meine?|Unsere?|Zwei|Drei|Vier) /, (word) => word.toLowerCase());
  const phrases = phrasesIn(text);
  const firstPhrase = phrases[0]?.at === 0 ? phrases[0] : phrases.find((one) => one.character && one.at < 60);
  const name = nameIn(text, firstPhrase);
  const isNamed = name !== undefined &&
    (!firstPhrase || text.startsWith(name) && !/^\S+,? (?:der|die|das|ein|eine) /u.test(text));
  const heroPhrase = isNamed ? undefined : firstPhrase;
  const isTopic = !heroPhrase && !name;
  const sex = sexOf(text) ?? dice.pick(["m", "f"] as const);
  const child = byKind.get(sex === "f" ? "girl" : "boy");
  const animal = byKind.get(dice.pick(["rabbit", "bear", "mouse", "fox", "hedgehog"]));
  const stand = (character: Character | undefined, adjectives: string[]): Being =>
    beingOf({
      adjectives,
      noun: character?.de.one ?? "Kind",
      character,
      gender: character?.de.gender ?? "n",
      at: 0,
      end: 0,
    }, name);
  const hero = isTopic
    ? stand(animal, ["kleine"])
    : !heroPhrase
    ? { ...stand(child, []), gender: sex }
    : beingOf(heroPhrase, name);
  const rest = isNamed
    ? text.slice(name?.length ?? 0)
    : text.slice(heroPhrase?.end ?? 0).replace(new RegExp(`^ ?${name ?? "^$"}`), "").trim();
  const found = isTopic ? undefined : findGoal(text, rest);
  const trait = traitIn(
    [...(heroPhrase?.adjectives ?? []), ...rest.split(/[^\p{L}]+/u).slice(0, 4)].map((word) =>
      word.toLowerCase()
    ),
  );
  const goal: Goal = isTopic ? aboutTopic(text.slice(0, 80).replace(/[.!]$/, "")) : found?.goal ??
    (trait === "lonely" ? forFriend : { kind: "wonder", act: "dem Licht folgen", object: "" });
  const outside = found ? text.replace(found.said, " ") : text;
  const toward = goal.kind === "journey" ? settingIn(goal.act.toLowerCase())?.key : undefined;
  const { setting, place } = placeIn(outside);
  const other = phrases.find((one) =>
    one !== heroPhrase && one.character && one.character !== hero.character &&
    [one.character.de.one, one.character.de.oblique].includes(one.noun) && !found?.said.includes(one.noun) &&
    /(?:und|mit)\s*$/.test(text.slice(0, one.at))
  );
  return {
    hero,
    trait,
    fact: found ? undefined : fact(rest),
    goal,
    setting: toward ?? setting ?? settingIn(text.toLowerCase())?.key ?? hero.character?.habitat ?? "land",
    place: toward || isTopic ? undefined : place,
    pal: other && beingOf(other, /^ (\p{Lu}\p{L}+)/u.exec(text.slice(other.end))?.[1]),
    thing: thingIn(text),
  };
}
