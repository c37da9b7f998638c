import { type Character, characters } from "../../words/characters.ts";

const byWord = new Map<string, Character>(
  characters.flatMap((one) => [[one.es.one, one], [one.es.many, one]] as const).reverse(),
);
const byKind = new Map(characters.map((one) => [one.kind, one]));

const aliases: Record<string, string> = {
  búho: "owl",
  ratón: "mouse",
  ratoncito: "mouse",
  ratoncita: "mouse",
  osa: "bear",
  osito: "bear",
  loba: "wolf",
  perrito: "puppy",
  perrita: "puppy",
  perra: "dog",
  gatita: "kitten",
  conejita: "bunny",
  coneja: "rabbit",
  dragona: "dragon",
  dragoncito: "dragon",
  pingüina: "penguin",
  caracol: "snail",
  pato: "duck",
  patito: "duck",
  zorra: "fox",
  zorrito: "fox",
  leona: "lion",
  tigresa: "tiger",
  elefanta: "elephant",
  abuelita: "grandmother",
  abuelito: "grandfather",
  bebé: "child",
  amigo: "boy",
  gemelo: "boy",
  gemela: "girl",
  mellizo: "boy",
  melliza: "girl",
  sobrino: "boy",
  sobrina: "girl",
  nieto: "boy",
  nieta: "girl",
  amiga: "girl",
  hermano: "boy",
  hermana: "girl",
  hijo: "boy",
  hija: "girl",
  chico: "boy",
  chica: "girl",
  gaviota: "pigeon",
  cuervos: "raven",
  hámster: "mouse",
  pulga: "ladybird",
  nubecita: "cloud",
  estrellita: "star",
  cochecito: "car",
  trenecito: "train",
  barquito: "boat",
  bombero: "knight",
  bombera: "knight",
  cocinero: "baker",
  cocinera: "gardener",
  gallo: "hen",
  pollo: "hen",
  ciervo: "deer",
  reno: "deer",
  vaquita: "cow",
  pececito: "fish",
  pirata: "pirate",
  brujita: "witch",
  hechicera: "witch",
  mago: "wizard",
  niñita: "girl",
  robotito: "robot",
  erizo: "hedgehog",
  dinosaurio: "dinosaur",
  monstruito: "monster",
  fantasmita: "ghost",
  luciérnaga: "firefly",
  calamar: "octopus",
  langosta: "crab",
  mamá: "gardener",
  papá: "baker",
};

const accented: Record<string, string> = { a: "á", i: "í", o: "ó" };

/** "ratones" → "ratón", "azules" → "azul", "ranas" → "rana". */
export const singular = (word: string): string =>
  /[aio]nes$/.test(word)
    ? word.replace(/([aio])nes$/, (_, vowel: string) => `${accented[vowel]}n`)
    : word.replace(/ces$/, "z").replace(/(?<=[lrj])es$/, "").replace(/(?<=[aeiouáé])s$/, "");

/** The character that a Spanish noun means. */
export function characterFor(noun: string): Character | undefined {
  const word = noun.toLowerCase().replace(/[^\p{L} ]/gu, "");
  const one = singular(word);
  return byWord.get(word) ?? byKind.get(aliases[word] ?? "") ?? byWord.get(one) ??
    byKind.get(aliases[one] ?? "");
}

/** Children of a family are children to a reader: "mi hija" is a girl. */
export const plainNoun = (noun: string): string =>
  /^(?:hij|herman|sobrin|niet|amig)[oa]$/.test(noun) ? (noun.endsWith("a") ? "niña" : "niño") : noun;
