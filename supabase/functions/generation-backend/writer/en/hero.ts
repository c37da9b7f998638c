import nlp from "compromise";
import { sexOfName } from "../names.ts";
import type { Being } from "../premise.ts";
import type { Gender } from "../template.ts";
import { characterIn, oneOf, plainNoun } from "./nouns.ts";
import { withArticle } from "./words.ts";

const determiner =
  /^(?:an?|the|my|our|his|her|their|one|some|two|three|four|five|six|seven|many|this|that)\s+/i;
const boundary =
  /^(?:who|that|which|whose|named|called|and|with|without|in|on|at|from|under|near|to|for|inside|by|is|was|are|were|has|had|can|cannot|could|about|lost|living|looking|searching|trying)$/i;

interface Term {
  text: string;
  post: string;
  tags: string[];
}

const endsPhrase = ({ text, tags }: Term, next: Term | undefined) =>
  boundary.test(text) ||
  (tags.includes("Verb") && !characterIn(text) && !tags.includes("Adjective") &&
    !(next && characterIn(next.text)));

/** The hero's noun phrase, without its determiner, and what the prompt goes on to say. */
export interface Head {
  words: string[];
  rest: string;
}

/** Splits off what comes before the first word that cannot belong to the hero's noun phrase. */
export function headOf(text: string): Head {
  const found = nlp(text).json({ terms: { text: true, tags: true, whitespace: true } }) as {
    terms: Term[];
  }[];
  const terms = found.flatMap((sentence) => sentence.terms);
  const start = determiner.test(text) ? 1 : 0;
  let end = start;
  while (end < terms.length && end - start < 6) {
    if (end > start && endsPhrase(terms[end], terms[end + 1])) break;
    end++;
    if (/[,.;:!?]/.test(terms[end - 1].post)) break;
  }
  const rest = terms.slice(end).map((term) => term.text + term.post).join("").trim();
  return { words: terms.slice(start, end).map((term) => term.text), rest };
}

/** Whether the first pronoun of a text is she or he. */
function pronounIn(text: string): Gender | undefined {
  const found = /\b(?:(she|hers?|herself)|he|his|him|himself)\b/i.exec(text);
  return found ? (found[1] ? "f" : "m") : undefined;
}

/** Whether a noun names somebody female or male. */
const sexOfNoun = (noun: string): Gender | undefined =>
  /\b(?:mother|mum|mom|woman|aunt|lady)\b/.test(noun)
    ? "f"
    : /\b(?:father|dad|man|uncle)\b/.test(noun)
    ? "m"
    : undefined;

/** Words in which somebody else is looked for: further on, a pronoun may mean anybody. */
const NEAR = 20;

/** What is said before anybody else comes in: its pronouns mean the hero. */
function beforeOthers(rest: string): string {
  const words = rest.split(" ", NEAR);
  const other = words.findIndex((word) => characterIn(word.replace(/\P{L}+$/u, "")));
  return (other < 0 ? words : words.slice(0, other)).join(" ");
}

const namedAs = (text: string): string | undefined =>
  /(?:named|called)\s+(\p{Lu}[\p{L}'’-]*)/u.exec(text)?.[1] ??
    /^(\p{Lu}[\p{L}'’-]+),? the\b/u.exec(text)?.[1];

/** The hero of a prompt. `text` begins with the hero; `whole` is everything that was said. */
export function heroOf(text: string, whole: string): { hero: Being; rest: string; adjectives: string[] } {
  // "Mia, a brave little mouse, …": the name first, then what she is.
  const apposition = /^(\p{Lu}[\p{L}'’-]+),? (?:is |was )?((?:an?|the) .+)/u.exec(text);
  const { words, rest } = headOf(apposition ? apposition[2] : text);
  const proper = words.filter((word) => /^\p{Lu}\p{Ll}+/u.test(word) && !characterIn(word));
  const name = apposition?.[1] ?? namedAs(text) ?? (proper.length > 0 ? proper.join(" ") : undefined);
  const nouns = words.filter((word) => !proper.includes(word) && !/^the$/i.test(word)).map((word) =>
    word.toLowerCase()
  );
  const character = characterIn(nouns.join(" ")) ?? (name ? characterIn(name) : undefined);
  const number = /^(two|three|four|five|six|seven)\b/i.exec(text)?.[1].toLowerCase();
  if (name && /^(?:santa|father christmas)/i.test(name)) {
    const phrase = "a kind old man with a white beard";
    return {
      hero: { kind: "grandfather", phrase, short: "the old man", name, gender: "m" },
      rest,
      adjectives: [],
    };
  }
  const gender = character?.en.sex ?? sexOfNoun(nouns.join(" ")) ?? pronounIn(beforeOthers(rest)) ??
    sexOfName(name) ?? pronounIn(whole);
  const someone = gender === "f" ? "girl" : gender === "m" ? "boy" : "child";
  const noun = plainNoun(oneOf(nouns.at(-1) ?? character?.en.one ?? someone));
  const adjectives = nouns.slice(0, -1);
  const phrase = number
    ? `the ${number === "two" ? "smaller" : "smallest"} of ${number} ${nouns.join(" ")}`
    : /^\w+est$/.test(nouns[0] ?? "")
    ? `the ${nouns.join(" ")}`
    : withArticle([...adjectives, noun].join(" "));
  const kind = character?.kind ?? (nouns.length > 0 ? "creature" : someone);
  const picture = kind === "creature" ? noun : undefined;
  const known = character ?? (nouns.length > 0 ? undefined : characterIn(someone));
  return {
    hero: { kind, phrase, short: `the ${noun}`, name, gender, character: known, picture },
    rest,
    adjectives,
  };
}
