/** `phrase` with the indefinite article that its sound asks for. */
export function withArticle(phrase: string): string {
  const vowel = /^(?:[aeio]|u(?!ni|se|ku)|hou?r|hon)/i.test(phrase) && !/^(?:one|once|eu|ewe)/i.test(phrase);
  return `${vowel ? "an" : "a"} ${phrase}`;
}

/** Verbs for skills that the details know. */
export const skills: Record<string, string> = {
  whistle: "whistle",
  fly: "fly",
  swim: "swim",
  sing: "sing",
  dance: "dance",
  read: "read",
  bake: "bake",
  cook: "bake",
  paint: "paint",
  draw: "paint",
  sleep: "sleep",
  climb: "climb",
  ride: "ride",
  play: "play",
  roar: "roar",
  share: "share",
  talk: "talk",
  speak: "talk",
  skate: "skate",
};
