import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace } from "./face.ts";
import type { Pose } from "./plush.ts";

/** A bird that stands upright. */
export interface Bird {
  feathers: string;
  belly: string;
  beak: string;
  /** Length of the legs. */
  legs?: number;
  /** Half the beak's width and its length; ducks have broad ones, storks long ones. */
  bill?: readonly [half: number, length: number];
  tuft?: "crest" | "comb" | "ears";
  /** Round discs about the eyes. */
  discs?: boolean;
  size?: number;
}

export const birds: Record<string, Bird> = {
  bird: { feathers: "#5fa3d3", belly: "#f7e3c2", beak: "#f0a23d", tuft: "crest", size: 0.72 },
  owl: { feathers: "#9a7350", belly: "#ecd7b4", beak: "#e9a13b", tuft: "ears", discs: true, size: 0.95 },
  raven: { feathers: "#3d3d52", belly: "#585870", beak: "#6e6a7c", bill: [5, 13], size: 0.85 },
  parrot: { feathers: "#3fa66b", belly: "#f2c94e", beak: "#55505e", tuft: "crest", size: 0.82 },
  penguin: { feathers: "#35405c", belly: "#fbf7f0", beak: "#f0a23d", size: 0.95 },
  stork: { feathers: "#f7f4ee", belly: "#ffffff", beak: "#e2694e", legs: 34, bill: [4, 24], size: 1.05 },
  pigeon: { feathers: "#9aa5bd", belly: "#c9d0de", beak: "#d98f7c", size: 0.72 },
  hen: { feathers: "#f3ead9", belly: "#fdf8ee", beak: "#f0a23d", tuft: "comb", size: 0.82 },
  chick: { feathers: "#f9d65f", belly: "#fdeaa0", beak: "#f0a23d", size: 0.55 },
  duck: { feathers: "#f5d76b", belly: "#fbeaa6", beak: "#ef8f3c", bill: [9, 7], size: 0.8 },
  goose: { feathers: "#f4f1ea", belly: "#ffffff", beak: "#ef8f3c", bill: [7, 9], legs: 12, size: 1 },
};

const wingTurn: Record<Pose, readonly [number, number]> = {
  rest: [14, -14],
  wave: [14, -120],
  cheer: [120, -120],
  reach: [14, -70],
};

/** Draws the bird with its feet at 0/0. */
export function drawBird(canvas: Canvas, bird: Bird, mood: Mood, pose: Pose): void {
  const legs = bird.legs ?? 7;
  const dark = darker(bird.feathers, 0.18);
  for (const side of [-1, 1]) {
    canvas.line(
      `M${side * 10} ${-legs - 4}V-2M${side * 10 - 6} 0L${side * 10} -3L${side * 10 + 6} 0`,
      bird.beak,
      3.2,
    );
  }
  canvas.group({ x: 0, y: -legs }, () => {
    canvas.shape("M16 -12L46 -4L38 -16L48 -22L20 -28Z", dark);
    canvas.shape("M0 2C-36 2 -36 -38 -28 -62C-22 -96 22 -96 28 -62C36 -38 36 2 0 2Z", bird.feathers);
    canvas.shape("M0 -1C-24 -1 -25 -28 -18 -44C-12 -54 12 -54 18 -44C25 -28 24 -1 0 -1Z", bird.belly);
    canvas.line("M-9 -30q4 4 8 0M1 -30q4 4 8 0M-5 -21q5 4 10 0", darker(bird.belly, 0.16), 1.5);
    for (const [side, turn] of [[-1, wingTurn[pose][0]], [1, wingTurn[pose][1]]] as const) {
      canvas.group(
        { x: side * 27, y: -50, turn },
        () => canvas.shape("M-8 0C-12 18 -8 34 0 42C8 34 12 18 8 0C4 -5 -4 -5 -8 0Z", dark),
      );
    }
    drawTuft(canvas, bird, dark);
    if (bird.discs) {
      for (const side of [-1, 1]) canvas.circle(side * 12, -66, 13.5, lighter(bird.belly, 0.35));
    }
    drawFace(
      canvas,
      { x: 0, y: -67, gap: 11, eye: 4.6, cheeks: !bird.discs, on: bird.discs ? undefined : bird.feathers },
      mood,
      true,
    );
    drawBeak(canvas, bird, mood);
  });
}

function drawTuft(canvas: Canvas, { tuft, feathers }: Bird, dark: string): void {
  if (tuft === "crest") {
    canvas.line("M0 -86q-2 -12 -10 -16M2 -86q2 -12 -1 -18M4 -86q6 -8 10 -11", feathers, 3.6);
  }
  if (tuft === "comb") {
    for (const [x, y] of [[-8, -87], [0, -91], [8, -87]]) canvas.circle(x, y, 6, "#d8574d");
  }
  if (tuft === "ears") {
    for (const side of [-1, 1]) {
      canvas.group(
        { x: side * 18, y: -82, turn: side * 18 },
        () => canvas.polygon([[-8, 6], [0, -16], [8, 6]], dark),
      );
    }
  }
}

function drawBeak(canvas: Canvas, { beak, bill }: Bird, mood: Mood): void {
  const [half, length] = bill ?? [5.5, 9];
  const open = mood === "happy" || mood === "surprised";
  if (open) canvas.shape(`M${-half * 0.8} -58Q0 ${-58 + length * 1.3} ${half * 0.8} -58Z`, darker(beak, 0.4));
  canvas.shape(
    `M${-half} -60Q0 -66 ${half} -60Q${half * 0.4} ${-60 + length * 0.8} 0 ${-60 + length}Q${-half * 0.4} ${
      -60 + length * 0.8
    } ${-half} -60Z`,
    beak,
  );
}
