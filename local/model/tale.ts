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
import kinds from "./data/kinds.json" with { type: "json" };
import spanish from "./data/es.json" with { type: "json" };
import { Dice } from "./dice.ts";
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

/** What happens, as a template, and what a picture of it shows. */
interface Beat {
  text: string;
  shows: string[];
  names?: Record<string, string>;
}

const languages = { en: english, de: german, es: spanish };
/** When a picture shows the page, unless the page says so itself. */
const HOURS = ["morning", "day", "day", "evening"];
const HOUR_OF: Record<string, string> = {
  "shooting star": "night",
  "fire": "night",
  "full moon": "night",
  "sunrise": "morning",
  "rainbow": "day",
};
/** Beats that one meeting can fill at most: arriving, the trouble, its end, the parting, a quiet moment. */
const LONGEST_STOP = 5;
/** Stands for the quotation until everything else is in place, so that nothing in a prompt is read as a rule. */
const QUOTE = "\uE000";

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** A template for listeners of this age. */
function forAge(text: string, age: number): string {
  const middle = age < 8 ? text.replace(/<[^>]*>/g, "") : text;
  const short = age < 5 ? middle.replace(/\{[^}]*\}/g, "") : middle;
  return short.replace(/[{}<>]/g, "").replace(/ {2,}/g, " ").trim();
}

/** `total` in `count` parts that differ by one at most. */
function shares(total: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => Math.floor((total + count - 1 - at) / count));
}

class Teller {
  readonly #dice: Dice;
  readonly #told;
  readonly #about;
  readonly #hero: string;
  readonly #names: Record<string, string>;

  constructor(readonly wish: Wish) {
    const base = wish.language.toLowerCase().split("-")[0];
    const language = base === "de" || base === "es" ? base : "en";
    this.#dice = new Dice(wish.prompt.normalize("NFC").trim());
    this.#told = languages[language];
    this.#about = understand(wish.prompt, language);
    const kind = kinds[this.#about.kind];
    this.#hero = kind.picture;
    const name = this.#about.name ?? this.#dice.pick(this.#told.names);
    this.#names = { hero: name, a_kind: kind[language], wish: QUOTE };
  }

  /** A template as text. */
  #say({ text, names }: Pick<Beat, "text" | "names">): string {
    const said = tracery.createGrammar({ ...this.#names, ...names }).flatten(forAge(text, this.wish.age));
    return said.replace(QUOTE, () => this.#about.quotation ?? "");
  }

  /** One meeting: what happens, page by page. */
  #stops(sizes: number[]): Beat[][] {
    const dice = this.#dice;
    const { friends, gifts, places, meets, troubles, farewells, interludes } = this.#told;
    const others = dice.shuffle(Object.entries(friends).filter(([id]) => id !== this.#hero));
    const scenes = dice.shuffle(Object.entries(places))
      .sort(([a], [b]) => Number(b === this.#about.place) - Number(a === this.#about.place));
    const [worries, presents, pauses] = [troubles, gifts, interludes].map((all) =>
      dice.shuffle(Object.entries<string | string[]>(all))
    );
    const [greetings, partings] = [meets, farewells].map((all) => dice.shuffle(all));
    return sizes.flatMap((size, at) => {
      const [friend, [a_friend, the_friend]] = others[at % others.length];
      const [place, arrive] = scenes[at];
      const [thing, [trouble, solved]] = worries[at];
      const [gift, present] = presents[at];
      const [pause, quiet] = pauses[at];
      const names = { friend: the_friend, Friend: capital(the_friend), a_friend, gift: String(present) };
      const two = [this.#hero, friend];
      const met: Beat = {
        text: `${greetings[at % greetings.length]} ${trouble}`,
        shows: [...two, thing, place],
        names,
      };
      const ended: Beat = { text: solved, shows: [thing, ...two, place], names };
      const parted = { text: partings[at % partings.length], shows: [...two, gift, place], names };
      const stop = [
        [{ text: arrive, shows: [this.#hero, place] }],
        [met],
        [ended],
        [parted],
        [{ text: String(quiet), shows: [this.#hero, pause, place] }],
      ];
      return size === 1 ? [[met, ended]] : size === 2 ? stop.slice(1, 3) : stop.slice(0, size);
    });
  }

  /** What happens on each page. */
  #plan(): Beat[][] {
    const { opens, wishes, secrets, quests } = this.#told;
    const { pages } = this.wish;
    const dice = this.#dice;
    const [thing, quest] = dice.pick(
      Object.entries(quests).filter(([id]) => pages > 2 || id !== "world map"),
    );
    this.#names.title = quest.title;
    const hero = this.#hero;
    const opening = [
      { text: dice.pick(opens), shows: [hero, "house", "village"] },
      { text: dice.pick(this.#about.quotation ? wishes : secrets), shows: [hero, "envelope", "village"] },
    ];
    const want = { text: quest.want, shows: [hero, thing, "meadow"] };
    const climax = { text: quest.climax, shows: [hero, thing, thing === "star" ? "mountain" : "meadow"] };
    const end = { text: quest.end, shows: [hero, thing, "garden"] };
    if (pages === 1) return [[...opening, want, climax, end]];
    if (pages === 2) return [[...opening, want], [climax, end]];
    if (pages === 3) return [[...opening, want], ...this.#stops([1]), [climax, end]];
    if (pages === 4) return [opening, [want], ...this.#stops([1]), [climax, end]];
    const between = pages - 4;
    const sizes = shares(between, Math.ceil(between / LONGEST_STOP));
    return [opening, [want], ...this.#stops(sizes), [climax], [end]];
  }

  /** The story. */
  tell(): Tale {
    const pages = this.#plan().map((beats, page, { length }) => {
      const { shows } = beats[0];
      const told = shows.map((name) => HOUR_OF[name]).find(Boolean);
      const hour = page === length - 1
        ? "night"
        : page === length - 2
        ? "evening"
        : told ?? HOURS[page % HOURS.length];
      return {
        text: beats.map((beat) => this.#say(beat)).join(" "),
        image_prompt: [...new Set([...shows, hour])].join(", "),
      };
    });
    return { title: this.#say({ text: this.#names.title }), pages };
  }
}

/** The story for a wish: always the same one for the same wish. */
export function tell(wish: Wish): Tale {
  return new Teller(wish).tell();
}
