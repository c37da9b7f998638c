/**
 * What the stand-in understands of a prompt: whom it is about and where, when a word says so plainly. Nothing of a
 * stranger's grammar is taken into a sentence; the prompt itself can only be quoted.
 *
 * @module
 */
import kinds from "./data/kinds.json" with { type: "json" };
import places from "./data/places.json" with { type: "json" };
import unsafeWords from "./data/unsafe.json" with { type: "json" };

/** What a prompt says plainly. */
export interface Understood {
  /** A key of `kinds.json`. */
  kind: keyof typeof kinds;
  name?: string;
  /** A key of `places.json`. */
  place?: string;
  /** The prompt as it can stand between quotation marks; none when it has no letters that a book could show. */
  quotation?: string;
}

const LONGEST_QUOTATION = 160;
const WORD = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;
/** After these a noun is not the hero, or no noun: "no dragons", "cannot bear it", "to duck". */
const UNSAYS =
  /^(?:no|not|without|never|cannot|can['’]t|to|isn['’]t|ohne|kein\p{L}*|nicht|nie|sin|ni|nunca|ning[uú]n\p{L}*)$/iu;
const NAME = "((?:(?:Mr|Mrs|Ms|Dr)\\.? )?\\p{Lu}[\\p{L}\\p{M}'’-]{1,20}";
const TWO = `${NAME}(?: \\p{Lu}[\\p{L}\\p{M}'’-]{1,20})?)`;
/** Ways to give somebody a name. German nouns have capitals too, so there a name is one word. */
const NAMED = [
  `(\\p{L}+)[,\\s]+(?:is\\s+)?(?:called|named)\\s+${TWO}`,
  `(\\p{L}+)[,\\s]+(?:whose|the)\\s+name\\s+is\\s+${TWO}`,
  `(\\p{L}+)[,\\s]+namens\\s+${NAME})`,
  `(\\p{L}+),?\\s+(?:der|die|das)\\s+${NAME})\\s+heißt`,
  `(\\p{L}+),?\\s+(?:que\\s+se\\s+llama|llamad[oa])\\s+${TWO}`,
].map((pattern) => new RegExp(`(?<!\\p{L})${pattern}`, "u"));
/** Letters that books here are set in. */
const PRINTABLE =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]*$/u;

/** A lower-case word of the data stands for any spelling of it; one with a capital ("Hai") only for itself. */
function dictionary(entries: Record<string, readonly string[]>): (word: string) => string | undefined {
  const meanings = new Map(
    Object.entries(entries).flatMap(([key, words]) => words.map((word) => [word, key] as const)),
  );
  return (word) => meanings.get(word) ?? meanings.get(word.toLowerCase());
}

/** The kind of hero that a word names. */
export const kindNamed = dictionary(
  Object.fromEntries(Object.entries(kinds).map(([key, { words }]) => [key, words])),
);
/** The kind of place that a word names. */
export const placeNamed = dictionary(places);

const unsafe = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${unsafeWords.join("|").replaceAll("*", "\\p{L}*")})(?![\\p{L}\\p{M}])`,
  "iu",
);

/** Whether a model that writes for children would decline. */
export const isUnsafe = (prompt: string): boolean => unsafe.test(prompt.normalize("NFKC"));

function kindIn(words: string[], language: string): string | undefined {
  const at = words.findIndex((word, at) =>
    kindNamed(word) && !words.slice(Math.max(0, at - 2), at).some((before) => UNSAYS.test(before))
  );
  if (at < 0) return;
  // In English the second of two nouns is the thing itself: an astronaut cat is a cat.
  const [word, next = ""] = words.slice(at, at + 2);
  return kindNamed(`${word} ${next}`) ?? (language === "en" ? kindNamed(next) : undefined) ?? kindNamed(word);
}

/** Whether `word` is a word for the kind, or the last one of it. */
function isCalled(kind: string, word: string): boolean {
  return kindNamed(word) === kind || kind.endsWith(` ${word.toLowerCase()}`);
}

function nameIn(text: string, kind: string | undefined): string | undefined {
  for (const pattern of NAMED) {
    const [, bearer, name] = pattern.exec(text) ?? [];
    // "A cat on an island called Skye" names the island.
    if (name && PRINTABLE.test(name) && (!kind || isCalled(kind, bearer))) return name;
  }
}

function quotationOf(text: string): string | undefined {
  if (!/\p{L}/u.test(text) || !PRINTABLE.test(text)) return;
  const bare = text.replace(/[“”„«»‹›"]/gu, "'").replace(/[\s.,;:…]+$/u, "").trim();
  const signs = [...new Intl.Segmenter().segment(bare)].map(({ segment }) => segment);
  if (signs.length <= LONGEST_QUOTATION) return bare;
  const cut = signs.slice(0, LONGEST_QUOTATION).join("");
  return `${cut.includes(" ") ? cut.slice(0, cut.lastIndexOf(" ")) : cut}…`;
}

/** Reads a prompt in any language. Never fails. */
export function understand(prompt: string, language: string): Understood {
  const text = prompt.normalize("NFC").replace(/[\p{C}\s]+/gu, " ").trim();
  const words = text.match(WORD) ?? [];
  const kind = kindIn(words, language);
  return {
    kind: (kind ?? "child") as keyof typeof kinds,
    name: nameIn(text, kind),
    place: words.map(placeNamed).find((place) => place !== undefined),
    quotation: quotationOf(text),
  };
}
