import { type Character, characters } from "../words/characters.ts";
import { settingIn } from "../writer/places.ts";
import { settings } from "../words/settings.ts";
import { hours, type Mood, moods, props, synonyms } from "./cues.ts";
import type { Hour } from "./palette.ts";

export type { Mood } from "./cues.ts";

/** What one picture shows, as far as its line of text says. */
export interface Scene {
  scenery: string;
  hour: Hour;
  indoors: boolean;
  /** Kinds of characters, the hero first. */
  cast: string[];
  mood: Mood;
  /** Names of props, see `props.ts`. */
  props: string[];
  weather?: "rain" | "snow" | "fog" | "wind";
}

const firstOf = <T>(table: readonly (readonly [T, RegExp])[], text: string, otherwise: T): T =>
  table.find(([, words]) => words.test(text))?.[0] ?? otherwise;

const byLength: readonly Character[] = [...characters].sort((a, b) => b.en.one.length - a.en.one.length);

/** The setting a line names. A moon to look at is not a place to be. */
const settingOf = (text: string) =>
  settingIn(text.replace(/(?<!(?:on|to|of) the )\bmoon\b|\bstars\b|\bsky\b|\bclouds\b/g, " "));

/** The scenery a line ends with, as the writer's lines do, or else the one it speaks of. */
function sceneryOf(text: string): string | undefined {
  const named = Object.values(settings).find(({ scenery }) => text.includes(`, ${scenery}`));
  const setting = named ? undefined : settingOf(text);
  return named?.scenery ?? (setting && settings[setting.key].scenery);
}

/** Who appears in `text`, in the order of appearance, each kind once. */
export function castOf(text: string): string[] {
  let rest = text.toLowerCase();
  const found: { kind: string; at: number }[] = [];
  const take = (word: string, kind: string) => {
    const match = new RegExp(`(?<![a-z])${word}(?![a-z])`).exec(rest);
    if (!match) return;
    found.push({ kind, at: match.index });
    rest = rest.replaceAll(new RegExp(`(?<![a-z])${word}(?![a-z])`, "g"), " ".repeat(word.length));
  };
  for (const { en, kind } of byLength) {
    if (kind === "moon" || kind === "star" || kind === "cloud" || kind === "tree" || kind === "boat") {
      continue;
    }
    take(en.one, kind);
    take(en.many, kind);
  }
  for (const [word, kind] of Object.entries(synonyms)) take(word, kind);
  return [...new Set(found.sort((a, b) => a.at - b.at).map((one) => one.kind))];
}

/** Those who sleep in the water and not in a bed. */
const swims = (kind: string) =>
  characters.some((one) => one.kind === kind && one.move === "swim" && one.habitat === "sea");

/** Reads a picture's line of text. What it leaves open is taken from `usual`: the book's hero and setting. */
export function readScene(line: string, usual: { hero: string; scenery: string }, page: number): Scene {
  const text = line.toLowerCase();
  const cast = castOf(text);
  const dry = !swims(usual.hero);
  const others = cast.filter((kind) => kind !== usual.hero);
  const pace: Hour[] = ["dawn", "day", "day", "dusk"];
  return {
    scenery: sceneryOf(text) ?? usual.scenery,
    hour: firstOf(hours, text, pace[page % pace.length]),
    indoors: dry && /\b(?:in bed|room|indoors|tucked up)\b/.test(text),
    cast: [usual.hero, ...others].slice(0, 3),
    mood: firstOf(moods, text, "calm"),
    props: [...new Set(props.filter(([, words]) => words.test(text)).map(([name]) => name))].filter((name) =>
      dry || name !== "bed"
    ).slice(0, 4),
    weather: /\b(?:rain|thunderstorm|storm)\b/.test(text)
      ? "rain"
      : /\bsnow(?:ing|fall|flakes)\b/.test(text)
      ? "snow"
      : /\bfog|mist\b/.test(text)
      ? "fog"
      : /\bwind\b/.test(text)
      ? "wind"
      : undefined,
  };
}

/** The hero and the scenery of a whole book: whoever and whatever its pictures name most often. */
export function usualOf(lines: readonly string[]): { hero: string; scenery: string } {
  const most = (names: string[]) => {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  };
  const hero = most(lines.flatMap((line) => castOf(line))) ?? "creature";
  const scenery = most(lines.flatMap((line) => sceneryOf(line.toLowerCase()) ?? []));
  return { hero, scenery: scenery ?? "forest" };
}
