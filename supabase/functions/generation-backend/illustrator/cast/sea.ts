import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace, drawMouth } from "./face.ts";

/** Somebody who swims, seen from the side; the middle is at 0/-45. */
export interface Swimmer {
  skin: string;
  belly: string;
  fin: "fan" | "fluke" | "sharp";
  stripes?: boolean;
  spout?: boolean;
  back?: boolean;
  size?: number;
}

export const swimmers: Record<string, Swimmer> = {
  fish: { skin: "#f08a4b", belly: "#fbd9a6", fin: "fan", stripes: true, size: 0.85 },
  whale: { skin: "#5f86b5", belly: "#d5e2ef", fin: "fluke", spout: true, size: 1.45 },
  dolphin: { skin: "#7fa3c9", belly: "#e3edf6", fin: "fluke", back: true, size: 1.05 },
  shark: { skin: "#8795a8", belly: "#eef1f4", fin: "sharp", back: true, size: 1.15 },
};

/** Draws a swimmer that looks to the left. */
export function drawSwimmer(
  canvas: Canvas,
  { skin, belly, fin, stripes, spout, back }: Swimmer,
  mood: Mood,
): void {
  const dark = darker(skin, 0.16);
  if (fin === "fan") {
    canvas.shape("M36 -45C52 -66 66 -72 74 -70C66 -56 66 -34 74 -20C62 -20 48 -28 36 -45Z", dark);
  } else if (fin === "fluke") {
    canvas.shape("M34 -40C50 -42 58 -52 60 -68C66 -60 70 -58 80 -60C74 -48 66 -34 44 -30Z", dark);
  } else canvas.shape("M36 -45C52 -54 62 -72 72 -80C68 -60 66 -40 72 -26C60 -30 48 -36 36 -45Z", dark);
  if (back) canvas.shape("M-6 -72C2 -90 12 -96 22 -96C16 -86 16 -78 20 -68Z", dark);
  canvas.shape("M-50 -44C-48 -78 10 -86 48 -44C20 -8 -46 -10 -50 -44Z", skin);
  canvas.shape("M-47 -36C-34 -12 14 -12 40 -38C16 -28 -20 -24 -47 -36Z", belly);
  if (stripes) canvas.line("M-6 -70q10 26 0 54M12 -66q9 22 0 44", lighter(skin, 0.6), 5);
  canvas.shape("M-6 -34C4 -30 8 -18 4 -8C-6 -10 -14 -20 -14 -32Z", dark);
  drawFace(canvas, { x: -27, y: -51, gap: 8.5, eye: 4.4, cheeks: true }, mood, true);
  drawMouth(canvas, -29, -40, 4, mood);
  if (spout) canvas.line("M-10 -76C-10 -92 -22 -94 -24 -86M-8 -76C-8 -94 6 -94 7 -86", "#bfe0f2", 3.6);
}

/** A seal that lies on the ground with its head up, as on land, ice or a pillow. */
export function drawSeal(canvas: Canvas, mood: Mood): void {
  const skin = "#8f8fa3";
  const belly = "#c9c8d6";
  const dark = darker(skin, 0.16);
  canvas.shape("M52 -10C64 -24 76 -26 84 -20C76 -16 76 -12 84 -4C74 0 62 0 50 -4Z", dark);
  canvas.shape(
    "M-26 -4C-34 -40 -26 -62 0 -62C24 -60 40 -34 62 -14C66 -6 60 0 50 0H-16C-22 0 -25 -2 -26 -4Z",
    skin,
  );
  canvas.shape("M-22 -6C-28 -32 -20 -44 -4 -44C10 -40 14 -18 24 -2H-16C-19 -2 -21 -4 -22 -6Z", belly);
  for (const side of [-1, 1]) {
    canvas.group(
      { x: side * 20, y: -26, flip: side < 0 },
      () => canvas.shape("M-4 -6C8 -4 20 10 24 24C14 28 0 22 -8 10Z", dark),
    );
  }
  canvas.ellipse(0, -74, 27, 24, skin);
  for (const side of [-1, 1]) canvas.ellipse(side * 6.5, -65, 8.5, 6.8, belly);
  drawFace(canvas, { x: 0, y: -79, gap: 11, eye: 4.6, on: skin }, mood, true);
  canvas.ellipse(0, -70, 4.4, 3.1, "#3a2a33");
  drawMouth(canvas, 0, -63, 3.6, mood);
  canvas.line("M-13 -67l-15 -3M-13 -64l-15 3M13 -67l15 -3M13 -64l15 3", "#5b4a55", 0.9, 0.7);
}

