import { clip, type Goal } from "../premise.ts";
import { infinitiveOf, skills } from "./verbs.ts";

const stops = /[,.;:!?]| (?:aber|weil|bis|wenn|während|und dann|und|obwohl|damit|doch) /i;
const phrase = (text: string) => clip(text, stops);

/** "einen roten Hut" → "den roten Hut": what was new is known from then on. */
export function definiteThing(thing: string): string {
  return thing
    .replace(/^einen /i, "den ")
    .replace(/^eine /i, "die ")
    .replace(/^ein (\p{Ll}+)es /iu, "das $1e ")
    .replace(/^ein /i, "das ");
}

/** Somebody looks for `thing`, an accusative. */
export const find = (kind: "lost" | "seek", thing: string): Goal => {
  const object = definiteThing(thing.replace(/ (?:im|in|am|an|auf|unter|bei|vom|von|mit) .*$/, ""));
  return { kind, act: `${object} finden`, object };
};
const fear = (what: string): Goal => ({ kind: "fear", act: "mutig sein", object: what });

/** Somebody wants company. */
export const forFriend: Goal = { kind: "friend", act: "einen Freund finden", object: "" };

/** Somebody wants to know what `about` is. */
export const aboutTopic = (about: string): Goal => ({
  kind: "topic",
  act: "die Antwort finden",
  object: `„${about}“`,
});

/** What an infinitive phrase aims at. */
export function toDo(act: string): Goal {
  if (/^(?:\p{L}+ ){0,2}(?:freund|freunde|freundin) (?:finden|haben|suchen)$/iu.test(act)) return forFriend;
  const search =
    /^((?:den|die|das|einen|eine|ein|seinen|seine|sein|ihren|ihre|ihr) .+) (?:finden|suchen|entdecken|fangen)$/i
      .exec(act);
  if (search) return find("seek", search[1]);
  if (
    /^(?:zum|zur|nach|in|ins|auf|an|ans|um|über) .*(?:reisen|fliegen|fahren|gehen|segeln|wandern|laufen|schwimmen)$/i
      .test(act)
  ) {
    return { kind: "journey", act, object: "" };
  }
  const last = act.split(" ").at(-1)?.toLowerCase() ?? "";
  const joined = act.toLowerCase().split(" ").slice(-2).join("");
  return { kind: "skill", act, object: "", skill: skills[joined] ?? skills[last] };
}

/** "mit Walen sprechen zu können" → "mit Walen sprechen", "auf den Baum hinaufzuklettern" → "… hinaufklettern". */
const withoutZu = (text: string) =>
  text.replace(/ zu können$/, "").replace(/ zu (\p{L}+)$/u, " $1").replace(/^zu (?=\p{Ll}+$)/u, "")
    .replace(/(auf|an|aus|ein|mit|nach|vor|ab|weg|zurück|herum|um)zu(\p{L}+en)$/u, "$1$2");

/** "gern auf den Mond fliegen" → "auf den Mond fliegen". */
const plain = (text: string) =>
  text.replace(/^(?:so |sehr |unbedingt |endlich |immer |gern |gerne |auch |einmal |zu )+/i, "").trim();

type Rule = readonly [RegExp, (match: RegExpExecArray) => Goal | undefined];

