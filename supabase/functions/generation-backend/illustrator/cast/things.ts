import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace } from "./face.ts";
import { drawArms, type Pose } from "./plush.ts";

export function drawRobot(canvas: Canvas, mood: Mood, pose: Pose): void {
  const steel = "#9fb9c9";
  for (const side of [-1, 1]) {
    canvas.rect(side * 13 - 6, -16, 12, 12, darker(steel, 0.3), 2);
    canvas.rect(side * 14 - 11, -7, 22, 8, darker(steel, 0.45), 4);
  }
  drawArms(canvas, 27, -44, pose, darker(steel, 0.2));
  canvas.rect(-25, -54, 50, 42, steel, 8);
  canvas.rect(-16, -46, 32, 20, "#fbf3df", 4);
  for (const [x, color] of [[-9, "#e2695c"], [0, "#f2c24f"], [9, "#6fb37f"]] as const) {
    canvas.circle(x, -36, 3.6, color);
  }
  canvas.rect(-6, -62, 12, 9, darker(steel, 0.3));
  canvas.line("M0 -100V-113", darker(steel, 0.3), 2.6);
  canvas.circle(0, -116, 5, "#e2695c");
  canvas.rect(-31, -101, 62, 42, steel, 12);
  canvas.rect(-24, -95, 48, 30, "#e9f4f7", 8);
  for (const side of [-1, 1]) canvas.rect(side * 33 - 3.5, -88, 7, 15, darker(steel, 0.25), 2);
  drawFace(canvas, { x: 0, y: -84, gap: 11, eye: 4.6 }, mood);
}

export function drawAlien(canvas: Canvas, mood: Mood, pose: Pose): void {
  const skin = "#8fcf8a";
  canvas.line("M-10 -94q-6 -14 -14 -16M10 -94q6 -14 14 -16", skin, 3);
  canvas.circle(-24, -111, 5, "#f2c24f");
  canvas.circle(24, -111, 5, "#f2c24f");
  for (const side of [-1, 1]) canvas.ellipse(side * 11, -4, 10, 5, darker(skin, 0.2));
  canvas.shape("M-17 -50C-24 -24 -20 -6 -12 -4H12C20 -6 24 -24 17 -50Z", "#7a6bb5");
  drawArms(canvas, 17, -42, pose, skin, { length: 21 });
  canvas.shape("M0 -42C-40 -48 -38 -104 0 -104C38 -104 40 -48 0 -42Z", skin);
  drawFace(canvas, { x: 0, y: -74, gap: 12, eye: 6 }, mood);
}

export function drawGhost(canvas: Canvas, mood: Mood, pose: Pose): void {
  drawArms(canvas, 26, -46, pose, "#e9ebf5", { length: 18 });
  canvas.shape(
    "M-31 0C-36 -60 -32 -106 0 -106C32 -106 36 -60 31 0C24 -9 18 -9 11 0C4 -9 -4 -9 -11 0C-18 -9 -24 -9 -31 0Z",
    "#f8f9fd",
  );
  drawFace(canvas, { x: 0, y: -72, gap: 11, eye: 5 }, mood);
}

export function drawMonster(canvas: Canvas, mood: Mood, pose: Pose): void {
  const fur = "#7d8fd1";
  for (const side of [-1, 1]) {
    canvas.group(
      { x: side * 20, y: -94, turn: side * 20 },
      () => canvas.polygon([[-6, 4], [0, -18], [6, 4]], "#fbe7b5"),
    );
  }
  let edge = "M-34 0";
  for (let at = 0; at <= 16; at++) {
    const angle = Math.PI - at * Math.PI / 16;
    const radius = at % 2 === 0 ? 1.08 : 0.96;
    edge += `L${(Math.cos(angle) * 36 * radius).toFixed(1)} ${
      (-46 - Math.sin(angle) * 54 * radius).toFixed(1)
    }`;
  }
  for (const side of [-1, 1]) canvas.ellipse(side * 15, -2, 13, 6, darker(fur, 0.25));
  drawArms(canvas, 32, -48, pose, darker(fur, 0.12));
  canvas.shape(`${edge}L34 0Q0 -8 -34 0Z`, fur);
  canvas.ellipse(0, -26, 20, 22, lighter(fur, 0.35));
  drawFace(canvas, { x: 0, y: -70, gap: 12, eye: 5.4 }, mood);
  canvas.polygon([[-7, -56], [-5, -51], [-3, -56]], "#ffffff");
}

export function drawSnowman(canvas: Canvas, mood: Mood, pose: Pose): void {
  const side = pose === "cheer" || pose === "wave" ? -26 : 6;
  canvas.line(`M-24 -46L-46 ${-40 + side}M24 -46L46 ${-40 + side}`, "#7c5a44", 3.6);
  canvas.circle(0, -24, 29, "#f3f7fb");
  canvas.circle(0, -58, 22, "#f8fbfd");
  canvas.circle(0, -88, 19, "#ffffff");
  canvas.rect(-19, -75, 38, 8, "#d4574f", 4);
  canvas.rect(9, -72, 9, 22, "#d4574f", 4);
  for (const y of [-56, -46, -30]) canvas.circle(0, y, 2.6, "#3d3342");
  drawFace(canvas, { x: 0, y: -92, gap: 7.5, eye: 3.4 }, mood);
  canvas.polygon([[0, -90], [15, -86], [0, -84]], "#f0903c");
  canvas.rect(-22, -108, 44, 5, "#3b3a52", 2);
  canvas.rect(-14, -127, 28, 20, "#3b3a52", 3);
}

