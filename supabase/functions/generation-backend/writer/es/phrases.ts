import type { Being } from "../premise.ts";
import type { Gender } from "../template.ts";
import { traitIn } from "../traits.ts";
import { characterFor, singular } from "./nouns.ts";

const before =
  "primer[oa]?|segund[oa]|últim[oa]|pequeñ[oa]|gran|viej[oa]|joven|valiente|buen|buena|simpátic[oa]|tímid[oa]|dulce|nuev[oa]|triste|pobre";
const colours = "roj[oa]|azul|verde|amarill[oa]|blanc[oa]|negr[oa]|gris|dorad[oa]|rosa|morad[oa]|marrón";
const after =
  `${before}|${colours}|grande|mágic[oa]|polar|de mar|de peluche|de juguete|muy \\p{Ll}+|fe[oa]|loc[oa]|alt[oa]|baj[oa]|volador|voladora|hambrient[oa]|feliz|fuerte|rápid[oa]|lent[oa]`;
const phraseAt = new RegExp(
  `(?<!\\p{L})((?:(?:los|las|mis|sus) )?(?:dos|tres|cuatro|cinco)|unos|unas|un|una|el|la|los|las|mi|mis|nuestr[oa]s?|su|sus) ((?:(?:${before})s? )*)(\\p{L}+(?: de (?:nieve|mar))?)((?: (?:y )?(?:${after}|\\p{Ll}+))*)`,
  "iu",
);

/** A noun phrase of a prompt, and where it stands. */
export interface Phrase {
  determiner: string;
  pre: string;
  noun: string;
  post: string[];
  at: number;
  end: number;
}

/** Adjectives that follow a noun: those that are known as such, one after another. */
function adjectivesIn(text: string): string[] {
  const known = new RegExp(`^ (?:y )?((?:${after})(?:e?s)?)(?!\\p{L})`, "iu");
  const found: string[] = [];
  for (let rest = text;;) {
    const match = known.exec(rest);
    const word = match?.[1] ?? /^ (?:y )?(\p{Ll}+)/u.exec(rest)?.[1];
    if (!word || !match && !traitIn([word.toLowerCase()])) return found;
    found.push(word);
    rest = rest.slice(rest.indexOf(word) + word.length);
  }
}

/** The first noun phrase from `from` on. */
export function phraseIn(text: string, from = 0): Phrase | undefined {
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

/** "dos", when the prompt counts. */
const numberOf = ({ determiner }: Phrase) => /(?:dos|tres|cuatro|cinco)$/.exec(determiner)?.[0];
const isPlural = (phrase: Phrase) =>
  numberOf(phrase) !== undefined || /^(?:unos|unas|los|las|mis|sus|nuestr[oa]s)$/.test(phrase.determiner);

function genderOf(determiner: string, noun: string): Gender {
  const character = characterFor(noun);
  if (/^(?:hada|águila)$/i.test(noun)) return "f";
  if (/^(?:una|unas|la|las|nuestras?)$/.test(determiner)) return "f";
  if (/^(?:un|unos|el|los|nuestros?)$/.test(determiner)) return "m";
  return character && character.es.one === noun
    ? (character.es.gender === "f" ? "f" : "m")
    : /a$/i.test(noun)
    ? "f"
    : "m";
}

/** Somebody as the tale will call them: one, whoever is told of. */
export function beingOf(phrase: Phrase, name: string | undefined): Being {
  const character = characterFor(phrase.noun);
  const said = phrase.noun.toLowerCase();
  const number = numberOf(phrase);
  const asOne = isPlural(phrase) ? singular : (word: string) => word;
  const noun = isPlural(phrase) && character?.es.many === said ? character.es.one : asOne(said);
  const gender = genderOf(phrase.determiner, noun);
  const words = (inNumber: (word: string) => string, one: string) =>
    [...phrase.pre.split(" ").map(inNumber), one, ...phrase.post.map((word) => inNumber(word.toLowerCase()))]
      .filter(Boolean).join(" ");
  const single = words(asOne, noun);
  const article = gender === "f" && !/^(?:hada|águila)/.test(single) ? "una" : "un";
  return {
    kind: character?.kind ?? "creature",
    phrase: number
      ? `${gender === "f" ? "la más pequeña" : "el más pequeño"} de ${number} ${words((word) => word, said)}`
      : `${article} ${single}`,
    short: `${gender === "f" ? "la" : "el"} ${noun}`,
    name,
    gender: character?.en.sex ?? gender,
    character,
  };
}
