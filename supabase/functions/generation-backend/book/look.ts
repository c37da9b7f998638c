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
  /** The accent on a deep ground, and the deep colour for lines that should not shout. */
  soft: string;
  faint: string;
  style: TypeStyle;
}

const schemes = [
  { accent: "#c9574b", deep: "#3d3a66", soft: "#d68178", faint: "#bbbac9" },
  { accent: "#3f8a7d", deep: "#284a55", soft: "#6fa79e", faint: "#b4c0c4" },
  { accent: "#d08a2f", deep: "#4c3a2b", soft: "#dca763", faint: "#c0bab5" },
  { accent: "#7a5fa8", deep: "#37305c", soft: "#9b87be", faint: "#b9b7c6" },
  { accent: "#4f78b5", deep: "#2b3a5e", soft: "#7b9ac8", faint: "#b5bac7" },
];

/** Type for reading aloud, by the listeners' age: the younger, the larger. */
const styles: readonly { below: number; style: TypeStyle }[] = [
  { below: 4, style: { size: 29, floor: 18, align: "center", leading: 0.2 } },
  { below: 6, style: { size: 24, floor: 16, align: "center", leading: 0.2 } },
  { below: 8, style: { size: 20, floor: 14, align: "left", leading: 0.2 } },
  { below: 10, style: { size: 18, floor: 13, align: "left", leading: 0.2 } },
  { below: Infinity, style: { size: 16, floor: 12, align: "left", leading: 0.22 } },
];

/** How the book called `title` looks; the same title always looks the same. */
export function lookFor(title: string, ageMin: number, ageMax: number): Look {
  const sum = [...title].reduce((sum, sign) => sum + (sign.codePointAt(0) ?? 0), 0);
  const age = (ageMin + ageMax) / 2;
  const { style } = styles.find(({ below }) => age < below) ?? styles[0];
  return { paper: "#fffaf0", ink: "#2b2836", ...schemes[sum % schemes.length], style };
}
