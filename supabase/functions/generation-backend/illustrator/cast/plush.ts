import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace } from "./face.ts";
import { drawEars, drawTail, type EarShape, type TailShape } from "./parts.ts";

/** A four-legged animal that sits up like a soft toy. */
export interface Plush {
  fur: string;
  belly?: string;
  ears: EarShape;
  inner?: string;
  tail: TailShape;
  /** Colour of the snout; `none` leaves it out. */
  muzzle?: string | "none";
  nose?: string;
  /** Bigger than the rest of the cast, or smaller. */
  size?: number;
  whiskers?: boolean;
  extra?: (canvas: Canvas, fur: string) => void;
  /** Drawn behind everything else. */
  behind?: (canvas: Canvas, fur: string) => void;
}

/** What somebody does with their arms. */
export type Pose = "rest" | "wave" | "cheer" | "reach";

const arms: Record<Pose, readonly [left: number, right: number]> = {
  rest: [18, -18],
  wave: [18, -140],
  cheer: [140, -140],
  reach: [18, -80],
};

/** How arms look that are not of the usual length, or that end in a hand. */
export interface Sleeves {
  length?: number;
  hand?: string;
}

/** An arm that hangs from its shoulder at x/y and is turned outwards by `turn` degrees. */
function drawArm(canvas: Canvas, x: number, y: number, turn: number, color: string, sleeves: Sleeves): void {
  const length = sleeves.length ?? 25;
  canvas.group({ x, y, turn }, () => {
    if (sleeves.hand) canvas.circle(0, length * 1.08, 5.4, sleeves.hand);
    canvas.ellipse(0, length * 0.5, 7.2, length * 0.62, color);
  });
}

/** Both arms of a body whose shoulders are `spread` from the middle at height `y`. */
export function drawArms(
  canvas: Canvas,
  spread: number,
  y: number,
  pose: Pose,
  color: string,
  sleeves: Sleeves = {},
): void {
  drawArm(canvas, -spread, y, arms[pose][0], color, sleeves);
  drawArm(canvas, spread, y, arms[pose][1], color, sleeves);
}

/** Draws the animal with its feet at 0/0, about 105 units high. */
export function drawPlush(canvas: Canvas, plush: Plush, mood: Mood, pose: Pose): void {
  const { fur } = plush;
  const belly = plush.belly ?? lighter(fur, 0.5);
  const shade = darker(fur, 0.14);
  plush.behind?.(canvas, fur);
  drawTail(canvas, plush.tail, fur);
  canvas.ellipse(0, -29, 26, 30, fur);
  canvas.ellipse(0, -25, 16.5, 22, belly);
  for (const side of [-1, 1]) {
    canvas.ellipse(side * 14, -4.5, 12, 6.8, shade);
    canvas.ellipse(side * 14, -4, 5, 3, belly, 0.75);
  }
  drawArms(canvas, 22, -45, pose, shade);
  drawEars(canvas, plush.ears, fur, plush.inner ?? "#f3b6b0");
  canvas.ellipse(0, -74, 29, 25.5, fur);
  drawHead(canvas, plush, belly, mood);
  plush.extra?.(canvas, fur);
}

function drawHead(canvas: Canvas, plush: Plush, belly: string, mood: Mood): void {
  if (plush.muzzle !== "none") canvas.ellipse(0, -66, 14, 10.5, plush.muzzle ?? belly);
  drawFace(canvas, { x: 0, y: -79, gap: 11.5, eye: 4.4, on: plush.fur }, mood);
  if (plush.muzzle === "none") return;
  canvas.ellipse(0, -71.5, 4.4, 3.1, plush.nose ?? "#3a2a33");
  canvas.ellipse(-1, -72.4, 1.3, 0.8, "#ffffff", 0.6);
  if (plush.whiskers) {
    canvas.line("M-15 -68l-15 -3M-15 -65l-15 3M15 -68l15 -3M15 -65l15 3", "#5b4a55", 0.9, 0.7);
  }
}
