import type { Dice } from "../writer/random.ts";
import type { Canvas } from "./canvas.ts";
import { lighter, mix, type Palette } from "./palette.ts";
import type { Scene } from "./scene.ts";

/** The frame that a picture fills, in points. */
export interface Frame {
  width: number;
  height: number;
  /** How far down the ground begins. */
  horizon: number;
}

function cloud(canvas: Canvas, x: number, y: number, scale: number, color: string, opacity: number): void {
  canvas.group({ x, y, scale }, () => {
    for (
      const [dx, dy, rx, ry] of [[0, 0, 30, 15], [-24, 5, 20, 11], [24, 5, 22, 12], [-8, -9, 17, 13], [
        12,
        -7,
        15,
        11,
      ]]
    ) {
      canvas.ellipse(dx, dy, rx, ry, color, opacity);
    }
  });
}

function stars(canvas: Canvas, { width, horizon }: Frame, count: number, dice: Dice): void {
  for (let star = 0; star < count; star++) {
    const x = dice.spread(0, width);
    const y = dice.spread(0, horizon * 0.95);
    const size = dice.spread(0.6, 1.9);
    canvas.circle(x, y, size, "#fff7dc", dice.spread(0.5, 1));
    if (dice.oneIn(9)) canvas.line(`M${x - 4} ${y}H${x + 4}M${x} ${y - 4}V${y + 4}`, "#fff7dc", 0.7, 0.8);
  }
}

function moon(canvas: Canvas, x: number, y: number, radius: number, sky: string): void {
  canvas.circle(x, y, radius * 1.9, "#fdf3c8", 0.08);
  canvas.circle(x, y, radius * 1.4, "#fdf3c8", 0.14);
  canvas.circle(x, y, radius, "#fdf1c4");
  canvas.circle(x + radius * 0.42, y - radius * 0.18, radius * 0.86, sky);
}

function sun(canvas: Canvas, x: number, y: number, radius: number, low: boolean): void {
  const color = low ? "#ffd9a0" : "#ffe9a8";
  canvas.circle(x, y, radius * 2.1, color, 0.16);
  canvas.circle(x, y, radius * 1.5, color, 0.24);
  canvas.circle(x, y, radius, color);
}

/** Sky with what hangs in it: sun or moon, stars, clouds, planets. */
export function paintSky(canvas: Canvas, scene: Scene, frame: Frame, palette: Palette, dice: Dice): void {
  const { width, height, horizon } = frame;
  canvas.sky(0, 0, width, height, palette.sky[0], palette.sky[1]);
  if (scene.scenery === "sea") return lightBeams(canvas, frame, dice);
  const x = width * dice.spread(0.14, 0.86);
  if (scene.scenery === "space") {
    stars(canvas, frame, 90, dice);
    return planets(canvas, frame, dice);
  }
  if (scene.hour === "night") {
    stars(canvas, frame, 60, dice);
    moon(canvas, x, horizon * dice.spread(0.2, 0.36), 26, mix(palette.sky[0], palette.sky[1], 0.25));
  } else if (scene.weather !== "rain" && scene.weather !== "fog") {
    const low = scene.hour !== "day";
    sun(canvas, x, horizon * (low ? dice.spread(0.58, 0.78) : dice.spread(0.18, 0.32)), low ? 34 : 25, low);
  }
  const tone = scene.hour === "night" ? mix(palette.sky[1], "#ffffff", 0.15) : lighter(palette.sky[1], 0.6);
  const count = scene.weather === "rain" ? 6 : scene.scenery === "sky" ? 5 : dice.between(1, 3);
  for (let at = 0; at < count; at++) {
    const grey = scene.weather === "rain" ? mix(tone, "#6d7590", 0.55) : tone;
    cloud(canvas, dice.spread(0, width), horizon * dice.spread(0.08, 0.5), dice.spread(0.7, 1.5), grey, 0.85);
  }
}

function lightBeams(canvas: Canvas, { width, height }: Frame, dice: Dice): void {
  for (let beam = 0; beam < 4; beam++) {
    const x = width * (0.1 + beam * 0.25) + dice.spread(-20, 20);
    canvas.polygon([[x, 0], [x + 40, 0], [x - 20, height], [x - 110, height]], "#ffffff", 0.09);
  }
  for (let bubble = 0; bubble < 16; bubble++) {
    const [x, y] = [dice.spread(0, width), dice.spread(0, height)];
    const radius = dice.spread(2, 6);
    canvas.circle(x, y, radius, "#ffffff", 0.22);
    canvas.circle(x - radius * 0.3, y - radius * 0.3, radius * 0.3, "#ffffff", 0.6);
  }
}

function planets(canvas: Canvas, { width, horizon }: Frame, dice: Dice): void {
  const colors = dice.shuffle(["#e8926c", "#7fc8c2", "#e3c06a", "#c58ad1"]);
  for (let at = 0; at < 2; at++) {
    const x = width * (at === 0 ? dice.spread(0.1, 0.35) : dice.spread(0.65, 0.9));
    const y = horizon * dice.spread(0.2, 0.6);
    const radius = dice.spread(16, 38);
    canvas.circle(x, y, radius, colors[at]);
    canvas.clip(
      `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${radius * 2} 0a${radius} ${radius} 0 1 0 ${
        -radius * 2
      } 0`,
      () => {
        canvas.ellipse(x - radius * 0.4, y - radius * 0.4, radius, radius, "#ffffff", 0.22);
        canvas.ellipse(x, y + radius * 0.5, radius * 1.3, radius * 0.22, "#1d1b33", 0.14);
      },
    );
    if (at === 0) {
      canvas.line(
        `M${x - radius * 1.7} ${y + 6}C${x - radius} ${y + 18} ${x + radius} ${y + 8} ${x + radius * 1.7} ${
          y - 8
        }`,
        "#f3e3b5",
        4,
        0.9,
      );
    }
  }
}
