import { characterOf } from "../../words/characters.ts";
import { settingIn } from "../places.ts";
import { type Being, type Goal, type Premise, tidyPrompt } from "../premise.ts";
import type { Dice } from "../random.ts";
import type { Gender } from "../template.ts";
import { traitIn } from "../traits.ts";
import { aboutTopic, findGoal, forFriend } from "./goal.ts";
import { characterFor } from "./nouns.ts";

const leadIn =
  /^(?:por favor,? |escribe |cuenta |cuéntame |haz |crea |escríbeme )*(?:me )?(?:(?:un|una|el|la) )?(?:\p{L}+ ){0,2}?(?:cuento|historia|relato|libro)(?: \p{Ll}+)? (?:sobre|de|acerca de|para|con) /iu;
const once = /^(?:había una vez |érase una vez |érase que se era )/i;

const before =
  "pequeñ[oa]|gran|viej[oa]|joven|valiente|buen|buena|simpátic[oa]|tímid[oa]|dulce|nuev[oa]|triste|pobre";
const colours = "roj[oa]|azul|verde|amarill[oa]|blanc[oa]|negr[oa]|gris|dorad[oa]|rosa|morad[oa]|marrón";
const after =
  `${before}|${colours}|grande|mágic[oa]|polar|de mar|de peluche|de juguete|muy \\p{Ll}+|fe[oa]|loc[oa]|alt[oa]|baj[oa]|volador|voladora|hambrient[oa]|feliz|fuerte|rápid[oa]|lent[oa]`;
const phraseAt = new RegExp(
  `(?<!\\p{L})(un|una|el|la|los|las|mi|nuestro|nuestra|su|sus|dos|tres|cuatro|cinco) ((?:(?:${before}) )*)(\\p{L}+(?: de (?:nieve|mar))?)((?: (?:y )?(?:${after}|\\p{Ll}+))*)`,
  "iu",
);

interface Phrase {
  determiner: string;
  pre: string;
  noun: string;
  post: string[];
  at: number;
  end: number;
}

/** Adjectives that follow a noun: those that are known as such, one after another. */
function adjectivesIn(text: string): string[] {
  const known = new RegExp(`^ (?:y )?(${after})(?!\\p{L})`, "iu");
  const found: string[] = [];
  for (let rest = text;;) {
    const match = known.exec(rest);
    const word = match?.[1] ?? /^ (?:y )?(\p{Ll}+)/u.exec(rest)?.[1];
    if (!word || !match && !traitIn([word.toLowerCase()])) return found;
    found.push(word);
    rest = rest.slice(rest.indexOf(word) + word.length);
  }
}

function phraseIn(text: string, from = 0): Phrase | undefined {
  const match = phraseAt.exec(text.slice(from));
  if (!match) return;
  const [, determiner, pre, noun] = match;
  const nounEnd = from + match.index + determiner.length + 1 + pre.length + noun.length;
  const post = adjectivesIn(text.slice(nounEnd));
  const last = post.at(-1);
  const end = last ? text.indexOf(last, nounEnd) + last.length : nounEnd;
  return {
    determiner: determiner.toLowerCase(),
    pre: pre.trim().toLowerCase(),
    noun,
    post,
    at: from + match.index,
    end,
  };
}

const plural = /^(?:dos|tres|cuatro|cinco)$/;

function genderOf({ determiner, noun }: Phrase): Gender {
  const character = characterFor(noun);
  if (/^(?:hada|águila)$/i.test(noun)) return "f";
  if (/^(?:una|la|las|nuestra)$/.test(determiner)) return "f";
  if (/^(?:un|el|los|nuestro)$/.test(determiner)) return "m";
  return character && character.es.one === noun.toLowerCase()
    ? (character.es.gender === "f" ? "f" : "m")
    : /a$/i.test(noun)
    ? "f"
    : "m";
}

