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
    /\b(?:desea|sueña(?: con)?|quisiera|ojalá)(?: que)? (?:pudiera|puede) (\p{Ll}+r(?:se)?\b.*)/iu,
    (text) => toDo(phrase(text)),
  ],
  [
    /\b(?:quiere|quieren|quería|desea|desearía|quisiera|le gustaría|intenta|sueña con|necesita|decide|debe) (?:poder )?(?:aprender a )?(\p{Ll}+r(?:se)?\b.*)/iu,
    (text) => toDo(phrase(text)),
  ],
  [/\b(se (?:pierde|perdió|ha perdido)|perdid[oa] en)\b/i, () => find("lost", "el camino a casa")],
  [/\b(?:perdió|pierde|ha perdido) ((?:su|sus|el|la|un|una) .+)/i, (text) => find("lost", thingOnly(text))],
  [
    /\b(?:busca|buscan|encuentra|quiere|desea|hace|se hacen|necesita) ((?:un |una |nuevos |muchos )?(?:nuevo |nueva )?amig[oa]s?\b)/i,
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

const clause = /[^,.;!?]+?(?= (?:y|que|pero|porque|hasta|sino|cuando) |[,.;!?]|$)/gu;
const isDenied = (said: string) =>
  /(?<!\p{L})(?:no|nunca|jamás|sin|tampoco)(?!\p{L})/iu.test(said) &&
  !/\b(?:pued|pod|sabe|sab[ií]a|encuentra)/iu.test(said);
/** "y su hermano Leo construyen" → "construyen". */
const company = /^\W*(?:y|con) .*? (?=(?!gran |tan |bien |quien )\p{Ll}{2,}[ae]n )/u;

/** What somebody in `whole` is after; `behind` is what the prompt says behind the hero. */
export function findGoal(whole: string, behind: string): FoundGoal | undefined {
  // Not being able to do something is a reason to learn it; not wanting it is none.
  const [text, rest] = [whole, behind].map((said) =>
    said.replace(clause, (part) => isDenied(part) ? "" : part)
  );
  for (const [pattern, goalOf] of rules) {
    const match = pattern.exec(text);
    if (match) return { goal: goalOf(match[1]), said: match[0] };
  }
  const deed = /^\W*(?:que )?(\p{Ll}+)( .+)?$/u.exec(
    phrase(rest.replace(/^\W*que /, "").replace(company, "")),
  );
  // "fiesta de cumpleaños": before "de", only a clause of its own tells a verb from a noun.
  const isNoun = deed?.[2]?.startsWith(" de ") && !/^\W*que /.test(rest);
  const infinitive = deed && !isNoun && infinitiveOf(deed[1]);
  return deed && infinitive
    ? { goal: toDo(`${infinitive}${deed[2] ?? ""}`), said: rest.replace(company, "") }
    : undefined;
}
