import type { Dice } from "../writer/random.ts";
import type { Canvas } from "./canvas.ts";
import { darker, lighter, type Palette } from "./palette.ts";

/** Things that grow or stand in a landscape. Each is drawn with its foot at 0/0 and is about 100 units high. */
export type Plant = (canvas: Canvas, palette: Palette, dice: Dice) => void;

const leafy: Plant = (canvas, { trunk, leaf, leafDark }) => {
  canvas.shape("M-6 0C-4 -20 -4 -30 -5 -46H5C4 -30 4 -20 7 0Z", trunk);
  canvas.ellipse(0, -66, 32, 30, leafDark);
  canvas.ellipse(-18, -56, 20, 18, leafDark);
  canvas.ellipse(19, -56, 19, 17, leafDark);
  canvas.ellipse(-4, -72, 24, 21, leaf);
  canvas.ellipse(13, -62, 15, 13, leaf);
  canvas.ellipse(-11, -80, 9, 7, lighter(leaf, 0.2), 0.7);
};

const fir: Plant = (canvas, { trunk, leafDark, leaf }) => {
  canvas.rect(-4, -16, 8, 16, trunk);
  for (const [y, half, tone] of [[-12, 30, leafDark], [-36, 24, leaf], [-60, 17, leafDark]] as const) {
    canvas.shape(
      `M0 ${y - 42}C${half * 0.4} ${y - 22} ${half * 0.7} ${y - 8} ${half} ${y}C${half * 0.4} ${y + 5} ${
        -half * 0.4
      } ${y + 5} ${-half} ${y}C${-half * 0.7} ${y - 8} ${-half * 0.4} ${y - 22} 0 ${y - 42}Z`,
      tone,
    );
  }
};

const birch: Plant = (canvas, { leaf }) => {
  canvas.shape("M-4 0L-3 -70H3L4 0Z", "#f3efe6");
  canvas.line("M-3 -18h3M0 -34h3M-3 -50h3", "#4b4652", 1.4);
  canvas.ellipse(0, -76, 20, 26, leaf);
  canvas.ellipse(-6, -84, 10, 12, lighter(leaf, 0.25), 0.8);
};

const palm: Plant = (canvas, { trunk, leaf, leafDark }) => {
  canvas.shape("M-5 0C-2 -30 2 -56 8 -78L13 -76C8 -52 5 -28 6 0Z", trunk);
  for (
    const [dx, dy, tone] of [[-42, 8, leafDark], [-34, -16, leaf], [38, 8, leafDark], [34, -16, leaf], [
      0,
      -30,
      leaf,
    ]] as const
  ) {
    canvas.shape(
      `M10 -78Q${10 + dx * 0.5} ${-98 + dy * 0.3} ${10 + dx} ${-78 + dy}Q${10 + dx * 0.5} ${
        -84 + dy * 0.4
      } 10 -78Z`,
      tone,
    );
  }
};

const cactus: Plant = (canvas, { leaf, leafDark }) => {
  canvas.rect(-9, -74, 18, 74, leaf, 9);
  canvas.line("M-9 -30H-20V-50M9 -40H20V-60", leaf, 11);
  canvas.line("M-3 -66V-6M4 -66V-6", leafDark, 1.2, 0.6);
  canvas.circle(0, -76, 5, "#ee8fa4");
};

const house: Plant = (canvas, _, dice) => {
  const wall = dice.pick(["#f0d9b5", "#e8b7a2", "#cfd9c4", "#d6c9e0", "#f2e3c9"]);
  const roof = dice.pick(["#b85f4c", "#7a5a6e", "#8f6a4e", "#5f6f94"]);
  canvas.rect(-26, -70, 52, 70, wall);
  canvas.polygon([[-32, -70], [0, -98], [32, -70]], roof);
  for (const [x, y] of [[-16, -58], [6, -58], [-16, -34], [6, -34]]) {
    canvas.rect(x, y, 11, 14, dice.oneIn(2) ? "#ffe7a0" : darker(wall, 0.45), 2);
  }
  canvas.rect(-5, -18, 11, 18, roof, 3);
};

