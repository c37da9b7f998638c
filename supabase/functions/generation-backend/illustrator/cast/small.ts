import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace } from "./face.ts";
import { drawArms, type Pose } from "./plush.ts";

export function drawFrog(canvas: Canvas, skin: string, mood: Mood, pose: Pose): void {
  for (const side of [-1, 1]) {
    canvas.ellipse(side * 26, -12, 14, 12, darker(skin, 0.14));
    canvas.ellipse(side * 22, -3, 15, 5, darker(skin, 0.2));
    canvas.circle(side * 15, -74, 12, skin);
  }
  canvas.ellipse(0, -26, 27, 25, skin);
  canvas.ellipse(0, -22, 18, 19, lighter(skin, 0.55));
  drawArms(canvas, 23, -38, pose, darker(skin, 0.1), { length: 20 });
  canvas.ellipse(0, -58, 31, 20, skin);
  for (const side of [-1, 1]) canvas.circle(side * 15, -75, 8.5, "#fdfaf0");
  drawFace(canvas, { x: 0, y: -75, gap: 15, eye: 4.6, cheeks: false }, mood, true);
  canvas.line(mood === "sad" ? "M-15 -52Q0 -60 15 -52" : "M-18 -58Q0 -44 18 -58", "#2f3a2c", 2.2);
  for (const side of [-1, 1]) canvas.ellipse(side * 22, -56, 5, 3.4, "#f08b8b", 0.55);
}

export function drawTurtle(canvas: Canvas, mood: Mood): void {
  const [skin, shell] = ["#8fbf78", "#8a6a48"];
  for (const x of [-26, 24]) canvas.rect(x - 8, -16, 16, 16, darker(skin, 0.12), 6);
  canvas.shape("M46 -18C56 -18 62 -12 64 -8C56 -6 48 -8 44 -10Z", skin);
  canvas.shape("M-44 -14C-42 -66 46 -66 48 -14C30 -6 -26 -6 -44 -14Z", shell);
  for (const [x, y, size] of [[-20, -30, 10], [4, -40, 12], [26, -28, 10]]) {
    canvas.ellipse(x, y, size, size * 0.86, lighter(shell, 0.3));
  }
  canvas.rect(-46, -17, 96, 9, lighter(shell, 0.45), 4);
  canvas.ellipse(-54, -40, 20, 19, skin);
  canvas.shape("M-48 -28C-40 -24 -36 -18 -36 -12H-52Z", skin);
  drawFace(canvas, { x: -57, y: -42, gap: 8, eye: 3.8 }, mood);
}

export function drawSnail(canvas: Canvas, mood: Mood): void {
  const [skin, shell] = ["#e6c79a", "#c9745c"];
  canvas.line("M-46 -56l-6 -18M-36 -57l3 -19", skin, 3.6);
  canvas.circle(-52, -75, 3.6, darker(skin, 0.3));
  canvas.circle(-33, -77, 3.6, darker(skin, 0.3));
  canvas.shape("M-58 0C-62 -8 -60 -58 -42 -60C-26 -60 -28 -30 -20 -16C0 -10 30 -12 56 0Z", skin);
  canvas.circle(12, -36, 33, shell);
  canvas.line("M14 -36a6 6 0 1 1 -8 6a14 14 0 1 1 22 -10a22 22 0 1 1 -40 6", lighter(shell, 0.45), 4.4);
  drawFace(canvas, { x: -43, y: -42, gap: 6.5, eye: 3.4 }, mood);
}

export function drawCrawler(canvas: Canvas, skin: string, mood: Mood): void {
  for (let at = 5; at >= 1; at--) {
    canvas.circle(-26 + at * 17, -17 - (at % 2) * 7, 16, at % 2 === 0 ? skin : lighter(skin, 0.22));
    canvas.line(`M${-30 + at * 17} -3v4M${-22 + at * 17} -3v4`, darker(skin, 0.4), 3);
  }
  canvas.line("M-40 -52q-4 -14 -12 -16M-26 -52q4 -14 12 -16", darker(skin, 0.4), 2.6);
  canvas.circle(-32, -32, 23, lighter(skin, 0.1));
  drawFace(canvas, { x: -34, y: -34, gap: 8, eye: 4 }, mood);
}

export function drawLizard(canvas: Canvas, skin: string, mood: Mood): void {
  canvas.shape("M20 -20C52 -18 62 -2 86 -6C70 6 44 4 18 -4Z", skin);
  for (const x of [-18, 16]) canvas.rect(x - 6, -14, 13, 14, darker(skin, 0.16), 5);
  canvas.ellipse(0, -20, 34, 17, skin);
  canvas.ellipse(-2, -14, 26, 9, lighter(skin, 0.5));
  for (const x of [-12, 2, 16]) canvas.polygon([[x - 6, -33], [x, -44], [x + 6, -33]], darker(skin, 0.25));
  canvas.ellipse(-40, -38, 25, 19, skin);
  canvas.ellipse(-50, -31, 16, 10, lighter(skin, 0.25));
  drawFace(canvas, { x: -43, y: -44, gap: 9, eye: 4.2 }, mood);
}

