import nlp from "compromise";
import { clip, type Goal } from "../premise.ts";

/** A goal and where in the text it was named, so that what belongs to it is not read as something else. */
export interface FoundGoal {
  goal: Goal;
  said: string;
}

const stops =
  /[,.;:!?]| (?:but|because|until|when|while|so that|and then|after|before|even though|although|who|which) /i;
const trim = (text: string) => clip(text, stops);
const definite = (phrase: string) => phrase.replace(/^(?:an?|some|any)\s+/i, "the ");

const skills: Record<string, string> = {
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

/** A goal that somebody wants to reach by doing `act`, an infinitive phrase. */
function byAct(act: string): Goal {
  const friend = /^(?:make|find|have|get|meet)\s+(?:an?\s+|some\s+|his\s+|her\s+)?(?:\w+\s+)?friends?\b/i;
  if (friend.test(act)) return { kind: "friend", act: "find a friend", object: "" };
  const search = /^(?:find|look for|search for|seek|discover|get|catch|collect)\s+(.+)/i.exec(act);
  if (search) return seek(search[1]);
  const trip =
    /^(?:go|travel|fly|sail|walk|run|journey|swim|get)\s+((?:to|into|across|around|round|over)\s.+)/i.exec(
      act,
    ) ??
      /^(visit|see|reach)\s+((?:the|a|an|his|her)\s.+)/i.exec(act);
  if (trip) return journey(trip.length > 2 ? `to ${trip[2]}` : trip[1]);
  const overcome = /^(?:stop being|not be|no longer be)\s+(?:afraid|scared) of\s+(.+)/i.exec(act);
  if (overcome) return fear(overcome[1]);
  return { kind: "skill", act, object: "", skill: skills[act.split(" ")[0].toLowerCase()] };
}

const seek = (thing: string): Goal => ({
  kind: "seek",
  act: `find ${definite(thing)}`,
  object: definite(thing),
});
const lost = (thing: string): Goal => ({
  kind: "lost",
  act: `find ${definite(thing)}`,
  object: definite(thing),
});
const journey = (way: string): Goal => ({ kind: "journey", act: `go ${way}`, object: way });
const fear = (what: string): Goal => ({ kind: "fear", act: "be brave", object: what });
export const forFriend: Goal = { kind: "friend", act: "find a friend", object: "" };

const infinitive = (verb: string) => nlp(verb).verbs().toInfinitive().text() || verb;

/** "becoming a chef" → "become a chef". */
function fromFinite(phrase: string): string {
  const [verb, ...rest] = phrase.split(" ");
  return [infinitive(verb), ...rest].join(" ");
}

const wish =
  "(?:wants?|wanted|wish(?:es|ed)?|hop(?:es|ed|ing)|long(?:s|ed)?|would (?:like|love)|tr(?:ies|ied|ying)|dream(?:s|ed|t)?|needs?|decid(?:es|ed)|has|had|dares|dared|wanting)";

const patterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Goal])[] = [
  [/\b(?:afraid|scared|frightened|terrified) of (.+)/i, (m) => fear(trim(m[1]))],
  [/\bfear(?:s|ed)? (?:of )?((?:the|his|her|a|an)? ?\w.*)/i, (m) => fear(trim(m[1]))],
  [/\blearn(?:s|ed|ing|t)?(?: how)? to (?:stop being (?:afraid|scared) of )?(.+)/i, (m) => byAct(trim(m[1]))],
  [/\blearn(?:s|ed|ing|t)? (?:about )?(?!to\b)(.+)/i, (m) => topic(trim(m[1]))],
  [
    /\b(?:on a quest|in search|searching|looking|hunt(?:s|ing)?) (?:for|of) (?:a |an |some )?(?:\w+ )?friends?\b/i,
    () => forFriend,
  ],
  [new RegExp(`\\b${wish} (?:how |not )?to (.+)`, "i"), (m) => byAct(trim(m[1]))],
  [/\bdream(?:s|ed|t|ing)? (?:of|about) (\w+ing\b.*)/i, (m) => byAct(fromFinite(trim(m[1])))],
  [
    /\b(?:can't|cannot|can not|can’t|couldn't|couldn’t|could not|(?:doesn't|doesn’t|does not|didn't) know how to|forg[eo]ts? how to|forgot how to|(?:is|was) (?:not able|unable) to|never learned to) (.+)/i,
    (m) => byAct(trim(m[1])),
  ],
  [
    /\b(?:gets?|got|is|was) lost\b/i,
    () => ({ kind: "lost", act: "find the way home", object: "the way home" }),
  ],
  [
    /\b(?:lost|loses|lose|missing|misplaces?|misplaced) ((?:his|her|its|their|the|a|an|all)\s.+)/i,
    (m) => lost(trim(m[1])),
  ],
  [
    /\b(?:makes?|made|finds?|found|needs?|wants?|meets?|met)\s+(?:an?\s+|some\s+|his\s+|her\s+)?(?:\w+\s+)?friends?\b/i,
    () => forFriend,
  ],
  [
    /\b(?:look(?:s|ed|ing)? for|search(?:es|ed|ing)? for|seek(?:s|ing)?|sought|finds?|found|finding|discover(?:s|ed|ing)?|hunt(?:s|ed|ing)? for|in search of|quest for|wants?|wanted) ((?:the|his|her|its|their|an?|some|\w+)\s.+|\w+)/i,
    (m) => seek(trim(m[1])),
  ],
  [
    /\b(?:goes|go|going|went|travel(?:s|led|ed|ling)?|flies|flew|flying|sail(?:s|ed|ing)?|walks|journey(?:s|ed)?|trip|voyage|expedition|on (?:his|her) way) ((?:to|into|across|around|round) .+)/i,
    (m) => journey(trim(m[1])),
  ],
  [/\bvisit(?:s|ed|ing)? (.+)/i, (m) => journey(`to ${trim(m[1])}`)],
];

const topic = (about: string): Goal => ({ kind: "topic", act: `find out all about ${about}`, object: about });
export { topic as aboutTopic };

/** What somebody in `text` is after, by the first pattern that fits; `rest` is what follows the hero's name. */
export function findGoal(text: string, rest: string): FoundGoal | undefined {
  for (const [pattern, goalOf] of patterns) {
    const match = pattern.exec(text);
    if (match) return { goal: goalOf(match), said: match[0] };
  }
  const deed =
    /^\W*(?:(?:who|that|which)\s+)?(?:(?:secretly|always|bravely|one day|suddenly)\s+)?(\p{Ll}+)(\s.+)?$/u
      .exec(rest);
  if (!deed || !isDeed(deed[1])) return;
  const act = trim(`${infinitive(deed[1])}${deed[2] ?? ""}`);
  return { goal: byAct(act), said: deed[0] };
}

const states =
  /^(?:is|are|was|were|be|has|have|had|lives?|lived|loves?|loved|likes?|liked|can|could|will|would|named|called|and|with|in|on|at|under|from|becomes?|who|that|wears?)$/;

function isDeed(word: string): boolean {
  return !states.test(word) && nlp(`they ${word} it`).has(`they #Verb`) && nlp(word).verbs().found;
}
