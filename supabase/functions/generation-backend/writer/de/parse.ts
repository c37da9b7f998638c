import type { Character, Sex } from "../../words/characters.ts";
import { isGivenName, sexOfName } from "../names.ts";
import { seasons, settingFor, settingIn } from "../places.ts";
import { type Being, type Goal, type Premise, tidyPrompt } from "../premise.ts";
import type { Dice } from "../random.ts";
import { traitIn } from "../traits.ts";
import { defaults } from "./defaults.ts";
import { aboutTopic, findGoal, forFriend } from "./goal.ts";
import { asStranger, beingOf, byKind, characterFor, type Phrase, phrasesIn } from "./phrases.ts";

const leadIn =
  /^(?:bitte |schreib(?:e)? |erzähl(?:e)? |mach(?:e)? )*(?:mir |uns )?(?:bitte )?(?:(?:eine|die|ein|das) )?(?:\p{L}+ ){0,2}?(?:geschichte|märchen|gutenachtgeschichte|buch) (?:über|von|vom|für|mit|darüber, wie) /iu;
/** "Die Abenteuer von …" is about whoever follows. */
const taleOf = /^(?:(?:die|das|der) )?(?:\p{L}+ )?(?:abenteuer|erlebnisse|reisen?) (?:von|vom|der|des) /iu;
/** Events that are an adventure in themselves. */
const outing = /\b(?:abenteuer|reise|ausflug|ferien)/i;
/** Nouns for what happens, which are nobody. */
const event =
  /^(?:Abenteuer|Reise|Tag|Geburtstag|Nacht|Fest|Geheimnis|Ausflug|Traum|Geschichte|Schatz|Party|Ferien|Wettrennen)$/;
const once = /^(?:es war einmal |es gab einmal |es lebte einmal )/i;

/** Whether the first pronoun of a text is she or he. */
function pronounIn(text: string): Sex | undefined {
  const found = /(?<!\p{L})(?:(sie|ihre?[nmrs]?)|er|seine?[nmrs]?)(?!\p{L})/u.exec(text);
  return found ? (found[1] ? "f" : "m") : undefined;
}

