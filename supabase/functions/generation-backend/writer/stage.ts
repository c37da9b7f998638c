import { adjectives } from "../words/adjectives.ts";
import { characterOf } from "../words/characters.ts";
import { wayThrough } from "../words/settings.ts";
import { withArticle } from "./en/words.ts";
import { type Band, bandFor } from "./bands.ts";
import type { Beat } from "./plot.ts";
import type { Premise } from "./premise.ts";
import type { Dice } from "./random.ts";
import type { Gender } from "./template.ts";
import type { HelperWords, Tongue } from "./tongue.ts";

/** What the tale is made from: the request, and nothing else. */
export interface Wish {
  prompt: string;
  age_min: number;
  age_max: number;
  pages: number;
  language: string;
}

/** Somebody met on the way, in the tale's language and in English for the picture. */
export interface Meeting {
  words: HelperWords;
  picture: string;
}

/** Everything that is settled before the first sentence. */
export interface Stage {
  tongue: Tongue;
  premise: Premise;
  band: Band;
  dice: Dice;
  gender: Gender;
  name: string;
  meetings: Meeting[];
  spots: { said: string; picture: string }[];
  lessons: string[];
  used: Set<string>;
  /** How many attempts at the goal have been told. */
  tries: number;
  /** Sentences about the companion and the keepsake that have not been used yet. */
  pals: string[];
  things: string[];
}

/** Settles who is who before the first sentence is written. */
export function setStage(tongue: Tongue, wish: Wish, plot: Beat[][], dice: Dice): Stage {
  const premise = tongue.parse(wish.prompt, dice);
  const gender = premise.hero.gender ?? dice.pick(["m", "f"] as const);
  const sex = gender === "n" ? dice.pick(["m", "f"] as const) : gender;
  const way = wayThrough(premise.setting);
  const taken = [premise.hero.kind, premise.pal?.kind];
  const kinds = dice.shuffle(way.helpers.slice(0, 8)).concat(way.helpers.slice(8)).filter((kind) =>
    !taken.includes(kind)
  );
  const said = dice.shuffle(adjectives);
  const lessons = plot.flat().flatMap((beat) =>
    beat.kind === "episode" && beat.part === "gift" ? [tongue.texts.episodes[beat.id].lesson] : []
  );
  return {
    tongue,
    premise,
    band: bandFor(wish.age_min, wish.age_max),
    dice,
    gender: sex,
    name: premise.hero.name ?? dice.pick(tongue.names[sex]),
    meetings: kinds.slice(0, 16).map((kind, at) => ({
      words: tongue.helper(characterOf(kind), said[at]),
      picture: withArticle(`${said[at].en} ${kind}`),
    })),
    spots: dice.shuffle(way.spots).map((spot) => ({ said: tongue.spot(spot), picture: spot.en })),
    lessons: lessons.length > 0 ? lessons : [dice.pick(Object.values(tongue.texts.episodes)).lesson],
    used: new Set(),
    tries: 0,
    pals: premise.pal ? dice.shuffle(tongue.texts.details.pal.calm) : [],
    things: premise.thing ? dice.shuffle(tongue.texts.details.thing) : [],
  };
}
