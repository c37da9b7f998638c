import { type Band, bandFor } from "../writer/bands.ts";
import { Dice } from "../writer/random.ts";
import type { TypeStyle } from "./typeset.ts";

/** A page in points: 7.5 × 9.375 inches, the shape of a picture book. */
export const PAGE = { width: 540, height: 675 } as const;

/** Space between the text and the edge of the page, and the strip at the foot that holds the page number. */
export const MARGIN = { side: 52, top: 58, foot: 56 } as const;

/** Colours of one book. */
export interface Look {
  paper: string;
  ink: string;
  accent: string;
  deep: string;
  style: TypeStyle;
}

const schemes = [
  { accent: "#c9574b", deep: "#3d3a66" },
  { accent: "#3f8a7d", deep: "#284a55" },
  { accent: "#d08a2f", deep: "#4c3a2b" },
  { accent: "#7a5fa8", deep: "#37305c" },
  { accent: "#4f78b5", deep: "#2b3a5e" },
];

/** Type for reading aloud: the younger the listeners, the larger. */
const styles: Record<Band, TypeStyle> = {
  0: { size: 27, floor: 17, align: "center", leading: 0.2 },
  1: { size: 22.5, floor: 15, align: "center", leading: 0.2 },
  2: { size: 18.5, floor: 13, align: "left", leading: 0.2 },
  3: { size: 16.5, floor: 12, align: "left", leading: 0.2 },
  4: { size: 15, floor: 11.5, align: "left", leading: 0.22 },
};

/** How the book called `title` looks; the same title always looks the same. */
export function lookFor(title: string, ageMin: number, ageMax: number): Look {
  const scheme = new Dice("look", title).pick(schemes);
  return { paper: "#fffaf0", ink: "#2b2836", ...scheme, style: styles[bandFor(ageMin, ageMax)] };
}