function beingOf(phrase: Phrase, name: string | undefined): Being {
  const gender = genderOf(phrase);
  const character = characterFor(phrase.noun);
  const words = [phrase.pre, phrase.noun.toLowerCase(), ...phrase.post.map((word) => word.toLowerCase())]
    .filter(Boolean).join(" ");
  const article = gender === "f" && !/^(?:hada|águila)/.test(words) ? "una" : "un";
  const one = plural.test(phrase.determiner) ? character?.es.one ?? phrase.noun : phrase.noun;
  return {
    kind: character?.kind ?? "creature",
    phrase: plural.test(phrase.determiner)
      ? `${gender === "f" ? "una" : "uno"} de ${phrase.determiner} ${words}`
      : `${article} ${words}`,
    short: `${gender === "f" ? "la" : "el"} ${one.toLowerCase()}`,
    name,
    gender,
    character,
  };
}

const sexOf = (text: string): Gender | undefined =>
  /\b(?:ella|niña|hija|hermana)\b/i.test(text)
    ? "f"
    : /\b(?:él|niño|hijo|hermano)\b/i.test(text)
    ? "m"
    : undefined;

function nameIn(text: string, hero: Phrase | undefined): string | undefined {
  const named = /\b(?:llamad[oa]|se llama|de nombre) (\p{Lu}\p{L}+)/u.exec(text)?.[1];
  if (named) return named;
  const first = /^(\p{Lu}\p{Ll}+)(?=[, ])/u.exec(text)?.[1];
  if (
    first && !characterFor(first) &&
    !/^(?:Un|Una|El|La|Los|Las|Mi|Dos|Tres|Por|Qué|Cómo|Cuando|En|Había|Érase|Nuestro|Nuestra|Su|Cuatro)$/
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
  return match
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

/** Reads a Spanish prompt. */
export function parse(prompt: string, dice: Dice): Premise {
  const text = tidyPrompt(prompt).replace(leadIn, "").replace(once, "");
  const first = phraseIn(text);
  const isFirst = first !== undefined &&
    (first.at === 0 || characterFor(first.noun) !== undefined && first.at < 40);
  const name = nameIn(text, isFirst ? first : undefined);
  const isNamed = name !== undefined && text.startsWith(name) && !/^\p{L}+,? (?:un|una|el|la) /u.test(text);
  const heroPhrase = isFirst && !isNamed ? first : undefined;
  const isTopic = !heroPhrase && !name;
  const sex = sexOf(text) ??
    (name && /a$/.test(name) ? "f" : name && /o$/.test(name) ? "m" : dice.pick(["m", "f"] as const));
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
    ? beingOf(heroPhrase, name)
    : isTopic
    ? stand(dice.pick(["rabbit", "bear", "mouse", "fox", "hedgehog"]))
    : stand(sex === "f" ? "girl" : "boy");
  const rest = text.slice(isNamed ? name.length : heroPhrase?.end ?? 0).replace(
    name && !isNamed ? new RegExp(`^,? ?(?:llamad[oa] )?${name},?`) : /^$/,
    "",
  ).trim();
  const found = isTopic ? undefined : findGoal(text, rest);
  const adjectives = heroPhrase ? [...heroPhrase.pre.split(" "), ...heroPhrase.post] : [];
  const trait = traitIn(
    [...adjectives, ...rest.split(/[^\p{L}]+/u).slice(0, 4)].map((word) => word.toLowerCase()),
  );
  const goal: Goal = isTopic
    ? aboutTopic(text.slice(0, 80).replace(/[.!]$/, ""))
    : found?.goal ?? (trait === "lonely" ? forFriend : { kind: "wonder", act: "seguir la luz", object: "" });
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
    fact: found ? undefined : /^\W*que ([^,.;!?]+)/.exec(rest)?.[1],
    goal,
    setting: toward ?? setting ?? settingIn(text.toLowerCase())?.key ?? hero.character?.habitat ?? "land",
    place: toward || isTopic ? undefined : place,
    pal,
    thing: thingIn(outside),
  };
}