const rules: readonly Rule[] = [
  [/\bangst vor (.+?)(?: (?:hat|hatte|haben))?(?=[,.;!?]|$| (?:und|aber) )/i, (m) => fear(phrase(m[1]))],
  [/\bsich vor (.+?) (?:fürchtet|fürchten|gruselt)\b/i, (m) => fear(m[1])],
  [/\bfürchtet sich vor (.+)/i, (m) => fear(phrase(m[1]))],
  [
    /, ?(?:der|die|das) (?:nicht )?(.+?) (?:lernen|lernt|lernte)(?: (?:will|möchte|wollte|muss|soll))?(?=[,.;!?]|$| (?:und|aber) )/i,
    (m) => toDo(plain(m[1])),
  ],
  [/\blernt,? (?:zu )?(.+)/i, (m) => toDo(plain(phrase(m[1])))],
  [
    /\b(?:wünscht(?:e)? sich|sich wünscht(?:e)?|träumt(?:e)?)(?: \p{Ll}+)?, dass (?:er|sie|es) (.+?) (?:kann|könnte|können)\b/iu,
    (m) => toDo(plain(m[1])),
  ],
  [
    /\b(?:wünscht(?:e)? sich|sich wünscht(?:e)?|träumt(?:e)? davon|davon träumt|hofft|versucht|sehnt sich danach|beschließt)(?: \p{Ll}+)?, ((?:[^,.;!?]+ )?zu \p{L}+|[^,.;!?]*zu\p{L}+en)/iu,
    (m) => toDo(plain(withoutZu(m[1]))),
  ],
  [
    /\b(?:wünscht(?:e)? sich|sich wünscht(?:e)?) (?:so sehr |sehnlichst? )?(?:einen|eine|ein|neue) (?:\p{L}+ )?(?:freund|freunde|freundin)\b/iu,
    () => forFriend,
  ],
  [
    /\b(?:wünscht(?:e)? sich|sich wünscht(?:e)?) (?:so sehr )?((?:den|die|das|einen|eine|ein|seinen|seine|ihren|ihre) .+)/iu,
    (m) => find("seek", phrase(m[1])),
  ],
  [
    /, ?(?:der|die|das) (.+?) (?:will|möchte|wollte)(?=[,.;!?]|$| (?:und|aber) )/i,
    (m) => toDo(plain(m[1])),
  ],
  [/, ?(?:der|die|das) (.*?)(?:noch )?nicht (.*?)(?:kann|konnte)\b/i, (m) => toDo(plain(`${m[1]}${m[2]}`))],
  [
    /\b(?:will|möchte|wollte|kann nicht|träumt davon,?) (.+)/i,
    (m) => toDo(plain(withoutZu(phrase(m[1])))),
  ],
  [
    /\b(?:den weg verloren|sich verlaufen|verläuft sich|verirrt)/i,
    () => ({ kind: "lost", act: "den Weg nach Hause finden", object: "den Weg nach Hause" }),
  ],
  [
    /\b(?:verliert|verlor|vermisst) ((?:seinen|seine|sein|ihren|ihre|ihr|den|die|das) .+)/i,
    (m) => find("lost", phrase(m[1])),
  ],
  [
    /\b((?:seinen|seine|sein|ihren|ihre|ihr|den|die|das) (?:\p{L}+ ){0,2}?\p{L}+) (?:verloren|verliert|vermisst)/iu,
    (m) => find("lost", m[1]),
  ],
  [
    /\b(?:(?:k?einen|k?eine|neue) (?:\p{L}+ )?(?:freund|freunde|freundin)|(?<!(?:seine|ihre) )freunde) (?:sucht|findet|suchen|finden)|(?:sucht|findet|sucht sich) (?:einen|eine|neue) (?:\p{L}+ )?(?:freund|freunde|freundin)/iu,
    () => forFriend,
  ],
  [
    /\b(?:sucht|suchen|findet|finden|entdeckt|entdecken) (?:nach )?((?:den|die|das|einen|eine|ein|seinen|seine|ihren|ihre|dem|der) .+)/i,
    (m) => find("seek", phrase(m[1])),
  ],
  [
    /\b((?:den|einen|eine|ein|seinen|ihren|das) (?:\p{L}+ ){0,2}\p{L}+) (?:sucht|suchen|findet|finden|entdeckt|entdecken)\b/iu,
    (m) => find("seek", m[1]),
  ],
  [
    /\b(?:reist|fliegt|fährt|geht|segelt|wandert|läuft|reisen|fliegen|fahren|gehen) ((?:zum|zur|nach|in|ins|auf|an|ans|um|über) .+)/i,
    (m) => ({ kind: "journey", act: `${phrase(m[1])} reisen`, object: "" }),
  ],
  [
    /\b((?:zum|zur|nach|ins|auf|ans|um) (?:\p{L}+ ){0,2}\p{Lu}\p{L}+) (?:reist|fliegt|fährt|geht|segelt|wandert|will)\b/u,
    (m) => ({ kind: "journey", act: `${m[1]} reisen`, object: "" }),
  ],
];

export interface FoundGoal {
  goal: Goal;
  said: string;
}

const clause = /[^,.;!?]+?(?= (?:und|aber|doch|bis|weil|sondern|wenn) |[,.;!?]|$)/gu;
const isDenied = (said: string) =>
  /\b(?:nicht|nie|niemals|kein\p{L}*|ohne)\b/iu.test(said) &&
  !/\b(?:kann|konnte|können|find\p{L}*|weiß|lern\p{L}*|darf|durfte)\b/iu.test(said);

/** What somebody in `whole` is after; `behind` is what the prompt says behind the hero. */
export function findGoal(whole: string, behind: string): FoundGoal | undefined {
  // Not being able to do something is a reason to learn it; not wanting it is none.
  const [text, rest] = [whole, behind].map((said) =>
    said.replace(clause, (part) => isDenied(part) ? "" : part)
  );
  for (const [pattern, goalOf] of rules) {
    const match = pattern.exec(text);
    const goal = match && goalOf(match);
    if (match && goal) return { goal, said: match[0] };
  }
  // "der das Königreich rettet" and "rettet das Königreich".
  const relative = /^,? ?(?:der|die|das) (.*?)(\p{Ll}+)$/u.exec(rest.replace(/[.!?].*$/, ""));
  const main = /^(\p{Ll}+) (.+)$/u.exec(phrase(rest));
  const verb = relative ? relative[2] : main?.[1];
  // After several who do something, the verb is the infinitive itself.
  const isPlural = !relative && main !== null &&
    /(?<!^(?:hab|woll|könn|leb|wohn|lieb|mög|heiß))en$/.test(main[1]);
  const infinitive = verb && !/^(?:ist|hat|lebt|wohnt|liebt|mag|heißt|war|kann|sitzt|gibt)$/.test(verb) &&
    (isPlural ? verb : infinitiveOf(verb));
  if (!infinitive || /\b(?:nicht|nie|kein\p{L}*)\b/u.test(rest)) return;
  const object = (relative ? relative[1] : main?.[2] ?? "").trim();
  return { goal: toDo([object, infinitive].filter(Boolean).join(" ")), said: rest };
}
