import nlp from "compromise";
import { type Character, characters } from "../../words/characters.ts";
import { settingIn } from "../places.ts";
import { type Being, type Goal, type Premise, tidyPrompt } from "../premise.ts";
import type { Dice } from "../random.ts";
import type { Gender } from "../template.ts";
import { traitIn } from "../traits.ts";
import { aboutTopic, findGoal, forFriend } from "./goal.ts";
import { withArticle } from "./words.ts";

const leadIn =
  /^(?:(?:please|can you|could you|i want|i would like|i'd like)\s+)*(?:(?:write|tell|make|create|give|read)\s+(?:me\s+|us\s+)?)?(?:(?:an?|the|my|one)\s+)?(?:[\w-]+\s+){0,3}?(?:story|tale|fairytale|adventure|book|poem)s?\s+(?:about|of|for|where|in which|with)\s+/i;
const once = /^(?:once upon a time,?\s+)?(?:there (?:once )?(?:was|is|lived|were)(?: once)?\s+)?/i;
const determiner = /^(?:an?|the|my|our|his|her|their|one|some|two|three|four|five|six|seven|many)\s+/i;
const boundary =
  /^(?:who|that|which|whose|named|called|and|with|without|in|on|at|from|under|near|to|for|inside|by|is|was|are|were|has|had|can|cannot|could|about)$/i;

const byWord = new Map<string, Character>(
  characters.flatMap((one) => [[one.en.one, one], [one.en.many, one]] as const),
);
const aliases: Record<string, string> = {
  "kitty": "kitten",
  "mum": "woman",
  "ladybug": "ladybird",
  "grandma": "grandmother",
  "granny": "grandmother",
  "grandpa": "grandfather",
  "grandad": "grandfather",
  "teddy": "bear",
  "dino": "dinosaur",
  "rooster": "hen",
  "chicken": "hen",
  "dwarf": "gnome",
  "spaceman": "astronaut",
  "kid": "child",
  "kids": "child",
  "sister": "girl",
  "brother": "boy",
  "doggy": "dog",
  "tortoise": "turtle",
  "reindeer": "deer",
  "woman": "gardener",
  "man": "baker",
};

/** The character that a noun phrase means, by its last words. */
export function characterIn(phrase: string): Character | undefined {
  const words = phrase.toLowerCase().replace(/[’']s\b/g, "").split(/\s+/);
  for (let at = words.length - 1; at >= 0; at--) {
    const two = words.slice(at - 1, at + 1).join(" ");
    const found = (at > 0 ? byWord.get(two) : undefined) ?? byWord.get(words[at]) ??
      byWord.get(aliases[words[at]]);
    if (found) return found;
  }
}

interface Term {
  text: string;
  post: string;
  tags: string[];
}

const endsPhrase = ({ text, tags }: Term, next: Term | undefined) =>
  boundary.test(text) ||
  (tags.includes("Verb") && !characterIn(text) && !tags.includes("Adjective") &&
    !(next && characterIn(next.text)));

/** Splits off the hero's noun phrase: what comes before the first word that cannot belong to it. */
function headOf(text: string): { words: string[]; rest: string } {
  const sentencesOf = nlp(text).json({ terms: { text: true, tags: true, whitespace: true } }) as {
    terms: Term[];
  }[];
  const terms = sentencesOf.flatMap((sentence) => sentence.terms);
  const start = determiner.test(text) ? 1 : 0;
  let end = start;
  while (end < terms.length && end - start < 6) {
    if (end > start && endsPhrase(terms[end], terms[end + 1])) break;
    end++;
    if (/[,.;:!?]/.test(terms[end - 1].post)) break;
  }
  const textOf = (some: Term[]) => some.map((term) => term.text + term.post).join("").trim();
  return { words: terms.slice(start, end).map((term) => term.text), rest: textOf(terms.slice(end)) };
}

const sexOf = (text: string): Gender | undefined =>
  /\b(?:she|her|herself|girl|sister|mother|mum|mom)\b/i.test(text)
    ? "f"
    : /\b(?:he|his|him|himself|boy|brother|father|dad)\b/i.test(text)
    ? "m"
    : undefined;

function heroOf(text: string, whole: string): { hero: Being; rest: string; adjectives: string[] } {
  const { words, rest } = headOf(text);
  const plain = words.map((word) => word.replace(/[,.;:!?]+$/, ""));
  const named = /(?:named|called)\s+(\p{Lu}[\p{L}'’-]*)/u.exec(text)?.[1] ??
    /^(\p{Lu}[\p{L}'’-]+),? the\b/u.exec(text)?.[1];
  const proper = plain.filter((word) => /^\p{Lu}\p{Ll}+/u.test(word) && !characterIn(word));
  const nouns = plain.filter((word) => !proper.includes(word) && !/^the$/i.test(word)).map((word) =>
    word.toLowerCase()
  );
  const character = characterIn(nouns.join(" "));
  const name = named ?? (proper.length > 0 ? proper.join(" ") : undefined);
  const number = /^(two|three|four|five|six|seven)\b/i.exec(text)?.[1].toLowerCase();
  const singular = character && character.en.many === nouns.at(-1)
    ? [...nouns.slice(0, -1), character.en.one]
    : nouns;
  const noun = singular.join(" ") || (sexOf(whole) === "m" ? "boy" : "girl");
  const phrase = number ? `the smallest of ${number} ${nouns.join(" ")}` : withArticle(noun);
  const byName = name ? nlp(name).people().json()[0]?.person?.gender : undefined;
  const gender = character?.en.sex ?? sexOf(whole) ??
    ({ male: "m", female: "f" } as const)[byName as "male" | "female"];
  const kind = character?.kind ?? (nouns.length > 0 ? "creature" : gender === "m" ? "boy" : "girl");
  return {
    hero: { kind, phrase, short: `the ${singular.at(-1) ?? "child"}`, name, gender, character },
    rest,
    adjectives: nouns.slice(0, -1),
  };
}

/** Somebody else in the text, after the hero and outside the goal. */
function palIn(rest: string, goalSaid: string, hero: Being): Being | undefined {
  const text = rest.replace(goalSaid, " ");
  const found =
    /\b(?:and|with|meets?|helps?)\s+((?:(?:his|her|its|their|an?|the|my)\s+)?(?:[\w-]+\s+){0,3}?)([\w-]+)((?:\s+(?:named|called))?\s+(\p{Lu}[\p{L}-]+))?/u;
  for (let from = text; from;) {
    const match = found.exec(from);
    if (!match) return;
    const character = characterIn(`${match[1]}${match[2]}`);
    if (character && character !== hero.character) {
      const one = character.en.one;
      return {
        kind: character.kind,
        phrase: `a ${one}`,
        short: match[4] ?? `the ${one}`,
        name: match[4],
        character,
      };
    }
    from = from.slice(match.index + 4);
  }
}

const notKept =
  /\b(?:wing|leg|tail|nose|voice|heart|eye|ear|tooth|horn|smile|hair|fear|problem|dream|secret|cold|family|friend|idea|difference|twist|moral|lesson|ending)s?\b/i;

function thingIn(text: string): string | undefined {
  const match =
    /\bwith (an?|his|her|the|its) ((?:[\w-]+ ){0,2}?[\w-]+)(?= (?:who|that|and|in|on|to|from|goes|wants|finds|is|learns)\b|[,.;!?]|$)/i
      .exec(text);
  if (!match || notKept.test(match[2]) || characterIn(match[2])) return;
  return `the ${match[2].toLowerCase()}`;
}

function placeIn(text: string): { setting?: string; place?: string } {
  const found = settingIn(text.toLowerCase());
  if (!found) return {};
  const before = text.slice(0, found.at);
  const phrase =
    /\b(in|on|at|under|inside|near|by|above|beneath|beside|below|of) ((?:(?:the|an?|his|her|their|my|our) )?(?:[\w-]+ ){0,2})$/i
      .exec(before);
  if (!phrase || phrase[1].toLowerCase() === "of") return { setting: found.key };
  const place = `${phrase[1]} ${phrase[2]}${found.word}`.toLowerCase().replace(/ (?:my|our) /, " the ");
  return { setting: found.key, place };
}

/** Reads an English prompt. Whatever it does not say is left to chance, but to the same chance each time. */
export function parse(prompt: string, dice: Dice): Premise {
  const text = tidyPrompt(prompt).replace(leadIn, "").replace(once, "");
  const isQuestion = /^(?:why|how|what|where|when|who)\b/i.test(text);
  const known = characterIn(text.split(/[.!?]/)[0]);
  const isTopic = isQuestion ||
    (!known && /^\p{Ll}[\p{L}-]*(?: (?:and|of) \p{L}+)*$/u.test(text) && !determiner.test(text));
  const { hero, rest, adjectives } = heroOf(
    isTopic ? `a ${dice.pick(["rabbit", "bear", "mouse", "fox"])}` : text,
    isTopic ? "" : text,
  );
  const trait = traitIn([...adjectives, ...rest.toLowerCase().split(/\W+/).slice(0, 6)]);
  const found = isTopic ? undefined : findGoal(text, rest);
  const about = isQuestion
    ? `the question “${text.slice(0, 90)}${text.endsWith("?") ? "" : "?"}”`
    : text.toLowerCase();
  const goal: Goal = isTopic ? aboutTopic(about) : found?.goal ??
    (trait === "lonely" ? forFriend : { kind: "wonder", act: "find out what it is", object: "" });
  const outside = found ? text.replace(found.said, " ") : text;
  const toward = goal.kind === "journey" ? settingIn(goal.object.toLowerCase())?.key : undefined;
  const { setting, place } = placeIn(outside);
  return {
    hero,
    trait,
    goal,
    setting: toward ?? setting ?? hero.character?.habitat ?? "land",
    place: toward ? undefined : place,
    pal: isTopic ? undefined : palIn(rest, found?.said ?? "", hero),
    thing: thingIn(text),
  };
}
