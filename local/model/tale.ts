/**
 * Stories told from data: somebody hears a wish, sets out for it, helps whoever is met on the way, and comes home.
 *
 * Every sentence is one of the data's own, with names put into it; the prompt is quoted once, on the first page. Text in
 * `{…}` is for listeners from five on, text in `<…>` from eight on.
 *
 * @module
 */
// @ts-types="./tracery.d.ts"
import tracery from "tracery-grammar";
import german from "./data/de.json" with { type: "json" };
import english from "./data/en.json" with { type: "json" };
import spanish from "./data/es.json" with { type: "json" };
import kinds from "./data/kinds.json" with { type: "json" };
import { Dice } from "./dice.ts";
import { type Beat, journey, type Told } from "./journey.ts";
import { understand } from "./prompt.ts";

/** What a story is asked for with. */
export interface Wish {
  prompt: string;
  age: number;
  pages: number;
  /** A language tag; anything but German and Spanish is told in English. */
  language: string;
}

/** A story as the schema of the generation backend wants it. */
export interface Tale {
  title: string;
  pages: { text: string; image_prompt: string }[];
}

/** Who the story is about, and what it is for. */
interface Subject {
  hero: string;
  place?: string;
  isSecret: boolean;
  pages: number;
}

const languages: Record<string, Told> = { en: english, de: german, es: spanish };
/** When a picture shows the page, unless the page says so itself. */
const HOURS = ["morning", "day", "day", "evening"];
const HOUR_OF: Record<string, string> = {
  "shooting star": "night",
  "fire": "night",
  "full moon": "night",
  "sunrise": "morning",
  "rainbow": "day",
};
/** Stands for the quotation until everything else is in place, so that nothing in a prompt is read as a rule. */
const QUOTE = "\uE000";

/** A template for listeners of this age. */
function forAge(text: string, age: number): string {
  const middle = age < 8 ? text.replace(/<[^>]*>/g, "") : text;
  const short = age < 5 ? middle.replace(/\{[^}]*\}/g, "") : middle;
  return short.replace(/[{}<>]/g, "").replace(/ {2,}/g, " ").trim();
}

/** The title, and what happens on each page. */
function plan(told: Told, { hero, place, isSecret, pages }: Subject, dice: Dice): [title: string, Beat[][]] {
  // The treasure of the map are the friends of the journey: without one there is none.
  const quests = Object.entries(told.quests).filter(([id]) => pages > 2 || id !== "world map");
  const [thing, quest] = dice.pick(quests);
  const open = { text: dice.pick(told.opens), shows: [hero, "house", "village"] };
  const wish = { text: dice.pick(isSecret ? told.secrets : told.wishes), shows: [] };
  const want = { text: quest.want, shows: [hero, thing, "meadow"] };
  const climax = { text: quest.climax, shows: [hero, thing, thing === "star" ? "mountain" : "meadow"] };
  const end = { text: quest.end, shows: [hero, thing, "garden"] };
  const beginning = pages < 4 ? [[open, wish, want]] : [[open, wish], [want]];
  const ending = pages < 5 ? [[climax, end]] : [[climax], [end]];
  const between = pages - beginning.length - ending.length;
  if (between < 0) return [quest.title, [[...beginning.flat(), ...ending.flat()]]];
  return [quest.title, [...beginning, ...journey(told, { hero, place, pages: between }, dice), ...ending]];
}

function hourOf(shows: string[], page: number, pages: number): string {
  if (page === pages - 1) return "night";
  if (page === pages - 2) return "evening";
  return shows.map((name) => HOUR_OF[name]).find(Boolean) ?? HOURS[page % HOURS.length];
}

/** The story for a wish: always the same one for the same wish. */
export function tell({ prompt, age, pages, language }: Wish): Tale {
  const base = language.toLowerCase().split("-")[0];
  const told = languages[base] ?? english;
  const tongue = base === "de" || base === "es" ? base : "en";
  const dice = new Dice(prompt.normalize("NFC").trim());
  const { kind, name = dice.pick(told.names), place, quotation } = understand(prompt, tongue);
  const hero = kinds[kind];
  const names = { hero: name, a_kind: hero[tongue], wish: QUOTE };
  const say = (beat: Pick<Beat, "text" | "names">) =>
    tracery.createGrammar({ ...names, ...beat.names }).flatten(forAge(beat.text, age))
      .replace(QUOTE, () => quotation ?? "");
  const isSecret = quotation === undefined;
  const [title, happens] = plan(told, { hero: hero.picture, place, isSecret, pages }, dice);
  return {
    title: say({ text: title }),
    pages: happens.map((beats, page) => {
      const { shows } = beats[0];
      return {
        text: beats.map(say).join(" "),
        image_prompt: [...new Set([...shows, hourOf(shows, page, pages)])].join(", "),
      };
    }),
  };
}
