/**
 * Pictures for the stories: the things that a line names, put into a landscape at a time of day.
 *
 * @module
 */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { encode } from "fast-png";
import scenery from "./data/scenery.json" with { type: "json" };
import stances from "./data/stances.json" with { type: "json" };
import { Dice } from "./dice.ts";
import { drawingOf, iconsIn } from "./icons.ts";
import { placeNamed } from "./prompt.ts";

/** A land as `scenery.json` describes it: an empty name in `row` is a gap. */
interface Land {
  far: string;
  near: string;
  ground: string;
  row: string[];
  ground_things: string[];
  size: number;
  /** Whether the middle is water, which has no hills. */
  flat?: boolean;
}

const lands: Record<string, Land> = scenery;
/** Who is only a head in the set, and the colour of a body for it. */
const bodies: Record<string, string> = stances.bodies;

/** Colours of the sky from top to horizon, and how much light is left on the land. */
const hours: Record<string, { sky: [string, string]; light: number }> = {
  morning: { sky: ["#8fcff6", "#ffe4e6"], light: 1 },
  day: { sky: ["#7fc4f2", "#dff3fb"], light: 1 },
  evening: { sky: ["#8a78cc", "#ffb37c"], light: 0.85 },
  night: { sky: ["#141a44", "#42508f"], light: 0.6 },
};

const WIDTH = 1000;
const HORIZON = 520;

const icon = (name: string, x: number, bottom: number, size: number, flip = false) =>
  `<svg x="${x - size / 2}" y="${bottom - size}" width="${size}" height="${size}" viewBox="0 0 32 32">${
    flip ? `<g transform="matrix(-1 0 0 1 32 0)">${drawingOf(name)}</g>` : drawingOf(name)
  }</svg>`;

function sky(hour: string, hasMoon: boolean, dice: Dice): string {
  const x = dice.between(150, 850);
  if (hour === "night") {
    const stars = Array.from(
      { length: 40 },
      () =>
        `<circle cx="${dice.between(0, WIDTH)}" cy="${dice.between(0, HORIZON - 60)}" r="${
          dice.between(10, 32) / 10
        }" fill="#fff6d8" opacity="0.8"/>`,
    );
    return stars.join("") + (hasMoon ? "" : icon("crescent-moon", x, 190, 120));
  }
  const sun = `<circle cx="${x}" cy="${hour === "day" ? 130 : 400}" r="70" fill="#fff3b8"/>` +
    `<circle cx="${x}" cy="${hour === "day" ? 130 : 400}" r="110" fill="#fff3b8" opacity="0.35"/>`;
  const clouds = [0, 1, 2].map((at) =>
    `<g opacity="0.9">${
      icon("cloud", 150 + at * 340 + dice.between(-60, 60), dice.between(150, 290), dice.between(110, 170))
    }</g>`
  );
  return sun + clouds.join("");
}

/** A line of hills from side to side, filled down to the foot of the picture. */
function hills(top: number, height: number, colour: string, dice: Dice): string {
  const [left, middle, right] = [0, 1, 2].map(() => top - dice.between(0, height));
  return `<path d="M0 ${left}C250 ${left - height} 300 ${middle + height / 2} 500 ${middle}S800 ${
    right - height
  } 1000 ${right}V2000H0Z" fill="${colour}"/>`;
}

function landscape(land: Land, dice: Dice): string {
  const row = [0, 1, 2, 3, 4, 5].map((at) => {
    const name = land.row[(at + dice.between(0, 1)) % land.row.length];
    const size = land.size * dice.between(75, 110) / 100;
    return name
      ? icon(name, 60 + at * 176 + dice.between(-40, 40), HORIZON + 50, size, dice.between(0, 1) === 1)
      : "";
  });
  const things = Array.from(
    { length: 7 },
    (_, at) =>
      icon(
        dice.pick(land.ground_things),
        60 + at * 147 + dice.between(-40, 40),
        dice.between(690, 840),
        dice.between(34, 56),
      ),
  );
  return [
    hills(HORIZON - (land.flat ? 20 : 40), land.flat ? 0 : 110, land.far, dice),
    land.flat ? "" : row.join(""),
    hills(HORIZON + 50, land.flat ? 0 : 40, land.near, dice),
    hills(HORIZON + (land.flat ? 120 : 90), land.flat ? 24 : 30, land.ground, dice),
    land.flat ? row.join("") : "",
    ...things,
  ].join("");
}

