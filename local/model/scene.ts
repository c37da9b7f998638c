/**
 * Scenes for the stories: the things that a line names, put into a landscape at a time of day.
 *
 * @module
 */
import stances from "./data/stances.json" with { type: "json" };
import { Dice } from "./dice.ts";
import { iconsIn } from "./icons.ts";
import { hours, icon, lands, landscape, sky, WIDTH } from "./landscape.ts";
import { placeNamed } from "./prompt.ts";

/** Who is only a head in the set, and the colour of a body for it. */
const bodies: Record<string, string> = stances.bodies;

/** Somebody on the ground; who is only a head in the set gets a body. */
function stand(name: string, x: number, size: number, flip: boolean): string {
  const ground = 675;
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
    ...above.map((name, at) => icon(name, at ? 300 : 610, 350 - at * 50, 210)),
    ...living.slice(0, 3).map((name, at) => stand(name, stands[at], living.length < 3 ? 320 : 250, at > 0)),
    ...objects.slice(0, 2).map((name, at) =>
      icon(
        name,
        living.length ? (living.length < 2 ? 680 : 495) + at * 120 : 400 + at * 240,
        715,
        living.length ? 150 : 260,
      )
    ),
    "</svg>",
  ].join("");
}
