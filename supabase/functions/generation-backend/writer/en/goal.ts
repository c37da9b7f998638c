import nlp from "compromise";
import { clip, type Goal } from "../premise.ts";
import { skills } from "./words.ts";

const definite = (phrase: string) => phrase.replace(/^(?:an?|some|any|new)\s+/i, "the ");

/** Somebody wants to find `thing`. */
export const seek = (thing: string): Goal => ({
  kind: "seek",
  act: `find ${definite(thing)}`,
  object: definite(thing),
});
const lost = (thing: string): Goal => ({
  kind: "lost",
  act: `find ${definite(thing)}`,
  object: definite(thing),
});
/** Somebody wants to get somewhere: "to the moon". */
export const journey = (way: string): Goal => ({ kind: "journey", act: `go ${way}`, object: way });
const fear = (what: string): Goal => ({ kind: "fear", act: "be brave", object: what });

/** Somebody wants company. */
export const forFriend: Goal = { kind: "friend", act: "find a friend", object: "" };

/** Somebody wants to understand what `about` is. */
export const aboutTopic = (about: string): Goal => ({
  kind: "topic",
  act: `find out all about ${about}`,
  object: about,
});

/** What an infinitive phrase aims at. */
export function toDo(act: string): Goal {
  if (/^(?:make|find|have|get|meet)\s+(?:an?\s+|some\s+|his\s+|her\s+)?(?:\w+\s+)?friends?\b/i.test(act)) {
    return forFriend;
  }
  const search = /^(?:find|look for|search for|seek|discover|get|catch)\s+(.+)/i.exec(act);
  if (search) return seek(thingOnly(search[1]));
  const trip =
    /^(?:go|travel|fly|sail|walk|run|journey|swim|get)\s+((?:to|into|across|around|round|over)\s.+)/i.exec(
      act,
    );
  if (trip) return journey(wayOnly(trip[1]));
  const visit = /^(?:visit|see|reach|explore)\s+((?:the|a|an|his|her)\s.+)/i.exec(act);
  if (visit) return journey(`to ${wayOnly(visit[1])}`);
  const overcome = /^(?:stop being|not be|no longer be)\s+(?:afraid|scared) of\s+(.+)/i.exec(act);
  if (overcome) return fear(overcome[1]);
  return { kind: "skill", act, object: "", skill: skills[act.split(" ")[0].toLowerCase()] };
}

const stops =
  /[,.;:!?]| (?:but|because|until|when|while|so that|and then|after|before|even though|although|instead|who|which) /i;
const company = / (?:together )?with (?:(?:his|her|its|their) )?(?:\w+ )?(?:friends?|help)\b/i;
const phrase = (text: string) => clip(clip(text, stops), company);
/** A thing, without where it is or who else is there. */
const thingOnly = (text: string) =>
  clip(phrase(text), / (?:in|on|at|under|from|behind|with|near|to|before|for) /i);
const wayOnly = (text: string) => clip(phrase(text), / with /i);

/** "becoming a chef" → "become a chef". */
function fromGerund(text: string): Goal {
  const [first, ...rest] = text.split(" ");
  const verb = nlp(text).verbs().toInfinitive().text().split(" ")[0];
  return toDo([verb || first, ...rest].join(" "));
}

const wish =
  "(?:wants?|wanted|wish(?:es|ed)?|hop(?:es|ed|ing)|long(?:s|ed)?|would (?:like|love)|tr(?:ies|ied|ying)|dream(?:s|ed|t)?|needs?|decid(?:es|ed)|has|had|dares|dared|wanting)";
const unable =
  "(?:can't|cannot|can not|can’t|couldn't|couldn’t|could not|(?:doesn't|doesn’t|does not|didn't) know how to|forg[eo]ts? how to|(?:is|was) (?:not able|unable) to|never learned to)";
const aFriend = "(?:an?\\s+|some\\s+|his\\s+|her\\s+)?(?:\\w+\\s+)?friends?\\b";

/** Pattern, what of its capture belongs to the goal, and the goal. The first that fits counts. */
type Rule = readonly [RegExp, (text: string) => string, (text: string) => Goal];