const tower: Plant = (canvas, _, dice) => {
  const stone = dice.pick(["#cfc8d6", "#d8cdbf", "#c5cbd8"]);
  canvas.rect(-18, -84, 36, 84, stone);
  for (const x of [-18, -5, 8]) canvas.rect(x, -91, 10, 9, stone);
  canvas.polygon([[-14, -90], [0, -128], [14, -90]], dice.pick(["#b4576a", "#5f6fa8", "#8a66a6"]));
  canvas.line("M0 -128V-142", "#6b5a4c", 1.5);
  canvas.polygon([[0, -142], [15, -137], [0, -132]], "#f0c45c");
  canvas.rect(-5, -62, 10, 16, "#4c4560", 5);
};

const coral: Plant = (canvas, { trunk }, dice) => {
  const color = dice.pick([trunk, "#f2a65a", "#d97fae", "#f2c75c"]);
  canvas.line(
    "M0 0V-46M0 -18Q-20 -26 -20 -52M0 -26Q18 -30 20 -60M-20 -38Q-30 -44 -30 -56M20 -44Q30 -48 30 -62",
    color,
    8,
  );
};

const weed: Plant = (canvas, { leaf, leafDark }) => {
  canvas.line("M-6 0C-18 -26 6 -48 -8 -84", leafDark, 6);
  canvas.line("M5 0C18 -24 -6 -44 8 -70", leaf, 6);
};

const crystal: Plant = (canvas, { leaf, leafDark }) => {
  canvas.polygon([[-16, 0], [-20, -34], [-8, -56], [0, 0]], leafDark);
  canvas.polygon([[-2, 0], [-6, -52], [8, -80], [18, -46], [12, 0]], leaf);
  canvas.polygon([[8, -80], [18, -46], [12, 0], [6, 0]], lighter(leaf, 0.35));
};

const bush: Plant = (canvas, { leaf, leafDark }) => {
  canvas.ellipse(-16, -14, 20, 16, leafDark);
  canvas.ellipse(16, -13, 19, 15, leafDark);
  canvas.ellipse(0, -20, 22, 20, leaf);
};

const barn: Plant = (canvas) => {
  canvas.rect(-36, -52, 72, 52, "#b6503f");
  canvas.polygon([[-42, -50], [-24, -82], [24, -82], [42, -50]], "#7d4338");
  canvas.rect(-14, -32, 28, 32, "#f1e3cf");
  canvas.line("M-14 -32L14 0M14 -32L-14 0", "#b6503f", 3);
};

const lighthouse: Plant = (canvas) => {
  canvas.polygon([[-15, 0], [-9, -92], [9, -92], [15, 0]], "#f7f1e6");
  canvas.polygon([[-13.6, -22], [-12, -46], [12, -46], [13.6, -22]], "#d45f54");
  canvas.polygon([[-10.6, -68], [-9.4, -86], [9.4, -86], [10.6, -68]], "#d45f54");
  canvas.rect(-8, -106, 16, 14, "#ffe9a0");
  canvas.polygon([[-12, -106], [0, -118], [12, -106]], "#4f5d7a");
};

/** What grows where, the commonest first. */
export const plantsOf: Record<string, readonly Plant[]> = {
  forest: [leafy, leafy, fir, birch, bush],
  garden: [bush, leafy, bush],
  farm: [barn, leafy, bush],
  mountain: [fir, fir, bush],
  castle: [tower, leafy, bush],
  city: [house, house, leafy],
  snow: [fir, fir],
  desert: [cactus, palm],
  beach: [palm, lighthouse, bush],
  sea: [weed, coral],
  space: [crystal],
  sky: [],
};

/** What can be told from afar, in the colours of the haze. */
export const distantPlantsOf: Record<string, readonly Plant[]> = {
  forest: [leafy, fir],
  garden: [leafy],
  farm: [leafy],
  mountain: [fir],
  castle: [leafy],
  snow: [fir],
};
