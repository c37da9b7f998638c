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
  amigo: "child",
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
  mamá: "gardener",
  papá: "baker",
};

/** The character that a Spanish noun means. */
export function characterFor(noun: string): Character | undefined {
  const word = noun.toLowerCase().replace(/[^\p{L} ]/gu, "");
  const one = word.replace(/(?<=[aeiouáé])s$/, "");
  return byWord.get(word) ?? byKind.get(aliases[word] ?? "") ?? byWord.get(one) ??
    byKind.get(aliases[one] ?? "");
}
