import type { Move } from "../../words/characters.ts";
import type { Tongue } from "../tongue.ts";
import { details } from "./details.ts";
import { episodes } from "./episodes.ts";
import { frame } from "./frame.ts";
import { goals } from "./goals.ts";
import { interludes } from "./interludes.ts";
import { parse } from "./parse.ts";

const moved: Record<Move, string> = {
  walk: "caminó",
  fly: "voló",
  swim: "nadó",
  hop: "avanzó a saltos",
  roll: "rodó",
  creep: "avanzó despacito",
};

const listOf = (items: string[]) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} y ${items.at(-1)}`;

/** Spanish. */
export const spanish: Tongue = {
  texts: { frame, episodes, interludes, goals, details },
  names: {
    m: [
      "Pipo",
      "Nico",
      "Hugo",
      "Bruno",
      "Leo",
      "Mateo",
      "Tito",
      "Simón",
      "Gaspar",
      "Otto",
      "Lucas",
      "Teo",
      "Rufo",
      "Nilo",
      "Ciro",
      "Darío",
    ],
    f: [
      "Lola",
      "Nina",
      "Alma",
      "Luna",
      "Carlota",
      "Vera",
      "Olivia",
      "Pía",
      "Mora",
      "Cora",
      "Greta",
      "Abril",
      "Lía",
      "Rita",
      "Amparo",
      "Elena",
    ],
  },
  parse,
  helper: (character, { es }) => {
    const { one, gender } = character.es;
    const feminine = gender === "f";
    // "el hada", but "un hada pequeña": a stressed a takes the masculine article.
    const stressed = /^(?:hada|águila|ave)$/.test(one);
    return {
      gender,
      slots: {
        "helper": `${feminine && !stressed ? "la" : "el"} ${one}`,
        "helper.a": `${feminine && !stressed ? "una" : "un"} ${one} ${feminine ? es.f : es.m}`,
      },
    };
  },
  spot: (spot) => spot.es,
  moved: (character) => moved[character?.move ?? "walk"],
  others: (first, rest) =>
    rest.length === 0
      ? ""
      : `Detrás de ${first.slots.helper} ${rest.length > 1 ? "venían" : "venía"} ${
        listOf([
          ...rest.slice(0, 3).map((one) => one.slots.helper),
          ...(rest.length > 3 ? ["todos los demás"] : []),
        ])
      }.`,
  title: ({ goal }, name, dice) => {
    switch (goal.kind) {
      case "skill":
      case "journey":
        return dice.pick([`${name} quiere ${goal.act}`, `${name} y el gran deseo`]);
      case "fear":
        return dice.pick([`¡Ánimo, ${name}!`, `El valor de ${name}`]);
      case "friend":
        return dice.pick([`Alguien para ${name}`, `${name} encuentra un amigo`]);
      case "topic":
        return dice.pick([`${name} y la gran pregunta`, `Lo que descubrió ${name}`]);
      case "wonder":
        return dice.pick([`${name} y la lucecita`, `${name} y la luz dorada`]);
      default:
        return dice.pick([`${name} busca ${goal.object}`, `${name} no se rinde`]);
    }
  },
  called: ({ phrase, gender }, name) => `${phrase} llamad${gender === "f" ? "a" : "o"} ${name}`,
  fact: (fact) => `Todos conocían a {name}, <el|la> que ${fact}.`,
  finish: (text) =>
    text.replace(/(?<!\p{L})([Aa]) el (?=\p{Ll})/gu, "$1l ").replace(
      /(?<!\p{L})([Dd])e el (?=\p{Ll})/gu,
      "$1el ",
    ),
};