export function drawSnake(canvas: Canvas, mood: Mood): void {
  const skin = "#7fb36a";
  canvas.line("M60 -6C40 4 30 -22 8 -12C-14 -2 -20 -26 2 -32C20 -37 14 -60 -8 -62", skin, 17);
  canvas.line("M52 -6C40 -2 30 -18 10 -10M-4 -26l10 -4", lighter(skin, 0.45), 3.4);
  canvas.ellipse(-12, -66, 23, 18, skin);
  canvas.line("M-30 -58l-11 5l-5 -3M-41 -53l-3 5", "#d4574f", 1.8);
  drawFace(canvas, { x: -14, y: -69, gap: 8.5, eye: 4 }, mood);
}

/** A round insect: bee, ladybird, firefly, ant or spider. */
export function drawBug(canvas: Canvas, kind: string, mood: Mood): void {
  const colors: Record<string, string> = {
    bee: "#f4c445",
    ladybird: "#d9493f",
    firefly: "#5b5470",
    ant: "#7a4636",
    spider: "#57506a",
  };
  const body = colors[kind] ?? "#d9493f";
  if (kind === "spider" || kind === "ant") {
    for (const side of [-1, 1]) {
      canvas.line(
        [10, 24, 38].map((y) => `M${side * 14} ${-y - 6}Q${side * 38} ${-y - 20} ${side * 44} ${-y + 12}`)
          .join(""),
        darker(body, 0.3),
        3,
      );
    }
  }
  if (kind === "bee" || kind === "firefly") {
    for (const side of [-1, 1]) {
      canvas.group(
        { x: side * 18, y: -58, turn: side * 38 },
        () => canvas.ellipse(0, -14, 12, 22, "#eef7ff", 0.85),
      );
    }
  }
  if (kind === "firefly") {
    canvas.circle(0, -14, 34, "#fff0a0", 0.35);
    canvas.ellipse(0, -16, 19, 19, "#ffe873");
  }
  canvas.ellipse(0, kind === "firefly" ? -38 : -30, 27, kind === "firefly" ? 20 : 28, body);
  if (kind === "bee") canvas.line("M-24 -36Q0 -28 24 -36M-25 -23Q0 -15 25 -23", "#3d3342", 6);
  if (kind === "ladybird") {
    canvas.line("M0 -56V-3", "#3d2a30", 2.4);
    for (const [x, y] of [[-13, -38], [13, -38], [-14, -20], [14, -20]]) canvas.circle(x, y, 4.6, "#3d2a30");
  }
  const head = kind === "bee" ? "#f7d775" : kind === "ladybird" ? "#5a424c" : lighter(body, 0.15);
  canvas.line("M-7 -82q-3 -14 -12 -16M7 -82q3 -14 12 -16", darker(head, 0.4), 2.6);
  canvas.circle(-19, -98, 3.2, darker(head, 0.4));
  canvas.circle(19, -98, 3.2, darker(head, 0.4));
  canvas.circle(0, -68, 20, head);
  const dark = kind === "ladybird" || kind === "spider" || kind === "firefly" || kind === "ant";
  if (dark) canvas.ellipse(0, -66, 16, 13, lighter(head, 0.6));
  drawFace(canvas, { x: 0, y: -70, gap: 7.5, eye: 3.8 }, mood);
}

export function drawButterfly(canvas: Canvas, mood: Mood, wing: string): void {
  for (const side of [-1, 1]) {
    canvas.group({ x: 0, y: -44, flip: side < 0 }, () => {
      canvas.shape("M4 -8C14 -50 58 -56 58 -28C58 -8 26 0 4 2Z", wing);
      canvas.shape("M4 2C28 2 48 12 40 30C32 44 10 28 4 8Z", darker(wing, 0.15));
      canvas.circle(38, -30, 8, lighter(wing, 0.6));
      canvas.circle(27, 16, 5.5, lighter(wing, 0.6));
    });
  }
  canvas.ellipse(0, -36, 7, 28, "#5a4660");
  canvas.line("M-3 -78q-4 -12 -12 -14M3 -78q4 -12 12 -14", "#5a4660", 2.2);
  canvas.circle(0, -70, 14, "#f3d2b4");
  drawFace(canvas, { x: 0, y: -71, gap: 5.6, eye: 3 }, mood);
}
