import { adjectives } from "../words/adjectives.ts";
import { characterOf } from "../words/characters.ts";
import { settings, wayThrough } from "../words/settings.ts";
import { type Band, bandFor, type Levels, tellingFor } from "./bands.ts";
import { picturePrompt } from "./picture.ts";
import { type Beat, plotFor } from "./plot.ts";
import type { Premise } from "./premise.ts";
import { Dice } from "./random.ts";
import { type Cast, fill, type Gender, sentences } from "./template.ts";
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
  pals: readonly string[];
  things: readonly string[];
}

function setStage(tongue: Tongue, wish: Wish, plot: Beat[][], dice: Dice): Stage {
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
      picture: `a ${said[at].en} ${kind}`,
    })),
    spots: dice.shuffle(way.spots).map((spot) => ({ said: tongue.spot(spot), picture: spot.en })),
    lessons: lessons.length > 0 ? lessons : [dice.pick(Object.values(tongue.texts.episodes)).lesson],
    used: new Set(),
    tries: 0,
    pals: premise.pal ? dice.shuffle(tongue.texts.details.pal) : [],
    things: premise.thing ? dice.shuffle(tongue.texts.details.thing) : [],
  };
}

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

/** The next attempt at the goal, further on in the list the further the tale has come. */
function nextTry(stage: Stage): string {
  const { texts } = stage.tongue;
  const { kind, skill } = stage.premise.goal;
  const known = skill ? texts.details.skills[skill]?.tries ?? [] : [];
  const general = texts.goals[kind].tries;
  const count = Math.max(stage.lessons.length, 1);
  const steps = [...known.slice(0, Math.ceil(count / 2)), ...general];
  const at = stage.tries++;
  if (at < known.length && at < count) return known[count === 1 ? Math.min(1, known.length - 1) : at];
  return steps[Math.min(steps.length - 1, Math.floor((at + 0.5) * steps.length / count))];
}

function castFor(beat: Beat, page: number, stage: Stage): Cast {
  const { tongue, premise, name, meetings, spots, gender, lessons } = stage;
  const number = beat.kind === "episode" ? beat.number : 0;
  const meeting = meetings[number % meetings.length];
  const [friend, ...others] = meetings.slice(0, lessons.length);
  const trait = tongue.texts.details.traits[premise.trait ?? "any"];
  const skill = premise.goal.skill ? tongue.texts.details.skills[premise.goal.skill] : undefined;
  const spot = spots[(beat.kind === "episode" ? number : page) % spots.length];
  const friendSlots = Object.entries(friend.words.slots).map((
    [key, word],
  ) => [key.replace("helper", "friend"), word]);
  const base: Cast = {
    hero: gender,
    helper: beat.kind === "episode" || beat.kind === "frame" && beat.part === "brief"
      ? meeting.words.gender
      : friend.words.gender,
    slots: {
      name,
      "hero.a": premise.hero.phrase,
      do: premise.goal.act,
      goal: premise.goal.object,
      place: premise.place ??
        tongue.spot(settings[premise.hero.character?.habitat ?? premise.setting]?.home ?? settings.land.home),
      spot: spot.said,
      moved: tongue.moved(premise.hero.character),
      lesson: lessons[Math.min(number, lessons.length - 1)],
      "lesson.first": lessons[0],
      pal: premise.pal?.short ?? "",
      thing: premise.thing ?? "",
      others: tongue.others(friend.words, others.map((one) => one.words)),
      ...meeting.words.slots,
      ...Object.fromEntries(friendSlots),
    },
  };
  const inner = (template: string) => fill(template, base, stage.dice);
  for (const key of ["do", "goal", "thing"]) base.slots[key] = inner(base.slots[key]);
  return {
    ...base,
    slots: {
      ...base.slots,
      trait: inner(trait.trait),
      growth: inner(trait.growth),
      sound: inner(skill?.success ?? ""),
    },
  };
}

/** Drops what has been said before, as long as something new remains. */
function freshOnly(text: string, used: Set<string>): string {
  const all = sentences(text);
  const fresh = all.filter((sentence) => !used.has(sentence));
  const kept = fresh.length > 0 ? fresh : all;
  for (const sentence of kept) used.add(sentence);
  return kept.join(" ");
}

function tell(beat: Beat, page: number, stage: Stage): { text: string; picture: string } {
  const cast = castFor(beat, page, stage);
  const telling = tellingFor(levelsOf(beat, stage), stage.band);
  if (/\{try\}/i.test(telling)) cast.slots.try = fill(nextTry(stage), cast, stage.dice);
  const text = stage.tongue.finish(fill(telling, cast, stage.dice));
  return { text: freshOnly(text, stage.used), picture: picturePrompt(beat, page, stage) };
}

/** A sentence for the companion or the keepsake, now and then, while there are new ones. */
function aside(page: number, stage: Stage): string {
  const { pals, things, premise } = stage;
  const turn = Math.floor(page / 2);
  const template = page % 2 === 0 ? pals[turn] : things[Math.floor(page / 4)];
  if (!template || (page % 2 === 1 && page % 4 !== 1)) return "";
  const cast = {
    hero: stage.gender,
    helper: "n" as const,
    slots: { name: stage.name, pal: premise.pal?.short ?? "", thing: premise.thing ?? "" },
  };
  return stage.tongue.finish(fill(template, cast, stage.dice));
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
    const text = [...told.map((one) => one.text), ""].join("\n\n").trim();
    return {
      text: [text, aside(page, stage)].filter(Boolean).join(" "),
      image_prompt: told.at(-1)?.picture ?? "",
    };
  });
  return { title, pages };
}
