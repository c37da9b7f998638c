import type { Dice } from "../writer/random.ts";
import type { Frame } from "./backdrop.ts";
import type { Canvas } from "./canvas.ts";
import { darker, lighter, mix, type Palette } from "./palette.ts";
import { distantPlantsOf, type Plant, plantsOf } from "./plants.ts";
import type { Scene } from "./scene.ts";

/** A rolling line of hills as a closed shape down to the bottom of the frame. */
function hills({ width, height }: Frame, y: number, swing: number, dice: Dice): string {
  const steps = 3;
  let path = `M0 ${height}V${y + dice.spread(-swing, swing)}`;
  for (let step = 1; step <= steps; step++) {
    const x = width * step / steps;
    const half = width / steps / 2;
    path += `C${x - half * 1.3} ${y + dice.spread(-swing, swing) * 1.4} ${x - half * 0.7} ${
      y + dice.spread(-swing, swing)
    } ${x} ${y + dice.spread(-swing, swing) * 0.6}`;
  }
  return `${path}V${height}Z`;
}

/** Sharp peaks with snow on them. */
function peaks(canvas: Canvas, { width, horizon }: Frame, color: string, dice: Dice): void {
  for (let x = -40; x < width + 40; x += dice.between(90, 130)) {
    const top = horizon * dice.spread(0.34, 0.62);
    const half = dice.between(80, 120);
    const foot = horizon + 30;
    canvas.polygon([[x - half, foot], [x, top], [x + half, foot]], color);
    const cap = (foot - top) * 0.2;
    canvas.polygon(
      [[x - half * 0.2, top + cap], [x, top], [x + half * 0.2, top + cap], [
        x + half * 0.06,
        top + cap * 0.75,
      ], [x - half * 0.05, top + cap * 1.2]],
      "#f7fafd",
      0.9,
    );
  }
}

interface Row {
  plants: readonly Plant[];
  palette: Palette;
  y: number;
  size: number;
  count: number;
}

function plantRow(canvas: Canvas, { plants, palette, y, size, count }: Row, width: number, dice: Dice): void {
  if (plants.length === 0) return;
  for (let at = 0; at < count; at++) {
    // Whoever the page is about stands in the middle: what grows keeps to the sides.
    const side = at % 2 === 0 ? dice.spread(-0.02, 0.27) : dice.spread(0.73, 1.02);
    const plant = dice.pick(plants);
    const place = {
      x: width * side,
      y: y + dice.spread(-6, 10),
      scale: size * dice.spread(0.8, 1.25),
      flip: dice.oneIn(2),
    };
    canvas.group(place, () => plant(canvas, palette, dice));
  }
}

function tufts(canvas: Canvas, frame: Frame, palette: Palette, dice: Dice): void {
  const { width, height, horizon } = frame;
  const blade = darker(palette.ground, 0.18);
  let grass = "";
  for (let at = 0; at < 26; at++) {
    const [x, y] = [dice.spread(0, width), dice.spread(horizon + 14, height)];
    grass += `M${x} ${y}l-3 -8M${x} ${y}l0 -10M${x} ${y}l3 -8`;
  }
  canvas.line(grass, blade, 1.3, 0.75);
  for (let at = 0; at < 14; at++) {
    const [x, y] = [dice.spread(0, width), dice.spread(horizon + 18, height)];
    const petal = dice.pick(["#fff3dd", "#f6b3b8", "#f7d774", "#cdb6ee"]);
    for (const [dx, dy] of [[-2.6, 0], [2.6, 0], [0, -2.6], [0, 2.6]]) {
      canvas.circle(x + dx, y + dy, 2.1, mix(petal, palette.ground, 0.1));
    }
    canvas.circle(x, y, 1.6, "#e9a23b");
  }
}

/** Everything between the sky and those who stand in front. */
export function paintGround(canvas: Canvas, scene: Scene, frame: Frame, palette: Palette, dice: Dice): void {
  const { width, height, horizon } = frame;
  if (scene.scenery === "sky") return cloudFloor(canvas, frame, palette, dice);
  if (scene.scenery === "mountain" || scene.scenery === "snow") peaks(canvas, frame, palette.far, dice);
  if (scene.scenery === "beach") {
    canvas.rect(0, horizon * 0.72, width, height, palette.middle);
    for (let wave = 0; wave < 4; wave++) {
      const y = horizon * (0.78 + wave * 0.06);
      canvas.line(
        `M0 ${y}${"q17 -5 34 0t34 0".repeat(Math.ceil(width / 68))}`,
        lighter(palette.middle, 0.5),
        1.6,
        0.55,
      );
    }
  } else {
    canvas.shape(hills(frame, horizon * 0.7, 26, dice), palette.far, 0.9);
    const haze = { ...palette, leaf: palette.middle, leafDark: palette.middle, trunk: palette.middle };
    const far = distantPlantsOf[scene.scenery] ?? [];
    plantRow(canvas, { plants: far, palette: haze, y: horizon * 0.82, size: 0.5, count: 5 }, width, dice);
    canvas.shape(hills(frame, horizon * 0.84, 18, dice), palette.middle);
  }
  const plants = plantsOf[scene.scenery] ?? plantsOf.forest;
  plantRow(canvas, { plants, palette, y: horizon * 0.97, size: 0.95, count: 4 }, width, dice);
  canvas.shape(hills(frame, horizon, 9, dice), palette.ground);
  if (scene.scenery === "space") craters(canvas, frame, palette, dice);
  else if (!["snow", "sea", "desert", "beach", "city"].includes(scene.scenery)) {
    tufts(canvas, frame, palette, dice);
  }
  plantRow(
    canvas,
    { plants, palette, y: horizon + (height - horizon) * 0.3, size: 1.35, count: 2 },
    width,
    dice,
  );
}

function craters(canvas: Canvas, { width, height, horizon }: Frame, palette: Palette, dice: Dice): void {
  for (let at = 0; at < 7; at++) {
    const [x, y] = [dice.spread(0, width), dice.spread(horizon + 20, height)];
    const radius = dice.spread(8, 24);
    canvas.ellipse(x, y, radius, radius * 0.36, darker(palette.ground, 0.2));
    canvas.ellipse(x, y + 1.6, radius * 0.82, radius * 0.26, darker(palette.ground, 0.34));
  }
}

function cloudFloor(canvas: Canvas, { width, height, horizon }: Frame, palette: Palette, dice: Dice): void {
  for (
    const [y, tone] of [[horizon * 0.96, mix(palette.sky[1], "#ffffff", 0.45)], [
      horizon + 18,
      mix(palette.sky[1], "#ffffff", 0.8),
    ]] as const
  ) {
    for (let x = -20; x < width + 30; x += 46) canvas.ellipse(x, y + dice.spread(-6, 8), 44, 26, tone);
    canvas.rect(0, y, width, height - y, tone);
  }
}
