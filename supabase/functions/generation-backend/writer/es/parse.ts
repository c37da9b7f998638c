import { characterOf } from "../../words/characters.ts";
import { sexOfName } from "../names.ts";
import { seasons, settingFor, settingIn } from "../places.ts";
import { type Being, type Goal, type Premise, tidyPrompt } from "../premise.ts";
import type { Dice } from "../random.ts";
import type { Gender } from "../template.ts";
import { traitIn } from "../traits.ts";
import { defaults } from "./defaults.ts";
import { aboutTopic, findGoal, forFriend } from "./goal.ts";
import { characterFor, plainNoun } from "./nouns.ts";
import { beingOf, type Phrase, phraseIn } from "./phrases.ts";

const leadIn =
  /^(?:por favor,? |escribe |cuenta |cuéntame |haz |crea |escríbeme )*(?:me )?(?:(?:un|una|el|la) )?(?:\p{L}+ ){0,2}?(?:cuento|historia|relato|libro)(?: \p{Ll}+)? (?:sobre|de|acerca de|para|con) /iu;
/** "Las aventuras de …" is about whoever follows. */
const taleOf = /^(?:las? |los? |el )?(?:aventuras?|andanzas|viajes?) (?:de |del )/i;
/** Events that are an adventure in themselves. */
const outing = /\b(?:aventura|viaje|vacaciones|excursión)/i;
/** Nouns for what happens, which are nobody. */
const event =
  /^(?:aventuras?|viajes?|día|cumpleaños|noche|fiesta|secreto|misterio|sueño|historia|tesoro|vacaciones|carrera)$/i;
const once = /^(?:había una vez |érase una vez |érase que se era )/i;

/** Whether the first pronoun of a text is she or he; possessives do not tell. */
function pronounIn(text: string): Gender | undefined {
  const found = /(?<!\p{L})(?:(ella)|él)(?!\p{L})/iu.exec(text);
  return found ? (found[1] ? "f" : "m") : undefined;
}

const isOccasion = (text: string) => text.split(/[^\p{L}]+/u).some((word) => event.test(word));

function nameIn(text: string, hero: Phrase | undefined): string | undefined {
  const named = /\b(?:llamad[oa]s?|se llaman?|de nombre) (\p{Lu}\p{L}+)/u.exec(text)?.[1];
  if (named) return named;
  if (!hero && isOccasion(text)) {
    const capitals = [...text.matchAll(/(?:(?<!\p{L})(?:de|con|para)|,|\p{Ll}{6,}) (\p{Lu}\p{Ll}+)/gu)];
    return capitals.at(-1)?.[1];
  }
  const first = /^(\p{Lu}\p{Ll}+)(?=[, ])/u.exec(text)?.[1];
  if (
    first && !characterFor(first) &&
    !/^(?:Un|Una|Unos|Unas|El|La|Los|Las|Mi|Mis|Sus|Dos|Tres|Por|Qué|Cómo|Cuando|En|Había|Érase|Nuestro|Nuestra|Su|Cuatro|Cinco)$/
      .test(first)
  ) return first;
  return hero && /^,? (\p{Lu}\p{L}+)/u.exec(text.slice(hero.end))?.[1];
}

function placeIn(text: string): { setting?: string; place?: string } {
  const found = settingIn(text.toLowerCase());
  if (!found) return {};
  const match =
    /\b((?:en|bajo|junto al?|sobre|dentro de|debajo de) (?:(?:el|la|un|una|su|los|las) )?(?:\p{L}+ ){0,1})$/iu
      .exec(text.slice(0, found.at));
  return match && !seasons.includes(found.word)
    ? { setting: found.key, place: `${match[1].toLowerCase()}${found.word}` }
    : { setting: found.key };
}

function thingIn(text: string): string | undefined {
  const match =
    /\bcon (un|una|su) (\p{Ll}+(?: (?:mágic[oa]|dorad[oa]|roj[oa]|azul|verde|viej[oa]|pequeñ[oa]|de \p{Ll}+))?)/iu
      .exec(text);
  if (
    !match || characterFor(match[2].split(" ")[0]) ||
    /^(?:corazón|nariz|ala|pata|voz|cola|ayuda|miedo|amig[oa]|familia)/i.test(match[2])
  ) return;
  return `${{ un: "el", una: "la", su: "su" }[match[1].toLowerCase()]} ${match[2].toLowerCase()}`;
}

