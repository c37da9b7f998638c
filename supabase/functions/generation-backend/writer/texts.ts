import type { Levels } from "./bands.ts";

/** A meeting on the way: somebody in trouble, help that is given, and the words that are given back. */
export interface Episode {
  meet: Levels;
  help: Levels;
  /** Holds `{try}`, where the hero has another go at the goal. */
  gift: Levels;
  /** The words, as they are remembered at the turn of the tale. */
  lesson: string;
}

/** What the hero is after, by kind of goal. */
export interface GoalTexts {
  /** Why it matters; the second page of most tales. */
  want: Levels;
  /** How an attempt is introduced; ends with a colon. */
  leads: readonly string[];
  /** One sentence for each time it does not work yet, nearer to the goal from one to the next. */
  tries: readonly string[];
  /** It works. */
  success: Levels;
}

/** Pages that every tale may have, whatever the goal. */
export interface FrameTexts {
  open: readonly Levels[];
  home: Levels;
  setout: Levels;
  /** The whole journey in one meeting, for the shortest tales. */
  brief: Levels;
  low: Levels;
  turn: Levels;
  celebrate: Levels;
  end: readonly Levels[];
}

/** What makes a tale the tale of one hero and no other. */
export interface DetailTexts {
  /** What a well-known skill is like before it succeeds, and the moment when it does. */
  skills: Record<string, { tries: readonly string[]; success: string }>;
  /** Where the hero's nature shows at the start, and what has become of it; `any` fits everyone. */
  traits: Record<string, { trait: string; growth: string }>;
  /** Sentences about the companion `{pal}`: on the first page, on the way, at the low point, in joy. */
  pal: { intro: string; calm: readonly string[]; low: string; happy: readonly string[] };
  /** Sentences about the keepsake `{thing}`. */
  thing: readonly string[];
}

/** Everything a language brings to the writer. */
export interface Texts {
  frame: FrameTexts;
  episodes: Record<EpisodeId, Episode>;
  interludes: Record<InterludeId, Levels>;
  goals: Record<GoalKind, GoalTexts>;
  details: DetailTexts;
}

export const EPISODES = [
  "kite",
  "button",
  "gap",
  "sleepless",
  "quarrel",
  "basket",
  "jug",
  "race",
  "shadow",
  "storm",
  "gate",
  "seed",
  "tower",
  "soup",
] as const;
export type EpisodeId = typeof EPISODES[number];

export const INTERLUDES = [
  "night",
  "rain",
  "wind",
  "letter",
  "mirror",
  "nap",
  "counting",
  "song",
  "fog",
  "berries",
  "map",
  "stars",
] as const;
export type InterludeId = typeof INTERLUDES[number];

export const GOALS = ["skill", "lost", "seek", "fear", "friend", "journey", "topic", "wonder"] as const;
export type GoalKind = typeof GOALS[number];
