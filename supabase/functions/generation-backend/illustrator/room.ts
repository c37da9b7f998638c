import type { Frame } from "./backdrop.ts";
import type { Canvas } from "./canvas.ts";
import { darker, lighter, mix } from "./palette.ts";
import type { Scene } from "./scene.ts";

/** A small bedroom with a window, for pages on which somebody is at home. */
export function paintRoom(canvas: Canvas, scene: Scene, { width, height, horizon }: Frame): void {
  const night = scene.hour === "night";
  const wall = night ? "#4d5288" : "#f3d9b4";
  canvas.rect(0, 0, width, height, wall);
  for (let x = 18; x < width; x += 54) canvas.rect(x, 0, 22, horizon, lighter(wall, 0.12), 0, 0.5);
  const floor = night ? "#5c4a63" : "#c99a6b";
  canvas.rect(0, horizon, width, height - horizon, floor);
  canvas.rect(0, horizon - 7, width, 9, darker(wall, 0.22));
  const left = width * 0.09;
  const [top, size] = [horizon * 0.14, horizon * 0.5];
  canvas.rect(left - 8, top - 8, size + 16, size + 16, "#fbf3e3", 8);
  canvas.sky(left, top, size, size, night ? "#151b42" : "#9fd3ea", night ? "#3e4c88" : "#eaf6f0");
  if (night) {
    canvas.circle(left + size * 0.62, top + size * 0.36, size * 0.15, "#fdf1c4");
    for (const [x, y] of [[0.2, 0.2], [0.35, 0.62], [0.8, 0.74], [0.86, 0.16], [0.14, 0.84]]) {
      canvas.circle(left + size * x, top + size * y, 1.7, "#fff7dc");
    }
  } else {
    canvas.circle(left + size * 0.3, top + size * 0.3, size * 0.12, "#ffe9a8");
    canvas.clip(
      `M${left} ${top}h${size}v${size}h${-size}Z`,
      () => canvas.ellipse(left + size * 0.5, top + size, size * 0.62, size * 0.24, "#8fc06e"),
    );
  }
  canvas.line(`M${left + size / 2} ${top}v${size}M${left} ${top + size / 2}h${size}`, "#fbf3e3", 5);
  const shelf = width * 0.68;
  canvas.rect(shelf, horizon * 0.34, width * 0.24, 7, darker(floor, 0.15), 2);
  for (
    const [at, [color, tall]]
      of ([["#c8635a", 34], ["#5f8fb3", 28], ["#e3b75c", 38], ["#6f9f74", 30]] as const).entries()
  ) {
    canvas.rect(
      shelf + 10 + at * 14,
      horizon * 0.34 - tall,
      12,
      tall,
      night ? mix(color, "#2b2f5e", 0.35) : color,
      2,
    );
  }
  canvas.rect(shelf + width * 0.17, horizon * 0.34 - 18, 17, 18, "#4f7fc0", 4);
  canvas.line(`M${shelf + width * 0.17 + 17} ${horizon * 0.34 - 14}q8 4 0 9`, "#4f7fc0", 3);
  canvas.ellipse(
    width * 0.5,
    height * 0.91,
    width * 0.36,
    (height - horizon) * 0.3,
    night ? "#7a5f8c" : "#d97f6a",
    0.75,
  );
  canvas.ellipse(
    width * 0.5,
    height * 0.91,
    width * 0.29,
    (height - horizon) * 0.23,
    night ? "#8d73a0" : "#e79a83",
    0.8,
  );
}

/** A bed with its foot in the middle at 0/0, big enough for a sleeper of scale 1. */
export function paintBed(canvas: Canvas): void {
  canvas.rect(-74, -96, 148, 92, "#9c6b45", 16);
  canvas.rect(-64, -86, 128, 70, "#b98357", 10);
  for (const x of [-78, 66]) {
    canvas.rect(x, -104, 12, 112, "#835636", 4);
    canvas.circle(x + 6, -107, 8, "#a5734a");
  }
  canvas.rect(-50, -80, 100, 44, "#fdf8ee", 18);
  canvas.rect(-42, -74, 84, 30, "#f4ecdf", 14);
}

/** The blanket over whoever lies in that bed. */
export function paintBlanket(canvas: Canvas): void {
  canvas.shape("M-68 -36C-36 -50 36 -50 68 -36V6H-68Z", "#5d8fc2");
  canvas.shape("M-68 -36C-36 -50 36 -50 68 -36V-24C36 -38 -36 -38 -68 -24Z", "#fdf8ee");
  for (const [x, y] of [[-48, -8], [-24, -20], [0, -6], [24, -20], [48, -8]]) {
    canvas.circle(x, y, 4.4, "#f7d774", 0.9);
  }
  canvas.rect(-78, -4, 156, 12, "#835636", 4);
}