const rules: readonly Rule[] = [
  [/\b(?:afraid|scared|frightened|terrified) of (.+)/i, phrase, fear],
  [/\bfear(?:s|ed) (?:of )?(.+)/i, phrase, fear],
  [/\blearn(?:s|ed|ing|t)?(?: how)? to (.+)/i, phrase, toDo],
  [/\blearn(?:s|ed|ing|t)? (?:all )?about (.+)/i, phrase, aboutTopic],
  [
    new RegExp(`\\b(?:on a quest|in search|searching|looking|hunt(?:s|ing)?) (?:for|of) (${aFriend})`, "i"),
    phrase,
    () => forFriend,
  ],
  [
    /\b(?:wish(?:es|ed)?|dream(?:s|ed|t)?|hop(?:es|ed)) (?:that )?(?:he|she|it|they|i|we) (?:could|can|would|might) (.+)/i,
    phrase,
    toDo,
  ],
  [new RegExp(`\\b${wish} (?:how )?to (.+)`, "i"), phrase, toDo],
  [/\bdream(?:s|ed|t|ing)? (?:of|about) (\w+ing\b.*)/i, phrase, fromGerund],
  [new RegExp(`\\b${unable} (.+)`, "i"), phrase, toDo],
  [/\b((?:gets?|got|is|was) lost|lost (?=in |on |at |under |without ))/i, phrase, () => lost("the way home")],
  [
    /\b(?:lost|loses|lose|missing|misplaces?|misplaced) ((?:his|her|its|their|the|a|an|all)\s.+)/i,
    thingOnly,
    lost,
  ],
  [/\band the (?:missing|lost|stolen) (.+)/i, thingOnly, (thing) => lost(`the ${thing}`)],
  [
    new RegExp(
      `\\b(?:makes?|made|finds?|found|needs?|wants?|meets?|met|looks? for|wish(?:es|ed)? for)\\s+(${aFriend})`,
      "i",
    ),
    phrase,
    () => forFriend,
  ],
  [
    /\b(?:look(?:s|ed|ing)? for|search(?:es|ed|ing)? for|seek(?:s|ing)?|sought|finds?|found|finding|discover(?:s|ed|ing)?|hunt(?:s|ed|ing)? for|in search of|quest for|wish(?:es|ed)? for|wants?(?! to\b)|wanted(?! to\b)) ((?:the|his|her|its|their|an?|some|\w+)\s.+|\w+)/i,
    thingOnly,
    seek,
  ],
  [
    /\b(?:goes|go|going|went|travel(?:s|led|ed|ling)?|flies|flew|flying|sail(?:s|ed|ing)?|walks|journey(?:s|ed)?|trip|voyage|expedition|on (?:his|her) way) ((?:to|into|across|around|round) .+)/i,
    wayOnly,
    journey,
  ],
  [/\bvisit(?:s|ed|ing)? (.+)/i, wayOnly, (place) => journey(`to ${place}`)],
];

const deeds =
  /\b((?:builds?|saves?|rescues?|helps?|bakes?|wins?|solves?|plants?|paints?|invents?|opens?|makes?|throws?|explores?|protects?|wakes?|fixes|repairs?) (?:an?|the|his|her|their|some|everyone|all) .+)/i;

/** "builds a boat" → "build a boat", if it can be aimed at. */
function fromFinite(verb: string, said: string): FoundGoal | undefined {
  const infinitive = nlp(verb).verbs().toInfinitive().text();
  return infinitive ? { goal: toDo([infinitive, ...said.split(" ").slice(1)].join(" ")), said } : undefined;
}

/** A goal, and the words that named it, so that they are not read as something else. */
export interface FoundGoal {
  goal: Goal;
  said: string;
}

const states =
  /^(?:is|are|was|were|be|has|have|had|lives?|lived|loves?|loved|likes?|liked|hates?|hated|collects?|collected|can|could|will|would|breathes?|eats?|speaks?|glows?|shines?|named|called|and|with|in|on|at|under|from|becomes?|who|that|wears?|lost|disappear\w*|vanish\w*|never|always|only|does|did|do|refuses?)$/;

const deed = /^\W*(?:(?:who|that|which)\s+)?(?:(?:secretly|bravely|one day|suddenly)\s+)?(\p{Ll}+)(\s.+)?$/u;

/** What is said not to be so, up to the next thought. Not being able to do something is a reason to learn it. */
const denied =
  /\b(?:(?:do|does|did|is|was|are|were|has|had|would|will)(?:n['’]t| not)|won['’]t|never|no longer|refuses?|refused|hates?|hated|without|instead of)\b(?! (?:able|know|knew|learned to|learnt to|have|find|found)\b)[^,.;:!?]*?(?= (?:and|but|who|that|which|because|until|when|while|so|after|before|even though|although)\b|[,.;:!?]|$)/gi;

/** What somebody in `whole` is after; `behind` is what the prompt says behind the hero's name. */
export function findGoal(whole: string, behind: string): FoundGoal | undefined {
  const [text, rest] = [whole, behind].map((said) => said.replace(denied, ","));
  for (const [pattern, cut, goalOf] of rules) {
    const match = pattern.exec(text);
    if (!match) continue;
    const kept = cut(match[1]);
    return { goal: goalOf(kept), said: match[0].slice(0, match[0].indexOf(kept) + kept.length) };
  }
  const [, verb, object] = deed.exec(rest) ?? [];
  if (verb && !states.test(verb) && nlp(`they ${verb} it`).has("they #Verb")) {
    const found = fromFinite(verb, phrase(`${verb}${object ?? ""}`));
    if (found) return found;
  }
  const said = deeds.exec(rest)?.[1];
  return said ? fromFinite(said.split(" ")[0], phrase(said)) : undefined;
}
