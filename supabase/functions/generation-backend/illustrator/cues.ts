import type { Hour } from "./palette.ts";

/** How somebody in a picture feels. */
export type Mood = "happy" | "sad" | "asleep" | "surprised" | "calm";

/** Words that set the hour. */
export const hours: readonly (readonly [Hour, RegExp])[] = [
  ["night", /\b(?:night|midnight|starry|stars|moonlight|moon outside|bedtime|asleep|sleeping)\b/],
  ["dusk", /\b(?:dusk|sunset|evening|twilight)\b/],
  ["dawn", /\b(?:dawn|sunrise|morning)\b/],
];

/** Words that show how somebody feels. */
export const moods: readonly (readonly [Mood, RegExp])[] = [
  ["asleep", /\b(?:sleeping|asleep|tucked up|snoring|lying in)\b/],
  ["sad", /\b(?:sad|sadly|crying|lonely|lost|worried|broken|head in hands)\b/],
  ["surprised", /\b(?:surprised|shadow|afraid|scared|thunderstorm|gap|lightning|wow)\b/],
  [
    "happy",
    /\b(?:happy|joyful|proud|dancing|laughing|smiling|eating|singing|feast|jumping|playing|celebrat\w*|waving)\b/,
  ],
];

/** What the illustrator can put beside somebody, and the words that ask for it. */
export const props: readonly (readonly [string, RegExp])[] = [
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

/** Words for those whom the tables know under another name. */
export const synonyms: Record<string, string> = {
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
