import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace } from "./face.ts";
import { drawArms, type Pose } from "./plush.ts";

/** A dragon, or without wings a dinosaur: feet at 0/0, about 115 units high. */
export function drawDragon(canvas: Canvas, hide: string, mood: Mood, pose: Pose, winged: boolean): void {
  const spike = winged ? "#f2b950" : darker(hide, 0.3);
  const belly = winged ? "#fbe7b5" : lighter(hide, 0.55);
  if (winged) {
    for (const side of [-1, 1]) {
      canvas.group({ x: 0, y: -48, flip: side < 0 }, () => drawWing(canvas, darker(hide, 0.1)));
    }
  }
  canvas.shape("M10 -6C40 4 70 -2 76 -34C64 -22 44 -24 18 -30Z", hide);
  canvas.polygon([[70, -28], [84, -50], [82, -26]], spike);
  for (const [x, y] of [[38, -18], [54, -20]]) {
    canvas.polygon([[x - 5, y - 4], [x + 3, y - 15], [x + 7, y - 4]], spike);
  }
  canvas.ellipse(0, -31, 28, 32, hide);
  canvas.ellipse(0, -27, 17.5, 25, belly);
  canvas.line(
    "M-13 -39q13 5 26 0M-16 -29q16 6 32 0M-15 -19q15 6 30 0M-11 -10q11 4 22 0",
    darker(belly, 0.14),
    1.6,
  );
  for (const side of [-1, 1]) {
    canvas.ellipse(side * 15, -5, 13, 7, darker(hide, 0.14));
    for (const toe of [-6, 0, 6]) canvas.circle(side * 15 + toe, -1.4, 2, "#fdf3dc");
  }
  drawArms(canvas, 24, -48, pose, darker(hide, 0.12));
  drawDragonHead(canvas, hide, spike, mood, winged);
}

function drawWing(canvas: Canvas, color: string): void {
  canvas.shape(
    "M14 0C26 -34 52 -48 78 -42C70 -34 70 -26 72 -16C62 -20 56 -14 54 -4C46 -10 38 -6 34 6C28 0 20 2 14 12Z",
    color,
  );
  canvas.line(
    "M16 0C34 -18 52 -30 76 -41M20 2C36 -8 46 -10 54 -6M18 1C38 -14 54 -20 71 -17",
    lighter(color, 0.35),
    1.8,
    0.8,
  );
}

function drawDragonHead(canvas: Canvas, hide: string, spike: string, mood: Mood, horned: boolean): void {
  for (const [x, y, turn] of [[0, -104, 0], [-11, -101, -14], [11, -101, 14]]) {
    canvas.group({ x, y, turn }, () => canvas.polygon([[-6, 4], [0, -11], [6, 4]], spike));
  }
  if (horned) {
    for (const side of [-1, 1]) {
      canvas.group(
        { x: side * 20, y: -96, turn: side * 24 },
        () => canvas.polygon([[-5, 4], [0, -18], [5, 4]], "#fdf3dc"),
      );
      canvas.group(
        { x: side * 29, y: -82, turn: side * 62 },
        () => canvas.shape("M-7 2C-6 -10 0 -16 2 -20C6 -12 8 -4 7 2Z", darker(hide, 0.16)),
      );
    }
  }
  canvas.ellipse(0, -79, 30, 25, hide);
  canvas.ellipse(0, -66, 20, 12, lighter(hide, 0.22));
  canvas.circle(-6, -72, 1.9, darker(hide, 0.5));
  canvas.circle(6, -72, 1.9, darker(hide, 0.5));
  drawFace(canvas, { x: 0, y: -83, gap: 12, eye: 5 }, mood, true);
  canvas.group({ x: 0, y: 0 }, () => drawSmile(canvas, mood));
}

function drawSmile(canvas: Canvas, mood: Mood): void {
  if (mood === "happy") {
    canvas.shape("M-11 -65Q0 -50 11 -65Z", "#8c3b46");
    canvas.polygon([[-8, -65], [-6, -61], [-4, -65]], "#ffffff");
    canvas.polygon([[8, -65], [6, -61], [4, -65]], "#ffffff");
  } else if (mood === "surprised") canvas.ellipse(0, -62, 3.4, 4.4, "#8c3b46");
  else canvas.line(mood === "sad" ? "M-9 -60Q0 -66 9 -60" : "M-10 -64Q0 -58 10 -64", "#2b2433", 1.9);
}