export function drawCloudBeing(canvas: Canvas, mood: Mood): void {
  for (const [x, y, size] of [[0, -44, 34], [-32, -34, 22], [33, -34, 24], [-16, -60, 24], [18, -58, 22]]) {
    canvas.circle(x, y, size, "#f4f8fd");
  }
  canvas.rect(-50, -36, 100, 24, "#f4f8fd", 12);
  drawFace(canvas, { x: 0, y: -44, gap: 12, eye: 4.8 }, mood);
}

export function drawMoonBeing(canvas: Canvas, mood: Mood): void {
  canvas.circle(0, -46, 54, "#fff3c4", 0.25);
  canvas.circle(0, -46, 42, "#fbe9b0");
  for (const [x, y, size] of [[-20, -64, 6], [22, -24, 8], [24, -66, 4], [-24, -24, 5]]) {
    canvas.circle(x, y, size, "#efd78d");
  }
  drawFace(canvas, { x: 0, y: -48, gap: 12, eye: 4.8 }, mood);
}

export function drawComet(canvas: Canvas, mood: Mood): void {
  canvas.shape("M10 -70C50 -74 80 -96 100 -110C86 -80 84 -56 90 -30C70 -34 40 -26 10 -22Z", "#9ad0e8", 0.7);
  canvas.circle(0, -46, 30, "#f7d774");
  drawFace(canvas, { x: -4, y: -48, gap: 9, eye: 4.4 }, mood);
}

/** A vehicle with a face at its front: car, train, tractor or boat. */
export function drawVehicle(canvas: Canvas, kind: string, mood: Mood): void {
  const paint: Record<string, string> = {
    car: "#e2695c",
    train: "#4f8a6d",
    tractor: "#6fa04c",
    boat: "#d4574f",
  };
  const color = paint[kind] ?? "#e2695c";
  if (kind === "boat") {
    canvas.line("M4 -40V-110", "#7c5a44", 4);
    canvas.polygon([[8, -106], [48, -52], [8, -52]], "#fdf6e8");
    canvas.polygon([[0, -98], [-28, -52], [0, -52]], "#f7dfb0");
    canvas.shape("M-58 -42H62C56 -12 40 -2 20 0H-24C-44 -4 -54 -18 -58 -42Z", color);
    canvas.line("M-55 -34H59", "#fbf3df", 4);
    return drawFace(canvas, { x: -26, y: -26, gap: 9, eye: 4.2 }, mood);
  }
  canvas.rect(-2, -84, 50, 60, darker(color, 0.12), 8);
  canvas.rect(8, -76, 30, 24, "#dff1f7", 5);
  canvas.rect(-54, -58, 104, 46, color, 12);
  if (kind !== "car") canvas.rect(-38, -82, 13, 26, darker(color, 0.35), 3);
  if (kind === "train") canvas.circle(-30, -94, 9, "#eef1f4", 0.9);
  for (const [x, size] of kind === "tractor" ? [[-32, 14], [28, 23]] : [[-32, 15], [0, 15], [32, 15]]) {
    canvas.circle(x, -size + 2, size, "#3b3a48");
    canvas.circle(x, -size + 2, size * 0.45, "#d9d3c8");
  }
  drawFace(canvas, { x: -30, y: -44, gap: 10, eye: 4.6 }, mood);
}

export function drawTree(canvas: Canvas, mood: Mood): void {
  canvas.shape("M-16 0C-10 -20 -12 -34 -12 -50H12C12 -34 10 -20 16 0Z", "#9a6b47");
  for (const [x, y, size] of [[0, -84, 34], [-26, -70, 24], [26, -70, 24], [0, -62, 28]]) {
    canvas.circle(x, y, size, "#5ea55f");
  }
  canvas.circle(-12, -100, 9, "#7dbb74", 0.8);
  drawFace(canvas, { x: 0, y: -74, gap: 11, eye: 4.6 }, mood);
}

/** Somebody the tables do not know: round, soft and friendly, in the book's own colour. */
export function drawCreature(canvas: Canvas, color: string, mood: Mood, pose: Pose): void {
  for (const side of [-1, 1]) {
    canvas.ellipse(side * 13, -4, 11, 6, darker(color, 0.18));
    canvas.group({ x: side * 17, y: -92, turn: side * 24 }, () => canvas.ellipse(0, -8, 7, 14, color));
  }
  drawArms(canvas, 28, -46, pose, darker(color, 0.12));
  canvas.shape("M0 -2C-38 -2 -36 -50 -31 -70C-26 -104 26 -104 31 -70C36 -50 38 -2 0 -2Z", color);
  canvas.ellipse(0, -28, 20, 21, lighter(color, 0.45));
  drawFace(canvas, { x: 0, y: -70, gap: 11.5, eye: 5 }, mood);
}
