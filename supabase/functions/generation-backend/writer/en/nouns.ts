import nlp from "compromise";
import { type Character, characters } from "../../words/characters.ts";

const byWord = new Map<string, Character>(
  characters.flatMap((one) => [[one.en.one, one], [one.en.many, one]] as const),
);

/** Words for somebody the tables know under another name. */
const aliases: Record<string, string> = {
  kitty: "kitten",
  ladybug: "ladybird",
  grandma: "grandmother",
  granny: "grandmother",
  grandpa: "grandfather",
  grandad: "grandfather",
  teddy: "bear",
  dino: "dinosaur",
  rooster: "hen",
  cock: "hen",
  ass: "donkey",
  chicken: "hen",
  dwarf: "gnome",
  spaceman: "astronaut",
  kid: "child",
  baby: "child",
  toddler: "child",
  friend: "child",
  twin: "child",
  triplet: "child",
  sibling: "child",
  daughter: "girl",
  niece: "girl",
  sister: "girl",
  mother: "gardener",
  mum: "gardener",
  mom: "gardener",
  woman: "gardener",
  son: "boy",
  nephew: "boy",
  brother: "boy",
  father: "baker",
  dad: "baker",
  man: "baker",
  doggy: "dog",
  tortoise: "turtle",
  reindeer: "deer",
  seagull: "pigeon",
  gull: "pigeon",
  crow: "raven",
  eagle: "raven",
  swan: "goose",
  wizards: "wizard",
  vampire: "ghost",
  puffin: "penguin",
  beaver: "mole",
  llama: "sheep",
  goldfish: "fish",
  rat: "mouse",
  hamster: "mouse",
  bug: "ladybird",
  beetle: "ladybird",
  worm: "caterpillar",
  squid: "octopus",
  lobster: "crab",
  shrimp: "crab",
};

/** Children of a family are children to a reader. */
const plain: Record<string, string> = {
  daughter: "girl",
  niece: "girl",
  son: "boy",
  nephew: "boy",
  sister: "girl",
  brother: "boy",
  toddler: "child",
  kid: "child",
};

/** The noun as a stranger would say it: "my daughter" is a girl. */
export const plainNoun = (noun: string): string => plain[noun] ?? noun;

const singular = (word: string) => nlp(word).nouns().toSingular().text() || word;

/** The character that a noun phrase means, by its last words. */
export function characterIn(phrase: string): Character | undefined {
  const words = phrase.toLowerCase().replace(/[’']s\b/g, "").split(/\s+/);
  for (let at = words.length - 1; at >= 0; at--) {
    const two = words.slice(at - 1, at + 1).join(" ");
    const found = (at > 0 ? byWord.get(two) : undefined) ?? byWord.get(words[at]) ??
      byWord.get(aliases[words[at]]) ??
      byWord.get(aliases[singular(words[at])]);
    if (found) return found;
  }
}

/** One of those that `noun` names: "mice" → "mouse". */
export function oneOf(noun: string): string {
  const known = byWord.get(noun);
  if (known) return known.en.one;
  // compromise does not know twins for a plural.
  const without = noun.replace(/s$/, "");
  if (without in aliases) return without;
  return nlp(noun).nouns().isPlural().found ? singular(noun) : noun;
}
