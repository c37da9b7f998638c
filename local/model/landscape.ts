/**
 * Landscapes under a sky, as SVG.
 *
 * @module
 */
import scenery from "./data/scenery.json" with { type: "json" };
import type { Dice } from "./dice.ts";
import { drawingOf } from "./icons.ts";

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

/** The lands by the names of places. */
export const lands: Record<string, Land> = scenery;

/** Colours of the sky from top to horizon, and how much light is left on the land. */
export const hours: Record<string, { sky: [string, string]; light: number }> = {
  morning: { sky: ["#8fcff6", "#ffe4e6"], light: 1 },
  day: { sky: ["#7fc4f2", "#dff3fb"], light: 1 },
  evening: { sky: ["#8a78cc", "#ffb37c"], light: 0.85 },
  night: { sky: ["#141a44", "#42508f"], light: 0.6 },
};

/** Everything is drawn for this width and a height of 875. */
export const WIDTH = 1000;
const HORIZON = 420;

/** An icon that stands on `bottom`. */
export const icon = (name: string, x: number, bottom: number, size: number, flip = false) =>
  `<svg x="${x - size / 2}" y="${bottom - size}" width="${size}" height="${size}" viewBox="0 0 32 32">${
    flip ? `<g transform="matrix(-1 0 0 1 32 0)">${drawingOf(name)}</g>` : drawingOf(name)
  }</svg>`;

/** Sun and clouds, or moon and stars. */
export function sky(hour: string, hasMoon: boolean, dice: Dice): string {
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
  const sun = `<circle cx="${x}" cy="${hour === "day" ? 130 : 320}" r="70" fill="#fff3b8"/>` +
    `<circle cx="${x}" cy="${hour === "day" ? 130 : 320}" r="110" fill="#fff3b8" opacity="0.35"/>`;
  const clouds = [0, 1, 2].map((at) =>
    `<g opacity="0.9">${
      icon("cloud", 150 + at * 340 + dice.between(-60, 60), dice.between(120, 230), dice.between(110, 170))
    }</g>`
  );
  return sun + clouds.join("");
}

/** A line of hills from side to side, filled down to the foot of the picture. */
function hills(top: number, height: number, colour: string, dice: Dice): string {
  const [left, middle, right] = [0, 1, 2].map(() => top - dice.between(0, height));
  return `<path d="M0 ${left}C250 ${left - height} 300 ${middle + height / 2} 500 ${middle}S800 ${
    right - height
  } 1000 ${right}V900H0Z" fill="${colour}"/>`;
}

/** Hills, what grows on them, and the ground before them. */
export function landscape(land: Land, dice: Dice): string {
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
        dice.between(590, 820),
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
