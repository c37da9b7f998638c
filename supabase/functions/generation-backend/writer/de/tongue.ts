import type { Move } from "../../words/characters.ts";
import type { Tongue } from "../tongue.ts";
import { details } from "./details.ts";
import { episodes } from "./episodes.ts";
import { frame } from "./frame.ts";
import { goals } from "./goals.ts";
import { interludes } from "./interludes.ts";
import { parse } from "./parse.ts";
import { definite, indefinite } from "./words.ts";

const moved: Record<Move, string> = {
  walk: "lief",
  fly: "flog",
  swim: "schwamm",
  hop: "hüpfte",
  roll: "rollte",
  creep: "kroch",
};

const listOf = (items: string[]) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} und ${items.at(-1)}`;

/** German. */
export const german: Tongue = {
  texts: { frame, episodes, interludes, goals, details },
  names: {
    m: [
      "Fips",
      "Milo",
      "Anton",
      "Emil",
      "Oskar",
      "Theo",
      "Kalle",
      "Piet",
      "Henri",
      "Mats",
      "Fiete",
      "Carlo",
      "Bruno",
      "Leo",
      "Jonte",
      "Momo",
    ],
    f: [
      "Ida",
      "Lotte",
      "Mila",
      "Frieda",
      "Pippa",
      "Nele",
      "Wanda",
      "Emmi",
      "Tilda",
      "Rosa",
      "Greta",
      "Juna",
      "Elsa",
      "Flora",
      "Lina",
      "Marie",
    ],
  },
  parse,
  helper: (character, { de }) => ({
    gender: character.de.gender,
    slots: {
      "helper": definite(character, "nom"),
      "helper.acc": definite(character, "acc"),
      "helper.dat": definite(character, "dat"),
      "helper.a": indefinite(character, "nom", de),
      "helper.a.acc": indefinite(character, "acc", de),
    },
  }),
  spot: (spot) => spot.de,
  moved: (character) => moved[character?.move ?? "walk"],
  others: (first, rest) =>
    rest.length === 0 ? "" : `Hinter ${first.slots["helper.dat"]} kam${rest.length > 1 ? "en" : ""} ${
      listOf([
        ...rest.slice(0, 3).map((one) => one.slots.helper),
        ...(rest.length > 3 ? ["alle anderen"] : []),
      ])
    }.`,
  title: ({ goal }, name, dice) => {
    switch (goal.kind) {
      case "skill":
      case "journey":
        return dice.pick([`${name} will ${goal.act}`, `${name} und der große Wunsch`]);
      case "fear":
        return dice.pick([`Nur Mut, ${name}!`, `${name} ganz mutig`]);
      case "friend":
        return dice.pick([`Jemand für ${name}`, `${name} findet einen Freund`]);
      case "topic":
        return dice.pick([`${name} und die große Frage`, `Was ${name} herausfand`]);
      case "wonder":
        return dice.pick([`${name} und das kleine Licht`, `${name} und das goldene Blinken`]);
      default:
        return dice.pick([`${name} sucht ${goal.object}`, `${name} gibt nicht auf`]);
    }
  },
  called: ({ phrase }, name) => `${phrase} namens ${name}`,
  fact: (fact) => `Alle kannten {name}: <den|die>, <der|die> ${fact}.`,
  finish: (text) => text,
};