export function drawOctopus(canvas: Canvas, mood: Mood): void {
  const skin = "#d9748c";
  for (const [x, bend] of [[-32, -22], [-20, -8], [-7, 6], [7, -6], [20, 8], [32, 22]]) {
    canvas.line(`M${x * 0.6} -34C${x} -20 ${x + bend} -16 ${x * 1.25} -3`, darker(skin, 0.1), 10);
  }
  canvas.shape("M-32 -32C-42 -100 42 -100 32 -32C20 -24 -20 -24 -32 -32Z", skin);
  canvas.ellipse(-12, -82, 8, 5, lighter(skin, 0.4), 0.8);
  drawFace(canvas, { x: 0, y: -56, gap: 12, eye: 5 }, mood);
}

export function drawCrab(canvas: Canvas, mood: Mood): void {
  const shell = "#e2694e";
  canvas.line("M-24 -18l-16 10M-22 -12l-14 12M24 -18l16 10M22 -12l14 12", darker(shell, 0.2), 5);
  for (const side of [-1, 1]) {
    canvas.line(`M${side * 26} -34Q${side * 46} -40 ${side * 44} -56`, shell, 7);
    canvas.group(
      { x: side * 44, y: -62, flip: side < 0 },
      () => canvas.shape("M-10 6C-14 -10 -4 -20 6 -20L0 -8L12 -14C16 -2 6 10 -10 6Z", shell),
    );
    canvas.line(`M${side * 9} -46V-58`, shell, 4);
  }
  canvas.ellipse(0, -28, 36, 24, shell);
  canvas.ellipse(0, -21, 26, 13, lighter(shell, 0.3));
  drawFace(canvas, { x: 0, y: -36, gap: 10, eye: 4.4 }, mood);
}

export function drawJellyfish(canvas: Canvas, mood: Mood): void {
  const skin = "#b79be0";
  canvas.line(
    "M-22 -46q-8 14 0 24t-2 22M-8 -46q8 14 0 24t2 20M8 -46q-8 14 0 24t-2 22M22 -46q8 14 0 24t2 18",
    lighter(skin, 0.25),
    3.4,
    0.85,
  );
  canvas.shape(
    "M-36 -46C-36 -104 36 -104 36 -46C28 -38 20 -50 12 -42C4 -38 -4 -38 -12 -42C-20 -50 -28 -38 -36 -46Z",
    skin,
    0.92,
  );
  drawFace(canvas, { x: 0, y: -66, gap: 11, eye: 4.4 }, mood);
}

export function drawStarShape(canvas: Canvas, color: string, mood: Mood, limbs = true): void {
  const points = Array.from({ length: 10 }, (_, at): [number, number] => {
    const radius = at % 2 === 0 ? 46 : 25;
    const angle = (at * 36 - 90) * Math.PI / 180;
    return [Math.cos(angle) * radius, -46 + Math.sin(angle) * radius];
  });
  const path = `M${points.map((point) => point.map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;
  canvas.shape(path, color);
  canvas.line(path, color, 9);
  if (limbs) {
    for (const [x, y] of [[0, -82], [-30, -58], [30, -58], [-18, -18], [18, -18]]) {
      canvas.circle(x, y, 3, lighter(color, 0.45), 0.8);
    }
  }
  drawFace(canvas, { x: 0, y: -48, gap: 10, eye: 4.4 }, mood);
}

export function drawSeahorse(canvas: Canvas, mood: Mood): void {
  const skin = "#e9a84e";
  canvas.line("M4 -44C18 -30 14 -10 0 -8C-10 -7 -10 -18 -2 -18", skin, 10);
  canvas.shape("M16 -58C30 -56 32 -40 18 -36Z", darker(skin, 0.15));
  canvas.ellipse(4, -52, 17, 22, skin);
  canvas.ellipse(0, -50, 9, 16, lighter(skin, 0.45));
  canvas.ellipse(0, -82, 19, 17, skin);
  canvas.rect(-34, -82, 20, 9, skin, 4);
  canvas.line("M4 -98l2 -9M-5 -98l-3 -8M12 -94l7 -6", darker(skin, 0.2), 4);
  drawFace(canvas, { x: 0, y: -84, gap: 7.5, eye: 4 }, mood);
}
