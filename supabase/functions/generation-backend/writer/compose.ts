import { type Levels, tellingFor } from "./bands.ts";
import { castFor, nextTry } from "./cast.ts";
import { picturePrompt } from "./picture.ts";
import { type Beat, plotFor } from "./plot.ts";
import { Dice } from "./random.ts";
import { setStage, type Stage, type Wish } from "./stage.ts";
import { fill, sentences } from "./template.ts";
import type { Tongue } from "./tongue.ts";

function levelsOf(beat: Beat, { tongue: { texts }, premise, dice }: Stage): Levels {
  switch (beat.kind) {
    case "want":
      return texts.goals[premise.goal.kind].want;
    case "success":
      return texts.goals[premise.goal.kind].success;
    case "interlude":
      return texts.interludes[beat.id];
    case "episode":
      return texts.episodes[beat.id][beat.part];
    case "frame":
      return beat.part === "open" || beat.part === "end"
        ? dice.pick(texts.frame[beat.part])
        : texts.frame[beat.part];
  }
}

/** Drops what has been said before, as long as something new remains. */
function freshOnly(text: string, used: Set<string>): string {
  const all = sentences(text);
  const fresh = all.filter((sentence) => !used.has(sentence));
  const kept = fresh.length > 0 ? fresh : all;
  for (const sentence of kept) used.add(sentence);
  return kept.join(" ");
}

/** A sentence for the companion or the keepsake, where the moment has room for one. */
function asideFor(beat: Beat, page: number, { premise, tongue, pals, things }: Stage): string {
  const { details } = tongue.texts;
  if (premise.pal) {
    if (beat.kind === "frame" && beat.part === "open") return details.pal.intro;
    if (beat.kind === "frame" && beat.part === "low") return details.pal.low;
    if (beat.kind === "success") return details.pal.happy[0];
    if (beat.kind === "frame" && beat.part === "celebrate") return details.pal.happy[1];
  }
  const isOnTheWay = beat.kind === "interlude" || beat.kind === "episode" ||
    beat.kind === "frame" && beat.part === "setout";
  if (!isOnTheWay) return "";
  if (premise.thing && page % 4 === 0) return things.pop() ?? "";
  return premise.pal && page % 2 === 1 ? pals.pop() ?? "" : "";
}

/** Moments in which something is done, rather than explained. */
const isBrisk = (beat: Beat): boolean =>
  beat.kind === "success" || beat.kind === "interlude" || beat.kind === "episode" && beat.part === "help" ||
  beat.kind === "frame" && ["setout", "low", "celebrate", "end"].includes(beat.part);

function tell(beat: Beat, page: number, stage: Stage): { text: string; picture: string } {
  const { tongue, band, dice } = stage;
  const cast = castFor(beat, page, stage);
  const telling = `${tellingFor(levelsOf(beat, stage), band, isBrisk(beat))} ${asideFor(beat, page, stage)}`;
  if (/\{try\}/i.test(telling)) cast.slots.try = fill(nextTry(stage), cast, dice);
  const text = tongue.finish(fill(telling, cast, dice));
  return { text: freshOnly(text, stage.used), picture: picturePrompt(beat, page, stage) };
}

/** Writes a tale. The same wish gives the same tale; any other wish gives another. */
export function compose(
  tongue: Tongue,
  wish: Wish,
): { title: string; pages: { text: string; image_prompt: string }[] } {
  const dice = new Dice("story", wish.prompt, wish.age_min, wish.age_max, wish.pages, wish.language);
  const plot = plotFor(wish.pages, dice);
  const stage = setStage(tongue, wish, plot, dice);
  const title = tongue.finish(tongue.title(stage.premise, stage.name, dice));
  const pages = plot.map((beats, page) => {
    const told = beats.map((beat) => tell(beat, page, stage));
    return { text: told.map((one) => one.text).join("\n\n"), image_prompt: told.at(-1)?.picture ?? "" };
  });
  return { title, pages };
}
