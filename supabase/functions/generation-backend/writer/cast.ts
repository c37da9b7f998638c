import { settings } from "../words/settings.ts";
import type { Beat } from "./plot.ts";
import type { Premise } from "./premise.ts";
import type { Stage } from "./stage.ts";
import { type Cast, fill } from "./template.ts";

/** The setting that somebody comes from: not the one they set out for. */
const homeOf = ({ hero, goal, setting }: Premise): string =>
  hero.character?.habitat ?? (goal.kind === "journey" ? "land" : setting);

/** The companion by name or noun, as a subject, with an article, and as an object. */
function palSlots({ premise: { pal }, tongue }: Stage): Record<string, string> {
  if (!pal) return {};
  return {
    pal: pal.name ?? pal.short,
    "pal.a": pal.name ? tongue.called(pal, pal.name) : pal.phrase,
    "pal.acc": pal.name ?? pal.accusative ?? pal.short,
  };
}

/** The next attempt at the goal, further on in the list the further the tale has come. */
export function nextTry(stage: Stage): string {
  const { texts } = stage.tongue;
  const { kind, skill } = stage.premise.goal;
  const known = skill ? texts.details.skills[skill]?.tries ?? [] : [];
  const general = texts.goals[kind].tries;
  const count = Math.max(stage.lessons.length, 1);
  const steps = [...known.slice(0, Math.ceil(count / 2)), ...general];
  const at = stage.tries++;
  const { leads } = texts.goals[kind];
  const step = at < known.length && at < count
    ? known[count === 1 ? Math.min(1, known.length - 1) : at]
    : steps[Math.min(steps.length - 1, Math.floor((at + 0.5) * steps.length / count))];
  return `${leads[at % leads.length]} ${step}`;
}

/** The words that a moment of the tale may refer to. */
export function castFor(beat: Beat, page: number, stage: Stage): Cast {
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
        tongue.spot(settings[homeOf(premise)]?.home ?? settings.land.home),
      spot: spot.said,
      moved: tongue.moved(premise.hero.character),
      lesson: lessons[Math.min(number, lessons.length - 1)],
      "lesson.first": lessons[0],
      ...palSlots(stage),
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
      fact: premise.fact ? inner(tongue.fact(premise.fact)) : "",
      sound: inner(skill?.success ?? ""),
    },
  };
}
