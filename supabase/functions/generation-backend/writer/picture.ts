import { settings } from "../words/settings.ts";
import { withArticle } from "./en/words.ts";

import type { Beat } from "./plot.ts";
import { episodeScenes, frameScenes, goalScenes, interludeScenes } from "./scenes.ts";
import type { Stage } from "./stage.ts";
import { fill } from "./template.ts";

const hours = ["early morning", "bright day", "afternoon", "golden evening", "dusk"] as const;

function sceneOf(beat: Beat, { premise }: Stage): string {
  switch (beat.kind) {
    case "frame":
      return frameScenes[beat.part];
    case "want":
      return goalScenes[premise.goal.kind][0];
    case "success":
      return goalScenes[premise.goal.kind][1];
    case "interlude":
      return interludeScenes[beat.id];
    case "episode":
      return episodeScenes[beat.id][["meet", "help", "gift"].indexOf(beat.part)];
  }
}

/** Whether the tale has not left home yet. */
const atHome = (beat: Beat) =>
  beat.kind === "want" || beat.kind === "frame" && ["open", "setout"].includes(beat.part);

/** One English line that says what the picture of a page shows: who, doing what, where and when. */
export function picturePrompt(beat: Beat, page: number, stage: Stage): string {
  const { premise, meetings, spots, dice, name } = stage;
  const number = beat.kind === "episode" ? beat.number : 0;
  const spot = spots[(beat.kind === "episode" ? number : page) % spots.length].picture;
  const trait = premise.trait ? `${premise.trait} ` : "";
  const { picture, kind } = premise.hero;
  const hero = `${trait}${picture ? `${picture} ` : ""}${kind} ${name}`;
  const slots = {
    hero: page === 0 ? withArticle(hero) : `the ${hero}`,
    helper: meetings[number % meetings.length].picture,
    friend: meetings[0].picture,
    goal: premise.goal.skill ?? "a great wish",
    place: "",
    spot,
  };
  const scene = fill(sceneOf(beat, stage), { hero: "n", helper: "n", slots }, dice);
  const pal = premise.pal ? `, with ${premise.pal.kind} beside` : "";
  const ownHour = /night|moon|morning|sunset|evening|afternoon|rain|fog/.test(scene);
  const hour = ownHour ? "" : `, ${hours[page % hours.length]}`;
  const home = premise.place ? premise.setting : premise.hero.character?.habitat ?? "land";
  const where = atHome(beat) ? settings[home].scenery : `${spot}, ${settings[premise.setting].scenery}`;
  // Who lives in the sea has no room on land to be shown in.
  const inside = home === "sea" ? `, ${settings.sea.scenery}` : "";
  const there = /\b(?:bed|room)\b/.test(scene) ? inside : `, ${where}`;
  const line = `${scene}${pal}${there}${hour}`.replace(/\s+,/g, ",").replace(/\s+/g, " ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}
