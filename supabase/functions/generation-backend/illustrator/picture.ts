import { Dice } from "../writer/random.ts";
import { type Frame, paintSky } from "./backdrop.ts";
import type { Canvas, Placement } from "./canvas.ts";
import { drawCast, floats, sizeOf } from "./cast/draw.ts";
import type { Pose } from "./cast/plush.ts";
import { paintGround } from "./ground.ts";
import { paletteFor } from "./palette.ts";
import { props } from "./props.ts";
import { paintBed, paintBlanket, paintRoom } from "./room.ts";
import type { Mood, Scene } from "./scene.ts";
import { paintWeather } from "./weather.ts";

/** Where a picture goes and what makes it this book's: the same seed gives the same picture. */
export interface PictureSpec {
  scene: Scene;
  width: number;
  height: number;
  seed: string;
  page: number;
  /** How far down the ground begins, as a share of the height. */
  horizon?: number;
  /** How much larger than usual the cast is. */
  near?: number;
}

const moodOf = (mood: Mood, first: boolean): Mood =>
  first || mood === "asleep" ? mood : mood === "sad" ? "calm" : "happy";

const poseOf = (mood: Mood, first: boolean, dice: Dice): Pose =>
  mood === "happy"
    ? (first ? "cheer" : "wave")
    : mood === "calm"
    ? dice.pick(["rest", "wave", "reach"] as const)
    : "rest";

/** Paints a scene into the rectangle from 0/0. Everything stays inside it. */
export function paintPicture(canvas: Canvas, spec: PictureSpec): void {
  const { scene, width, height, seed, page } = spec;
  const dice = new Dice("picture", seed, page);
  const frame: Frame = { width, height, horizon: height * (spec.horizon ?? 0.68) };
  if (scene.indoors) paintRoom(canvas, scene, frame);
  else {
    const palette = paletteFor(scene.scenery, scene.hour);
    paintSky(canvas, scene, frame, palette, dice);
    paintGround(canvas, scene, frame, palette, dice);
  }
  paintCast(canvas, spec, frame, dice);
  if (!scene.indoors) paintWeather(canvas, scene, frame, dice);
}

/** Where each of the cast stands, as a share of the width: alone, in twos, in threes with the hero in the middle. */
const stands: readonly (readonly number[])[] = [[0.5], [0.3, 0.7], [0.5, 0.2, 0.8]];
/** How large the cast is drawn: nearer and further, so that no two pages in a row look alike. */
const distances = [0.46, 0.38, 0.5, 0.34] as const;

/** Places the cast, the hero in front, and their props around them. */
function paintCast(canvas: Canvas, spec: PictureSpec, frame: Frame, dice: Dice): void {
  const { scene, page } = spec;
  const { width, height, horizon } = frame;
  const crowd = [1, 0.82, 0.74][scene.cast.length - 1];
  const inBed = scene.props.includes("bed");
  const unit = Math.min(height / 105, width / 128) *
    (inBed ? 0.42 : distances[page % distances.length] * crowd * (spec.near ?? 1));
  const floor = horizon + (height - horizon) * (inBed ? 0.46 : 0.5);
  const mirrored = dice.oneIn(2);
  const shift = scene.cast.length === 1 && !inBed ? dice.spread(-0.13, 0.13) : 0;
  const places = scene.cast.map((kind, index): Placement => {
    const share = stands[scene.cast.length - 1][index] + shift;
    const lift = floats(kind) && !inBed ? unit * (scene.scenery === "sea" ? 42 : 26) : 0;
    return {
      x: width * (mirrored ? 1 - share : share),
      y: floor - lift - (index > 0 ? 5 * unit : 0),
      scale: unit * Math.min(scene.cast.length === 1 ? Math.max(sizeOf(kind), 0.95) : sizeOf(kind), 1.4),
      flip: (index > 0) !== mirrored,
    };
  });
  paintProps(canvas, scene, "behind", places[0], unit, mirrored);
  if (inBed) canvas.group({ ...places[0], scale: unit }, () => paintBed(canvas));
  for (let index = places.length - 1; index >= 0; index--) {
    paintOne(canvas, spec, places[index], index, floor, dice);
  }
  if (inBed) canvas.group({ ...places[0], scale: unit }, () => paintBlanket(canvas));
  for (const place of ["beside", "above", "front"] as const) {
    paintProps(canvas, scene, place, places[0], unit, mirrored);
  }
}

function paintOne(
  canvas: Canvas,
  { scene, seed }: PictureSpec,
  place: Placement,
  index: number,
  floor: number,
  dice: Dice,
): void {
  const kind = scene.cast[index];
  const isHero = index === 0;
  const role = {
    kind,
    mood: moodOf(scene.mood, isHero),
    pose: poseOf(scene.mood, isHero, dice),
    seed: new Dice("cast", seed, kind).between(0, 999),
  };
  const scale = place.scale ?? 1;
  if (isHero && scene.props.includes("bed")) return sleepIn(canvas, place, () => drawCast(canvas, role));
  if (place.y > floor - 20 * scale) canvas.ellipse(place.x, floor, 40 * scale, 6.5 * scale, "#1d1b33", 0.16);
  canvas.group(place, () => drawCast(canvas, role));
}

/** Whoever lies in bed shows above the blanket only. */
function sleepIn(canvas: Canvas, place: Placement, draw: () => void): void {
  const scale = place.scale ?? 1;
  canvas.clip(
    `M${place.x - 60 * scale} ${place.y - 200 * scale}h${120 * scale}V${place.y - 34 * scale}h${
      -120 * scale
    }Z`,
    () => {
      canvas.group({ ...place, y: place.y + 4 * scale }, draw);
    },
  );
}

function paintProps(
  canvas: Canvas,
  scene: Scene,
  place: string,
  hero: Placement,
  unit: number,
  mirrored: boolean,
): void {
  const wanted = scene.props.map((name) => props[name]).filter((prop) => prop?.place === place);
  const side = mirrored ? 1 : -1;
  const tall = 112 * (hero.scale ?? 1);
  for (const [index, prop] of wanted.entries()) {
    const shift = scene.cast.length > 1 ? 52 : 74;
    const where: Record<string, Placement> = {
      behind: { x: hero.x + side * 70 * unit, y: hero.y - 14 * unit, scale: unit },
      beside: { x: hero.x + side * (shift + index * 60) * unit, y: hero.y + 3 * unit, scale: unit * 0.95 },
      above: {
        x: hero.x + side * (prop.wide ? 0 : index === 0 ? 50 : -62) * unit,
        y: Math.max(44, hero.y - tall - 22 * unit),
        scale: unit * 0.85,
      },
      front: { x: hero.x - side * (10 + index * 50) * unit, y: hero.y + 13 * unit, scale: unit * 0.9 },
    };
    canvas.group(where[place], () => prop.draw(canvas));
  }
}
