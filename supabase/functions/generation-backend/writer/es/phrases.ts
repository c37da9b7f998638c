import type { Being } from "../premise.ts";
import type { Gender } from "../template.ts";
import { traitIn } from "../traits.ts";
import { characterFor } from "./nouns.ts";

const before =
  "pequeñ[oa]|gran|viej[oa]|joven|valiente|buen|buena|simpátic[oa]|tímid[oa]|dulce|nuev[oa]|triste|pobre";
const colours = "roj[oa]|azul|verde|amarill[oa]|blanc[oa]|negr[oa]|gris|dorad[oa]|rosa|morad[oa]|marrón";
const after =
  `${before}|${colours}|grande|mágic[oa]|polar|de mar|de peluche|de juguete|muy \\p{Ll}+|fe[oa]|loc[oa]|alt[oa]|baj[oa]|volador|voladora|hambrient[oa]|feliz|fuerte|rápid[oa]|lent[oa]`;
const phraseAt = new RegExp(
  `(?<!\\p{L})(un|una|el|la|los|las|mi|nuestro|nuestra|su|sus|dos|tres|cuatro|cinco) ((?:(?:${before}) )*)(\\p{L}+(?: de (?:nieve|mar))?)((?: (?:y )?(?:${after}|\\p{Ll}+))*)`,
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

/** Somebody as the tale will call them. */
export function beingOf(phrase: Phrase, name: string | undefined): Being {
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