/** Somebody on the ground; who is only a head in the set gets a body. */
function stand(name: string, x: number, size: number, flip: boolean): string {
  const ground = 790;
  const shadow = `<ellipse cx="${x}" cy="${ground}" rx="${size * 0.42}" ry="${
    size * 0.07
  }" fill="#1d1b33" opacity="0.2"/>`;
  const colour = bodies[name];
  if (!colour) return shadow + icon(name, x, ground + size * 0.03, size, flip);
  const [half, top] = [size * 0.27, ground - size * 0.42];
  const foot = (side: number) =>
    `<ellipse cx="${x + side * half * 0.6}" cy="${ground - 4}" rx="${half * 0.5}" ry="${
      size * 0.06
    }" fill="${colour}"/>`;
  const body = `<path d="M${x - half * 0.7} ${top}Q${x - half * 1.5} ${ground} ${x} ${ground}T${
    x + half * 0.7
  } ${top}Z" fill="${colour}"/><ellipse cx="${x}" cy="${ground - size * 0.16}" rx="${half * 0.62}" ry="${
    size * 0.14
  }" fill="#fff" opacity="0.35"/>`;
  return shadow + foot(-1) + foot(1) + body + icon(name, x, ground - size * 0.3, size * 0.74, flip);
}

/** The picture of a line, as SVG. */
export function draw(line: string, seed: string): string {
  const words = line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const dice = new Dice("picture", line, seed);
  const place = words.map(placeNamed).find((place) => place) ?? dice.pick(Object.keys(lands));
  const hour = words.find((word) => word in hours) ?? "day";
  const things = iconsIn(words.filter((word) => !placeNamed(word) && !(word in hours)));
  const above = things.filter((name) => stances.above.includes(name)).slice(0, 2);
  const below = things.filter((name) => !above.includes(name)).slice(0, 4);
  const living = below.filter((name) => stances.living.includes(name));
  const objects = below.filter((name) => !living.includes(name));
  const stands = living.length < 2
    ? [objects.length || above.length ? 420 : 500]
    : living.length === 2
    ? [340, 650]
    : [270, 500, 730];
  const { sky: [top, bottom], light } = hours[hour];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} 875" preserveAspectRatio="xMidYMid slice">`,
    `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="0.65" stop-color="${bottom}"/></linearGradient>`,
    `<rect x="-1000" y="-1000" width="3000" height="3000" fill="url(#sky)"/>`,
    sky(hour, above.includes("full-moon"), dice),
    `<g filter="brightness(${light})">${landscape(lands[place], dice)}</g>`,
    ...above.map((name, at) => icon(name, at ? 300 : 610, 400 - at * 60, 210)),
    ...living.slice(0, 3).map((name, at) => stand(name, stands[at], living.length < 3 ? 320 : 250, at > 0)),
    ...objects.slice(0, 2).map((name, at) =>
      icon(
        name,
        living.length ? (living.length < 2 ? 680 : 495) + at * 120 : 400 + at * 240,
        830,
        living.length ? 150 : 260,
      )
    ),
    "</svg>",
  ].join("");
}

const started = Deno.readFile(new URL(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"))).then(initWasm);

/** The picture of a line as PNG, `width` by `height`. */
export async function paint(line: string, width: number, height: number): Promise<Uint8Array> {
  await started;
  const svg = draw(line, "").replace("<svg ", `<svg width="${width}" height="${height}" `);
  const rendered = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  const { pixels } = rendered;
  // Without transparency the file is smaller, and a book is bound four times as fast.
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    rgb.set(pixels.subarray(from, from + 3), to);
  }
  rendered.free();
  return encode({ width, height, data: rgb, channels: 3, depth: 8 });
}
