import { type Character, characters } from "../words/characters.ts";
import { settingIn } from "../writer/places.ts";
import { settings } from "../words/settings.ts";
import type { Hour } from "./palette.ts";

/** How somebody in a picture feels. */
export type Mood = "happy" | "sad" | "asleep" | "surprised" | "calm";

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

const hours: readonly (readonly [Hour, RegExp])[] = [
  ["night", /\b(?:night|midnight|starry|stars|moonlight|moon outside|bedtime|asleep|sleeping)\b/],
  ["dusk", /\b(?:dusk|sunset|evening|twilight)\b/],
  ["dawn", /\b(?:dawn|sunrise|morning)\b/],
];

const moods: readonly (readonly [Mood, RegExp])[] = [
  ["asleep", /\b(?:sleeping|asleep|tucked up|snoring|lying in)\b/],
  ["sad", /\b(?:sad|sadly|crying|lonely|lost|worried|broken|head in hands)\b/],
  ["surprised", /\b(?:surprised|shadow|afraid|scared|thunderstorm|gap|lightning|wow)\b/],
  [
    "happy",
    /\b(?:happy|joyful|proud|dancing|laughing|smiling|eating|singing|feast|jumping|playing|celebrat\w*|waving)\b/,
  ],
];

/** What the illustrator can put beside somebody, and the words that ask for it. */
const props: readonly (readonly [string, RegExp])[] = [
  ["kite", /\bkite\b/],
  ["button", /\bbutton\b/],
  ["umbrella", /\bumbrella\b/],
  ["basket", /\bbasket\b/],
  ["apple", /\bapples?\b/],
  ["jug", /\b(?:jug|vase|pot of|teapot)\b/],
  ["gate", /\b(?:gate|door)\b/],
  ["flowerpot", /\b(?:flowerpot|flower in a pot|sprouting)\b/],
  ["plums", /\b(?:plums?|fruit|cherries)\b/],
  ["fire", /\b(?:fire|campfire|soup|stirring)\b/],
  ["lantern", /\b(?:lanterns?|lamp|candle)\b/],
  ["cake", /\b(?:cake|feast|party|birthday)\b/],
  ["flags", /\b(?:flags|feast|race|party|celebrat\w*)\b/],
  ["book", /\b(?:book|reading|letter|writing|map)\b/],
  ["notes", /\b(?:music|singing|song|whistle|notes|flute|drum)\b/],
  ["sparkles", /\b(?:sparkles|magic|joyful|wonder|glitter\w*)\b/],
  ["plank", /\b(?:plank|bridge|gap)\b/],
  ["puddle", /\b(?:puddles?|mud)\b/],
  ["rainbow", /\brainbow\b/],
  ["treasure", /\b(?:treasure|chest|gold)\b/],
  ["balloon", /\bballoons?\b/],
  ["boat", /\b(?:boat|sailing)\b/],
  ["rocket", /\b(?:rocket|spaceship)\b/],
  ["stone", /\b(?:on a stone|on a rock)\b/],
  ["bag", /\b(?:bag|backpack|setting off|journey)\b/],
  ["ball", /\bball\b/],
  ["hat", /\bhat\b/],
  ["berries", /\b(?:berries|raspberries|bush)\b/],
  ["bed", /\b(?:bed|tucked up|blanket)\b/],
  ["bubble", /\bdreaming of\b/],
  ["star", /\b(?:wish|star)\b/],
  ["umbrella", /\bparasol\b/],
  ["key", /\bkey\b/],
];

const firstOf = <T>(table: readonly (readonly [T, RegExp])[], text: string, otherwise: T): T =>
  table.find(([, words]) => words.test(text))?.[0] ?? otherwise;

const byLength: readonly Character[] = [...characters].sort((a, b) => b.en.one.length - a.en.one.length);
const synonyms: Record<string, string> = {
  ladybug: "ladybird",
  kitty: "kitten",
  teddy: "bear",
  whale: "whale",
  woman: "gardener",
  man: "baker",
  mother: "gardener",
  father: "baker",
  mum: "gardener",
  dad: "baker",
  grandma: "grandmother",
  grandpa: "grandfather",
  creature: "creature",
  chicken: "hen",
  rooster: "hen",
  tortoise: "turtle",
  people: "child",
  sister: "girl",
  brother: "boy",
};

/** The setting a line names. A moon to look at is not a place to be. */
const settingOf = (text: string) =>
  settingIn(text.replace(/(?<!(?:on|to|of) the )\bmoon\b|\bstars\b|\bsky\b|\bclouds\b/g, " "));

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
  const named = Object.values(settings).find(({ scenery }) => text.includes(`, ${scenery}`))?.scenery;
  const setting = settingOf(text);
  const cast = castOf(text);
  const dry = !swims(usual.hero);
  const others = cast.filter((kind) => kind !== usual.hero);
  const pace: Hour[] = ["dawn", "day", "day", "dusk"];
  return {
    scenery: named ?? (setting ? settings[setting.key].scenery : usual.scenery),
    hour: firstOf(hours, text, pace[page % pace.length]),
    indoors: dry && /\b(?:in bed|room|indoors|kitchen|tucked up)\b/.test(text),
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
  const scenery = most(lines.flatMap((line) => {
    const found = settingOf(line.toLowerCase());
    return found ? [settings[found.key].scenery] : [];
  }));
  return { hero, scenery: scenery ?? "forest" };
}
