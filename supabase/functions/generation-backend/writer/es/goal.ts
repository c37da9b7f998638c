import { clip, type Goal } from "../premise.ts";
import { infinitiveOf, skills } from "./verbs.ts";

const stops = /[,.;:!?]| (?:pero|porque|hasta|cuando|mientras|aunque|y luego|y entonces|que|para) /i;
const phrase = (text: string) => clip(text, stops);
const thingOnly = (text: string) => clip(phrase(text), / (?:en|con|por|bajo|junto|desde) /i);
const definite = (thing: string) =>
  thing.replace(/^un /i, "el ").replace(/^una /i, "la ").replace(/^unos /i, "los ").replace(/^unas /i, "las ")
    .replace(/^al /i, "el ").replace(/^a (?=la |los |las |su )/i, "");

/** Somebody looks for `thing`. */
export const find = (kind: "seek" | "lost", thing: string): Goal => ({
  kind,
  act: `encontrar ${definite(thing)}`,
  object: definite(thing),
});
const fear = (what: string): Goal => ({ kind: "fear", act: "ser valiente", object: what });

/** Somebody wants company. */
export const forFriend: Goal = { kind: "friend", act: "encontrar un amigo", object: "" };

/** Somebody wants to know what `about` is. */
export const aboutTopic = (about: string): Goal => ({
  kind: "topic",
  act: "encontrar la respuesta",
  object: `«${about}»`,
});

/** What an infinitive phrase aims at. */
export function toDo(act: string): Goal {
  if (/^(?:hacer|tener|encontrar|buscar) (?:un |una |nuevos |muchos )?(?:\p{L}+ )?amig[oa]s?/iu.test(act)) {
    return forFriend;
  }
  const search = /^(?:encontrar|buscar|descubrir|hallar|atrapar) (.+)/i.exec(act);
  if (search) return find("seek", thingOnly(search[1]));
  if (/^(?:ir|viajar|volar|navegar|llegar|irse|nadar) (?:a|al|hasta|hacia|por) /i.test(act)) {
    return { kind: "journey", act, object: "" };
  }
  return {
    kind: "skill",
    act,
    object: "",
    skill: skills[act.split(" ")[0].toLowerCase().replace(/se$/, "")],
  };
}

type Rule = readonly [RegExp, (text: string) => Goal];

const rules: readonly Rule[] = [
  [/\bmiedo ((?:a|al|de|del) .+)/i, (text) => fear(phrase(text))],
  [/\bteme (a .+|al .+)/i, (text) => fear(phrase(text))],
  [/\bapren(?:de|den|der|dió|dió) a (.+)/i, (text) => toDo(phrase(text))],
  [/\bno (?:puede|sabe|podía|sabía) (\p{Ll}+r(?:se)?\b.*)/iu, (text) => toDo(phrase(text))],
  [
    /(?<!\bno )\b(?:quiere|quieren|quería|desea|intenta|sueña con|necesita|decide|debe) (?:aprender a )?(\p{Ll}+r(?:se)?\b.*)/iu,
    (text) => toDo(phrase(text)),
  ],
  [/\b(se (?:pierde|perdió|ha perdido)|perdid[oa] en)\b/i, () => find("lost", "el camino a casa")],
  [/\b(?:perdió|pierde|ha perdido) ((?:su|sus|el|la|un|una) .+)/i, (text) => find("lost", thingOnly(text))],
  [
    /\b(?:busca|buscan|encuentra|quiere|hace|se hacen|necesita) ((?:un |una |nuevos |muchos )?(?:nuevo |nueva )?amig[oa]s?\b)/i,
    () => forFriend,
  ],
  [
    /\b(?:busca|buscan|encuentra|encuentran|descubre|descubren|en busca de) ((?:un|una|el|la|los|las|su|sus|al|a la|a los|a las|a su) .+)/i,
    (text) => find("seek", thingOnly(text)),
  ],
  [
    /\b(?:viaja|va|vuela|navega|camina|viajan|van|vuelan|navegan|viaje) ((?:a|al|hasta|hacia) .+)/i,
    (text) => ({ kind: "journey", act: `viajar ${clip(phrase(text), / con /i)}`, object: "" }),
  ],
];

export interface FoundGoal {
  goal: Goal;
  said: string;
}

/** What somebody in `text` is after; `rest` is what the prompt says behind the hero. */
export function findGoal(text: string, rest: string): FoundGoal | undefined {
  for (const [pattern, goalOf] of rules) {
    const match = pattern.exec(text);
    if (match) return { goal: goalOf(match[1]), said: match[0] };
  }
  const deed = /^\W*(?:que )?(\p{Ll}+)( .+)?$/u.exec(phrase(rest.replace(/^\W*que /, "")));
  const infinitive = deed && infinitiveOf(deed[1]);
  return deed && infinitive ? { goal: toDo(`${infinitive}${deed[2] ?? ""}`), said: rest } : undefined;
}
