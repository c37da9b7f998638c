import { sexOfName } from "../names.ts";
import { settingFor, settingIn } from "../places.ts";
import { type Goal, type Premise, tidyPrompt } from "../premise.ts";
import type { Dice } from "../random.ts";
import { traitIn } from "../traits.ts";
import { factIn, palIn, placeIn, secondIn, thingIn } from "./extras.ts";
import { defaults, wonder } from "./defaults.ts";
import { aboutTopic, findGoal, forFriend, seek } from "./goal.ts";
import { headOf, heroOf } from "./hero.ts";
import { characterIn } from "./nouns.ts";

const leadIn =
  /^(?:(?:please|can you|could you|i want|i would like|i'd like)\s+)*(?:(?:write|tell|make|create|give|read)\s+(?:me\s+|us\s+)?)?(?:(?:an?|the|my|one)\s+)?(?:[\w-]+\s+){0,3}?(?:story|tale|fairytale|book|poem)s?\s+(?:about|of|for|where|in which|with)\s+/i;
const once = /^(?:once upon a time,?\s+)?(?:there (?:once )?(?:was|is|lived|were)(?: once)?\s+)?/i;
const question = /^(?:why|how|what|where|when|who)\b/i;
/** Heads of phrases that name what happens, and nobody to whom it happens. */
const event =
  /^(?:day|days|night|time|adventure|secret|recipe|trip|journey|mystery|case|world|party|birthday|game|race|summer|winter|spring|autumn|holiday|holidays|sharing|magic|quest|visit|contest|competition|christmas|easter|halloween)$/i;
/** Events with a capital. */
const festival = /^(?:Christmas|Easter|Halloween)\b/;
/** Events that are an adventure in themselves. */
const outing = /\b(?:adventure|trip|journey|quest|mystery|holiday|holidays|expedition)\b/i;
const owner = /^(?:my |our |the )?((?:\p{L}+ )?\p{L}+)[’']s (.+)/u;

/** Whose event it is: "Happy birthday, Emma". Places and headlines have capitals, too, so what stands before counts. */
function nameIn(text: string): string | undefined {
  const words = text.split(/\s+/);
  return words.slice(1).map((word) => word.replace(/\P{L}+$/u, "")).find((word, at) => {
    const before = words[at];
    if (!/^\p{Lu}\p{Ll}/u.test(word) || event.test(word) || characterIn(word)) return false;
    return /^(?:with|for|dear)$|,$/i.test(before) || event.test(before) && sexOfName(word) !== undefined ||
      event.test(before) && /^\p{Ll}/u.test(before);
  });
}

/** A prompt about something rather than about somebody, and who is to find out about it. */
function aboutSomething(text: string, dice: Dice): { goal: Goal; heroText: string } | undefined {
  const someone = `a ${dice.pick(["rabbit", "bear", "mouse", "fox", "hedgehog", "cat"])}`;
  const [first] = text.split(/[.!]/);
  if (question.test(text)) {
    const asked = first.slice(0, 90).replace(/\?.*$/, "");
    return { goal: { ...aboutTopic(`the question ‘${asked}?’`), act: "find the answer" }, heroText: someone };
  }
  const owned = owner.exec(first);
  if (owned) {
    const about = `the ${owned[2].replace(/^(?:very )?/, "")}`;
    const head = headOf(about).words.at(-1) ?? "";
    return {
      goal: event.test(head) && !/recipe|secret/i.test(head) ? aboutTopic(about) : seek(about),
      heroText: owned[1],
    };
  }
  const { words } = headOf(text);
  const isEvent = words.some((word) => event.test(word)) && !words.some((word) => characterIn(word));
  const isIdea = !characterIn(first) && /^\p{Ll}[\p{L}-]*(?: (?:and|of|being|to) \p{L}+)*$/u.test(first) &&
    !/^(?:an?|the|my) /i.test(first);
  if (!isEvent && !isIdea) return;
  const inside = /\b(?:with|of|for|about) ((?:an?|the|his|her|two|three) .+)/i.exec(first)?.[1];
  const name = isEvent ? nameIn(first) : undefined;
  const heroText = name ?? (inside && characterIn(inside) ? inside : someone);
  const said = first.replace(/ with (?:an?|the) .+$/i, "").replace(
    new RegExp(`,?(?: (?:with|of|for|to))? ${name ?? "^"}\\b`),
    "",
  );
  const occasion = words.find((word) => event.test(word)) ?? "";
  const about = name && !/^(?:an?|the|my|our) /i.test(said)
    ? festival.test(occasion) ? occasion : `the ${occasion.toLowerCase()}`
    : festival.test(said)
    ? said
    : said.charAt(0).toLowerCase() + said.slice(1);
  return { goal: outing.test(about) ? wonder : aboutTopic(about), heroText };
}

/** Reads an English prompt. What it does not say is left to chance, but to the same chance each time. */
export function parse(prompt: string, dice: Dice): Premise {
  const text = tidyPrompt(prompt).replace(leadIn, "").replace(once, "");
  const something = aboutSomething(text, dice);
  const { hero, rest, adjectives } = heroOf(something?.heroText ?? text, something?.heroText ?? text);
  const trait = traitIn([...adjectives, ...rest.toLowerCase().split(/[^\p{L}]+/u).slice(0, 4)]);
  const found = something ? undefined : findGoal(text, rest);
  const told = something ? undefined : factIn(rest, text.split(/(?<=[.!?])\s+/));
  // What is the goal already is not said twice.
  const fact =
    told && found && (found.said.includes(told) || told.includes(found.goal.object || found.goal.act))
      ? undefined
      : told;
  const goal = something?.goal ?? found?.goal ?? (trait === "lonely" ? forFriend : dice.pick(defaults));
  const outside = found ? text.replace(found.said, " ") : text;
  const toward = goal.kind === "journey" ? settingIn(goal.object.toLowerCase())?.key : undefined;
  const { setting, place } = placeIn(outside);
  return {
    hero,
    trait,
    fact,
    goal,
    setting: settingFor(text, toward, setting, hero.character),
    place: toward || something ? undefined : place,
    pal: something
      ? undefined
      : secondIn(text, hero) ?? palIn(found ? rest.replace(found.said, " ") : rest, hero),
    thing: thingIn(text),
  };
}
