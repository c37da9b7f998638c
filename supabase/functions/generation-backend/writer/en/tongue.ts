import type { Character, Move } from "../../words/characters.ts";
import type { Tongue } from "../tongue.ts";
import { details } from "./details.ts";
import { episodes } from "./episodes.ts";
import { frame } from "./frame.ts";
import { goals } from "./goals.ts";
import { interludes } from "./interludes.ts";
import { parse } from "./parse.ts";
import { withArticle } from "./words.ts";

const moved: Record<Move, string> = {
  walk: "walked",
  fly: "flew",
  swim: "swam",
  hop: "hopped",
  roll: "rolled",
  creep: "crept",
};

const listOf = (items: string[]) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

const titleCase = (text: string) =>
  text.replace(
    /\b(?!(?:a|an|the|of|to|in|on|at|and|by|for|with|from)\b)\p{Ll}/gu,
    (letter, at: number) => at > 0 && /[’']/.test(text[at - 1]) ? letter : letter.toUpperCase(),
  );

/** English. */
export const english: Tongue = {
  texts: { frame, episodes, interludes, goals, details },
  names: {
    m: [
      "Pip",
      "Milo",
      "Otis",
      "Finn",
      "Barnaby",
      "Toby",
      "Rufus",
      "Ollie",
      "Jasper",
      "Hugo",
      "Theo",
      "Bertie",
      "Wilbur",
      "Gus",
      "Nico",
      "Ned",
    ],
    f: [
      "Wren",
      "Tilly",
      "Mabel",
      "Juno",
      "Poppy",
      "Nell",
      "Hazel",
      "Ivy",
      "Dot",
      "Luna",
      "Maisie",
      "Rosa",
      "Olive",
      "Bea",
      "Clementine",
      "Ada",
    ],
  },
  parse,
  helper: (character, adjective) => ({
    gender: character.en.sex ?? "n",
    slots: {
      "helper": `the ${character.en.one}`,
      "helper.a": withArticle(`${adjective.en} ${character.en.one}`),
    },
  }),
  spot: (spot) => spot.en,
  moved: (character: Character | undefined) => moved[character?.move ?? "walk"],
  others: (first, rest) =>
    rest.length === 0
      ? ""
      : `Behind ${first.slots.helper} came ${listOf(rest.slice(0, 3).map((one) => one.slots.helper))}${
        rest.length > 3 ? " and all the others" : ""
      }.`,
  title: ({ goal }, name, dice) => {
    const object = titleCase(goal.object);
    switch (goal.kind) {
      case "skill":
        return titleCase(dice.pick([`${name} Wants to ${goal.act}`, `How ${name} Learned to ${goal.act}`]));
      case "fear":
        return dice.pick([`${name} and ${object}`, `Brave Little ${name}`]);
      case "friend":
        return dice.pick([`A Friend for ${name}`, `${name} Finds a Friend`]);
      case "journey":
        return titleCase(dice.pick([`${name} Goes ${goal.object}`, `${name}'s Journey ${goal.object}`]));
      case "topic":
        return dice.pick([`${name}'s Big Question`, `What ${name} Found Out`]);
      case "wonder":
        return dice.pick([`${name} and the Little Light`, `${name} and the Three Blinks`]);
      default:
        return dice.pick([`${name} and ${object}`, `${name}'s Search for ${object}`]);
    }
  },
  called: ({ phrase }, name) => `${phrase} called ${name}`,
  fact: (fact) => `<He|She> ${fact}.`,
  finish: (text) => text,
};