function nameIn(text: string, hero: Phrase | undefined): string | undefined {
  const named = /\b(?:namens|heißt|genannt) (\p{Lu}\p{L}+)/u.exec(text)?.[1];
  if (named) return named;
  const words = text.split(/[^\p{L}-]+/u);
  // A place may be called like somebody: "eine Reise nach Paris".
  const celebrated = !hero && words.some((word) => event.test(word)) &&
    words.filter((_, at) => !/^(?:nach|in|aus|auf)$/i.test(words[at - 1] ?? ""))
      .map((word, at, all) => event.test(all[at + 1] ?? "") ? word.replace(/s$/, "") : word)
      .find((word) => /^\p{Lu}/u.test(word) && isGivenName(word));
  if (celebrated) return celebrated;
  const first = /^(\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)(?=[, ])/u.exec(text)?.[1];
  if (
    first && !/^\p{L}+ (?:macht|ist|sind|heißt|tut)\b/u.test(text) && !characterFor(first) &&
    !characterFor(first.split(" ")[0]) &&
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
  if (!before || seasons.includes(found.word)) return { setting: found.key };
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

/** "will nicht ins Bett" → "nicht ins Bett will", "steht nie auf" → "nie aufsteht". */
function denial(rest: string): string | undefined {
  const main = /^ ?(\p{Ll}+) ([^,.;!?]*\b(?:nicht|nie|kein\p{L}*)\b[^,.;!?]*)/u.exec(rest);
  if (!main || /^(?:der|die|das|und|mit)$/.test(main[1])) return;
  const [, verb, said] = main;
  const prefix = / (?:auf|an|aus|ein|mit|nach|vor|ab|weg|zurück|herum|um)$/.test(said);
  return prefix ? `${said}${verb}` : `${said} ${verb}`;
}

const fact = (rest: string): string | undefined =>
  /^,? ?(?:der|die|das) ([^,.;!?]*\b(?:nicht|nie|kein\p{L}*)\b[^,.;!?]*)/u.exec(rest)?.[1] ??
    /^,? ?(?:der|die|das) ([^,.;!?]+ (?:kann|liebt|mag|hat|wohnt|lebt|ist|hasst|sammelt))(?=[,.;!?]|$)/.exec(
      rest,
    )?.[1] ?? denial(rest);

/** Several of a kind are what somebody likes or sees; a companion is one. */
const isPlural = ({ noun, character }: Phrase) =>
  character !== undefined && noun === character.de.many && noun !== character.de.one &&
  noun !== character.de.oblique;

/** Whoever is named in one breath with the hero: "Ben und Ella". */
function secondIn(text: string, hero: Being): Being | undefined {
  const after = hero.name ? text.slice(text.indexOf(hero.name) + hero.name.length) : "";
  const name = /^ und (\p{Lu}\p{Ll}+)/u.exec(after)?.[1];
  if (!name || !isGivenName(name) || characterFor(name)) return;
  const isChild = !hero.character || ["girl", "boy", "child"].includes(hero.kind);
  const sex = sexOfName(name);
  const character = isChild
    ? byKind.get(sex === "f" ? "girl" : sex === "m" ? "boy" : "child")
    : hero.character;
  if (!character) return;
  const { one, gender } = character.de;
  return beingOf({ adjectives: [], noun: one, character, gender, at: 0, end: 0 }, name);
}

/** Reads a German prompt. */
export function parse(prompt: string, dice: Dice): Premise {
  const text = tidyPrompt(prompt).replace(leadIn, "").replace(taleOf, "").replace(once, "")
    .replace(/^(?:Eine[nr]?|Ein|Der|Die|Das|Meine?|Unsere?|Zwei|Drei|Vier) /, (word) => word.toLowerCase());
  const phrases = phrasesIn(text).filter((one) => !event.test(one.noun));
  const firstPhrase = phrases[0]?.at === 0 ? phrases[0] : phrases.find((one) => one.character && one.at < 60);
  const name = nameIn(text, firstPhrase);
  const isNamed = name !== undefined &&
    (!firstPhrase || text.startsWith(name) && !/^\S+,? (?:der|die|das|ein|eine) /u.test(text));
  const heroPhrase = isNamed ? undefined : firstPhrase;
  const isTopic = !heroPhrase && !name;
  const isOccasion = name !== undefined && !heroPhrase &&
    text.split(/[^\p{L}]+/u).some((word) => event.test(word)) &&
    !outing.test(text);
  const sex = sexOfName(name) ?? pronounIn(text) ?? dice.pick(["m", "f"] as const);
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
    ? { ...stand(characterFor(name?.split(" ").at(-1) ?? "") ?? child, []), gender: sex }
    : beingOf(asStranger(heroPhrase), name);
  if (heroPhrase) hero.gender = hero.character?.en.sex ?? sexOfName(name) ?? hero.gender;
  const rest = isNamed
    ? text.slice(name?.length ?? 0)
    : text.slice(heroPhrase?.end ?? 0).replace(new RegExp(`^ ?${name ?? "^$"}`), "").trim();
  const found = isTopic || isOccasion ? undefined : findGoal(text, rest);
  const trait = traitIn(
    [...(heroPhrase?.adjectives ?? []), ...rest.split(/[^\p{L}]+/u).slice(0, 4)].map((word) =>
      word.toLowerCase()
    ),
  );
  const goal: Goal = isOccasion || isTopic && !outing.test(text)
    ? aboutTopic(text.slice(0, 80).replace(/[.!]$/, ""))
    : found?.goal ??
      (trait === "lonely" ? forFriend : dice.pick(defaults));
  const outside = found ? text.replace(found.said, " ") : text;
  const toward = goal.kind === "journey" ? settingIn(goal.act.toLowerCase())?.key : undefined;
  const { setting, place } = placeIn(outside);
  const other = phrases.find((one) =>
    one !== heroPhrase && one.character && one.character !== hero.character &&
    !isPlural(one) && !found?.said.includes(one.noun) &&
    /(?:und|mit)\s*$/.test(text.slice(0, one.at))
  );
  return {
    hero,
    trait,
    fact: found ? undefined : fact(rest),
    goal,
    setting: settingFor(text, toward, setting, hero.character),
    place: toward ? undefined : place,
    pal: secondIn(text, hero) ??
      (other && beingOf(other, /^ (\p{Lu}\p{L}+)/u.exec(text.slice(other.end))?.[1])),
    thing: thingIn(text),
  };
}