/** Whoever is named in one breath with the hero: "Ana y Luis". */
function secondIn(text: string, hero: Being): Being | undefined {
  const after = hero.name ? text.slice(text.indexOf(hero.name) + hero.name.length) : "";
  const name = /^ (?:y|e) (\p{Lu}\p{Ll}+)/u.exec(after)?.[1];
  if (!name || characterFor(name)) return;
  const isChild = !hero.character || ["girl", "boy", "child"].includes(hero.kind);
  const noun = !isChild ? hero.short.replace(/^(?:el|la) /, "") : sexOfName(name) === "f" ? "niña" : "niño";
  const determiner = isChild ? (noun === "niña" ? "una" : "un") : hero.gender === "f" ? "una" : "un";
  return beingOf({ determiner, pre: "", noun, post: [], at: 0, end: 0 }, name);
}

/** Reads a Spanish prompt. */
export function parse(prompt: string, dice: Dice): Premise {
  const text = tidyPrompt(prompt).replace(leadIn, "").replace(taleOf, "").replace(once, "");
  const first = phraseIn(text);
  const isFirst = first !== undefined && !event.test(first.noun) &&
    (first.at === 0 || characterFor(first.noun) !== undefined && first.at < 40);
  const name = nameIn(text, isFirst ? first : undefined);
  const isNamed = name !== undefined && text.startsWith(name) && !/^\p{L}+,? (?:un|una|el|la) /u.test(text);
  const heroPhrase = isFirst && !isNamed ? first : undefined;
  const isTopic = !heroPhrase && !name;
  const isCelebrated = name !== undefined && !heroPhrase && isOccasion(text) && !outing.test(text);
  const sex = sexOfName(name) ?? pronounIn(text) ?? dice.pick(["m", "f"] as const);
  const stand = (kind: string): Being => {
    const character = characterOf(kind);
    return beingOf({
      determiner: character.es.gender === "f" ? "una" : "un",
      pre: "",
      noun: character.es.one,
      post: [],
      at: 0,
      end: 0,
    }, name);
  };
  const hero = heroPhrase
    ? beingOf({
      ...heroPhrase,
      noun: plainNoun(heroPhrase.noun),
    }, name)
    : isTopic
    ? stand(dice.pick(["rabbit", "bear", "mouse", "fox", "hedgehog"]))
    : stand(sex === "f" ? "girl" : "boy");
  const rest = text.slice(isNamed ? name.length : heroPhrase?.end ?? 0).replace(
    name && !isNamed
      ? new RegExp(`^,? ?(?:que se llaman? |llamad[oa]s? )?${name}(?: y \\p{Lu}\\p{Ll}+)?,?`, "u")
      : /^$/,
    "",
  ).trim();
  const found = isTopic || isCelebrated ? undefined : findGoal(text, rest);
  const adjectives = heroPhrase ? [...heroPhrase.pre.split(" "), ...heroPhrase.post] : [];
  const trait = traitIn(
    [...adjectives, ...rest.split(/[^\p{L}]+/u).slice(0, 4)].map((word) => word.toLowerCase()),
  );
  const goal: Goal = isCelebrated || isTopic && !outing.test(text)
    ? aboutTopic(text.slice(0, 80).replace(/(?<!^¡.*)[.!]$/, ""))
    : found?.goal ?? (trait === "lonely" ? forFriend : dice.pick(defaults));
  const outside = found ? text.replace(found.said, " ") : text;
  const toward = goal.kind === "journey" ? settingIn(goal.act.toLowerCase())?.key : undefined;
  const { setting, place } = placeIn(outside);
  const link = /(?<!\p{L})(?:y|con) (?=(?:su|sus|un|una|el|la) )/iu.exec(outside);
  const other = link && phraseIn(outside, link.index);
  const otherName = other && /^(?: llamad[oa])? (\p{Lu}\p{L}+)/u.exec(outside.slice(other.end))?.[1];
  const pal = other && characterFor(other.noun) && characterFor(other.noun) !== hero.character
    ? beingOf(other, otherName ?? undefined)
    : undefined;
  return {
    hero,
    trait,
    fact: found ? undefined : /^\W*(?:que |(?=(?:no|nunca) ))([^,.;!?]+)/.exec(rest)?.[1],
    goal,
    setting: settingFor(text, toward, setting, hero.character),
    place: toward ? undefined : place,
    pal: secondIn(text, hero) ?? pal,
    thing: thingIn(outside),
  };
}
