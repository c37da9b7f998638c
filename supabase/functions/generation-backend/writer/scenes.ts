import type { EpisodeId, FrameTexts, GoalKind, InterludeId } from "./texts.ts";

/**
 * What the picture of each page shows, in English, which every image model understands.
 *
 * @module
 */
export const frameScenes: Record<keyof FrameTexts, string> = {
  open: "{hero} at home {place}, looking out at the world",
  home: "{hero} in a small cosy room with a bed and a window",
  setout: "{hero} setting off along a winding path with a small bag, waving goodbye",
  brief: "{hero} listening to {helper} {spot}",
  low: "{hero} sitting sadly on a stone {spot}, head in hands",
  turn: "{friend} comforting {hero} {spot}, holding out a hand",
  celebrate: "{hero} and {friend} dancing at a feast with lanterns, flags and cake",
  end: "{hero} tucked up in bed under the window, smiling, moon outside",
};

/** The pictures of the page on which the goal is first thought of, and of the one on which it is reached. */
export const goalScenes: Record<GoalKind, readonly [want: string, success: string]> = {
  skill: ["{hero} dreaming of {goal}", "{hero} joyful and proud, at last able to do it, sparkles in the air"],
  lost: [
    "{hero} looking everywhere, worried",
    "{hero} overjoyed, holding what was missing, sparkles in the air",
  ],
  seek: ["{hero} dreaming of {goal}", "{hero} amazed, finding a treasure, sparkles in the air"],
  fear: ["{hero} hiding, afraid, at night", "{hero} standing brave and calm, proud and joyful, at night"],
  friend: [
    "{hero} alone with a ball, sad",
    "{hero} and {friend} side by side, laughing, sparkles in the air",
  ],
  journey: ["{hero} dreaming of a faraway place", "{hero} arriving at last, joyful, balloons in the air"],
  topic: ["{hero} wondering, with a book", "{hero} happy among friends with {friend}, sparkles in the air"],
  wonder: [
    "{hero} looking at a lantern far away at night",
    "{hero} happy, finding a lantern with a firefly at night",
  ],
};

export const episodeScenes: Record<EpisodeId, readonly [string, string, string]> = {
  kite: [
    "{hero} meeting {helper} beside a kite caught in a thorn bush",
    "{hero} untangling the string of a kite",
    "{hero} and {helper} watching a kite fly high",
  ],
  button: [
    "{helper} searching the ground for a red button, {hero} watching",
    "{hero} finding a red button in the grass",
    "{hero} and {helper} in a coat with a red button, smiling",
  ],
  gap: [
    "{hero} at the edge of a wide gap, {helper} waving from the other side",
    "{hero} and {helper} laying a plank across a gap",
    "{hero} and {helper} shaking hands on a new bridge",
  ],
  sleepless: [
    "{helper} wide awake at night, {hero} arriving",
    "{hero} telling a bedtime tale to {helper} under the moon",
    "{hero} and {helper} stretching in the morning sun",
  ],
  quarrel: [
    "{helper} and a small beetle pulling at one striped umbrella, {hero} arriving",
    "{hero} listening to {helper} and a beetle with an umbrella",
    "{hero} walking on, {helper} waving with an umbrella",
  ],
  basket: [
    "{helper} behind a huge basket of apples, {hero} looking on",
    "{hero} carrying apples from a big basket",
    "{hero} and {helper} eating red apples",
  ],
  jug: [
    "{helper} standing sadly among pieces of a broken blue jug, {hero} arriving",
    "{hero} and {helper} glueing a blue jug",
    "{hero} admiring a mended blue jug with golden lines beside {helper}",
  ],
  race: [
    "{hero} and {helper} ready at the start of a race with flags",
    "{hero} and {helper} sitting in a mud puddle, laughing",
    "{hero} walking on with muddy feet, {helper} waving",
  ],
  shadow: [
    "{helper} hiding from a huge shadow on a rock, {hero} looking up",
    "{hero} stepping bravely towards a shadow at sunset",
    "{hero} and {helper} looking at a dry leaf on a spider's thread",
  ],
  storm: [
    "{hero} and {helper} sheltering from a thunderstorm with rain",
    "{hero} and {helper} counting between lightning and thunder in the rain",
    "{hero} and {helper} under a rainbow after the storm",
  ],
  gate: [
    "{helper} pushing against a closed green gate, {hero} arriving",
    "{hero} pulling a green gate open",
    "{hero} and {helper} walking through an open gate",
  ],
  seed: [
    "{helper} shouting at a flowerpot, {hero} watching",
    "{hero} watering a flowerpot in the sun",
    "{hero} and {helper} looking at a sprouting flower in a pot",
  ],
  tower: [
    "{helper} jumping towards plums on a tall tree, {hero} watching",
    "{helper} standing on the shoulders of {hero} to reach plums on a tree",
    "{hero} and {helper} eating plums under a tree",
  ],
  soup: [
    "{helper} stirring a big pot over a fire, {hero} arriving",
    "{hero} dropping bread into a pot of soup over a fire",
    "{hero} and {helper} eating soup by a fire in the evening",
  ],
};

export const interludeScenes: Record<InterludeId, string> = {
  night: "{hero} sleeping under a blanket at night, big moon and stars",
  rain: "{hero} jumping in puddles in the rain",
  wind: "{hero} leaning against the wind, leaves flying",
  letter: "{hero} writing a letter on a big leaf",
  mirror: "{hero} looking at a reflection in still water",
  nap: "{hero} lying in long grass, looking at clouds in the afternoon",
  counting: "{hero} counting snails along a path",
  song: "{hero} singing with birds, music notes in the air, in the morning",
  fog: "{hero} walking on a path in thick fog",
  berries: "{hero} eating raspberries from a bush",
  map: "{hero} drawing a map in the sand with a stick",
  stars: "{hero} looking up at a sky full of stars at night",
};
