import type { Dice } from "./random.ts";
import { type EpisodeId, EPISODES, type FrameTexts, type InterludeId, INTERLUDES } from "./texts.ts";

/** One moment of the tale; usually one page. */
export type Beat =
  | { kind: "frame"; part: keyof FrameTexts }
  | { kind: "want" }
  | { kind: "success" }
  | { kind: "episode"; id: EpisodeId; part: "meet" | "help" | "gift"; number: number }
  | { kind: "interlude"; id: InterludeId };

const frame = (part: keyof FrameTexts): Beat => ({ kind: "frame", part });
const want: Beat = { kind: "want" };
const success: Beat = { kind: "success" };

const shortest: Beat[] = [frame("open"), want, frame("brief"), success, frame("end")];

/** Pages beyond a beginning, one meeting and an end, in the order in which a longer tale gets them. */
const extras: (keyof FrameTexts)[] = ["turn", "low", "setout", "celebrate", "home"];

/** The pages of a tale: each page is one moment, or several when there are few pages. */
export function plotFor(pages: number, dice: Dice): Beat[][] {
  const beats = pages < 6 ? shortest : longTale(Math.max(pages, 7), dice);
  return spread(beats, pages);
}

function longTale(pages: number, dice: Dice): Beat[] {
  const room = pages - 7;
  const usual = Math.max(0, Math.floor((room - 2) * 0.24));
  // There are only so many pages without a meeting: what is left over must fit into meetings of three pages.
  const needed = Math.ceil((room - extras.length - INTERLUDES.length) / 3);
  const meetings = 1 + Math.min(EPISODES.length - 1, Math.max(usual, needed));
  const single = room - 3 * (meetings - 1);
  const has = new Set(extras.slice(0, single));
  const frames = (...parts: (keyof FrameTexts)[]) => parts.filter((part) => has.has(part)).map(frame);
  const interludes = dice.shuffle(INTERLUDES).slice(0, Math.max(0, single - extras.length));
  const episodes = dice.shuffle(EPISODES).slice(0, meetings);
  return [
    frame("open"),
    ...frames("home"),
    want,
    ...frames("setout"),
    ...journey(episodes, interludes),
    ...frames("low", "turn"),
    success,
    ...frames("celebrate"),
    frame("end"),
  ];
}

/** Meetings in their order with the interludes spread evenly between them. */
function journey(episodes: EpisodeId[], interludes: InterludeId[]): Beat[] {
  return episodes.flatMap((id, number): Beat[] => {
    const from = Math.floor(number * interludes.length / episodes.length);
    const to = Math.floor((number + 1) * interludes.length / episodes.length);
    const meeting = (["meet", "help", "gift"] as const).map((part): Beat => ({
      kind: "episode",
      id,
      part,
      number,
    }));
    return [...meeting, ...interludes.slice(from, to).map((name): Beat => ({ kind: "interlude", id: name }))];
  });
}

/** Puts beats on pages in order; when there are more beats than pages, the first pages take the surplus. */
function spread(beats: Beat[], pages: number): Beat[][] {
  return Array.from(
    { length: pages },
    (_, page) =>
      beats.slice(Math.floor(page * beats.length / pages), Math.floor((page + 1) * beats.length / pages)),
  );
}
