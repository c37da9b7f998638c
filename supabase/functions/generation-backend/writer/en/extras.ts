import nlp from "compromise";
import { sexOfName } from "../names.ts";
import { seasons, settingIn } from "../places.ts";
import type { Being } from "../premise.ts";
import { characterIn, oneOf } from "./nouns.ts";
import { withArticle } from "./words.ts";

const found =
  /\b(?:and|with|meets?|helps?)\s+((?:(?:his|her|its|their|an?|the|my)\s+)?(?:[\p{L}-]+\s+){0,3}?)([\p{L}-]+)((?:\s+(?:named|called))?\s+(\p{Lu}[\p{L}-]+))?/u;
const nameFirst =
  /\b(?:and|with) (?:(?:his|her|their|my) )?(?:\w+ )?(?:friend )?(\p{Lu}[\p{L}-]+),? the ([\p{L}-]+)/u;

/** Somebody else in the text, after the hero. */
export function palIn(rest: string, hero: Being): Being | undefined {
  const inverted = nameFirst.exec(rest);
  if (inverted) {
    const character = characterIn(inverted[2]);
    return {
      kind: character?.kind ?? "creature",
      phrase: withArticle(inverted[2]),
      short: `the ${inverted[2]}`,
      name: inverted[1],
      character,
    };
  }
  for (let from = rest; from;) {
    const match = found.exec(from);
    if (!match) return;
    const character = characterIn(`${match[1]}${match[2]}`);
    const noun = oneOf(match[2].toLowerCase());
    // Several of a kind are what somebody likes or sees; a companion is one.
    if (character && character !== hero.character && noun === match[2].toLowerCase()) {
      return {
        kind: character.kind,
        phrase: withArticle(noun),
        short: `the ${noun}`,
        name: match[4],
        character,
      };
    }
    from = from.slice(match.index + 4);
  }
}

/** Whoever is named in one breath with the hero: "Ben and Ella". */
export function secondIn(text: string, hero: Being): Being | undefined {
  if (!hero.name) return;
  const after = text.slice(text.indexOf(hero.name) + hero.name.length);
  const name = /^ (?:and|&) (\p{Lu}\p{Ll}[\p{L}'’-]*)(?!,? the\b)/u.exec(after)?.[1];
  if (!name || characterIn(name)) return;
  const isChild = !hero.character || ["girl", "boy", "child"].includes(hero.kind);
  const kind = isChild ? ({ f: "girl", m: "boy", n: "child" } as const)[sexOfName(name) ?? "n"] : hero.kind;
  const noun = isChild ? kind : hero.short.replace(/^the /, "");
  return { kind, phrase: withArticle(noun), short: `the ${noun}`, name };
}

const body =
  /\b(?:wing|leg|tail|nose|voice|heart|eye|ear|tooth|horn|smile|hair|neck|beak|foot|trunk|shell|feather|fear|problem|dream|secret|cold|family)s?\b/i;
const noThing = /\b(?:friend|idea|difference|twist|moral|lesson|ending|help)s?\b/i;
const carried =
  /\bwith (an?|his|her|the|its|no) ((?:[\w-]+ ){0,2}?[\w-]+)(?= (?:who|that|and|in|on|to|from|goes|wants|finds|is|learns|searching|looking)\b|[,.;!?]|$)/i;

/** A keepsake that somebody has with them: "with a magic pencil". */
export function thingIn(text: string): string | undefined {
  const match = carried.exec(text);
  if (!match || body.test(match[2]) || noThing.test(match[2]) || characterIn(match[2])) return;
  return `the ${match[2].toLowerCase()}`;
}

const isPast = /^(?:did|could|was|had|would|loved|liked|hated|lived|never|always|only|were)\b/;

/** "breathes bubbles" → "breathed bubbles". */
function past(clause: string): string {
  const often = /^(never|always|only) (\p{Ll}+s\b.*)/u.exec(clause);
  if (often) return `${often[1]} ${past(often[2])}`;
  const [verb, ...rest] = clause.replace(/^can\b/, "could").replace(/^is(?:n['’]t| not)\b/, "was not")
    .replace(/^(?:won['’]t|will not)\b/, "would not").replace(/^is\b/, "was").replace(/^has\b/, "had")
    .replace(/^(?:(?:does|did)n['’]t|does not)\b/, "did not").split(" ");
  if (isPast.test(verb)) return [verb, ...rest].join(" ");
  const tagged = nlp(verb);
  tagged.tag("PresentTense");
  return [tagged.verbs().toPastTense().text() || verb, ...rest].join(" ");
}

/** What is simply so about the hero, told in the past: "could talk to trees", "had a short neck". */
export function factIn(rest: string, sentences: string[]): string | undefined {
  const has = carried.exec(rest);
  if (has && body.test(has[2])) return `had ${has[1]} ${has[2]}`;
  const clause =
    /(?:\b(?:who|that)\s+|^(?=(?:\p{Ll}+(?:n['’]t| not)|never|refuses?|hates?) ))((?:isn['’]t|won['’]t|will not|did not|can|could|is|was|loves?|loved|likes?|liked|hates?|hated|has|had|lives?|lived|never|always|only|collects?|breathes?|eats?|speaks?|glows?|shines?|doesn['’]t|does not|didn['’]t|refuses?)(?![\p{L}'’])[^.;!?]*)/iu
      .exec(rest)?.[1] ??
      sentences.slice(1).map((sentence) => /^(?:he|she|it|they)\s+(.+)/i.exec(sentence)?.[1]).find(Boolean);
  if (!clause) return;
  const [short] = clause.split(
    /,| (?:but|because|until|when|and then|and (?:wants|learns|tries|finds|her|his|their|the|an?)) /,
  );
  return past(short.trim().replace(/[.!?]+$/, ""));
}

/** The setting that the text names and, if it says so with a preposition, the words for it. */
export function placeIn(text: string): { setting?: string; place?: string } {
  const place = settingIn(text.toLowerCase());
  if (!place) return {};
  const phrase =
    /\b(in|on|at|under|inside|near|by|above|beneath|beside|below|of) ((?:(?:the|an?|his|her|their|my|our) )?(?:[\w-]+ ){0,2})$/i
      .exec(text.slice(0, place.at));
  if (!phrase || phrase[1].toLowerCase() === "of" || seasons.includes(place.word)) {
    return { setting: place.key };
  }
  const said = `${phrase[1]} ${phrase[2]}${place.word}`.toLowerCase().replace(/ (?:my|our) /, " the ");
  return { setting: place.key, place: said };
}
