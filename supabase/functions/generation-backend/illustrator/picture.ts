import { Dice } from "../writer/random.ts";
import { type Frame, paintSky, paintWeather } from "./backdrop.ts";
import type { Canvas, Placement } from "./canvas.ts";
import { drawCast, floats, sizeOf } from "./cast/draw.ts";
import type { Pose } from "./cast/plush.ts";
import { paintGround } from "./ground.ts";
import { paletteFor } from "./palette.ts";
import { props } from "./props.ts";
import { paintBlanket, paintRoom } from "./room.ts";
import type { Mood, Scene } from "./scene.ts";

/** Where a picture goes and what makes it this book's: the same seed gives the same picture. */
export interface PictureSpec {
  scene: Scene;
  width: number;
  height: number;
  seed: string;
  page: number;
  /** How far down the ground begins, as a share of the height. */
  horizon?: number;
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

/** Places the cast about the middle, the hero in front, and their props around them. */
function paintCast(canvas: Canvas, spec: PictureSpec, frame: Frame, dice: Dice): void {
  const { scene, seed } = spec;
  const { width, height, horizon } = frame;
  const unit = (height / 105) * (scene.cast.length > 1 ? 0.44 : 0.5);
  const floor = horizon + (height - horizon) * 0.58;
  const mirrored = dice.oneIn(2);
  const spots = scene.cast.length === 1
    ? [dice.spread(0.44, 0.56)]
    : scene.cast.length === 2
    ? [0.37, 0.63]
    : [0.5, 0.25, 0.75];
  const at = (share: number) => width * (mirrored ? 1 - share : share);
  const hero: Placement = { x: at(spots[0]), y: floor, scale: unit * sizeOf(scene.cast[0]), flip: mirrored };
  paintProps(canvas, scene, "behind", hero, unit, mirrored);
  for (let index = scene.cast.length - 1; index >= 0; index--) {
    const kind = scene.cast[index];
    const lift = floats(kind) ? unit * (scene.scenery === "sea" ? 42 : 26) : 0;
    const place: Placement = {
      x: at(spots[index]),
      y: floor - lift - (index > 0 ? 6 : 0),
      scale: unit * Math.min(sizeOf(kind), 1.5),
      flip: index > 0 ? !mirrored : mirrored,
    };
    const ownSeed = new Dice("cast", seed, kind).between(0, 999);
    const mood = moodOf(scene.mood, index === 0);
    if (lift === 0) {
      canvas.ellipse(place.x, floor, 40 * (place.scale ?? 1), 7 * (place.scale ?? 1), "#1d1b33", 0.16);
    }
    canvas.group(
      place,
      () => drawCast(canvas, { kind, mood, pose: poseOf(scene.mood, index === 0, dice), seed: ownSeed }),
    );
  }
  if (scene.props.includes("bed")) {
    canvas.group({ ...hero, scale: unit, y: floor + unit * 6 }, () => paintBlanket(canvas));
  }
  for (const place of ["beside", "above", "front"] as const) {
    paintProps(canvas, scene, place, hero, unit, mirrored);
  }
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
        x: hero.x + side * (index === 0 ? 18 : -70) * unit,
        y: Math.max(44, hero.y - tall - 22 * unit),
        scale: unit * 0.85,
      },
      front: { x: hero.x - side * (10 + index * 50) * unit, y: hero.y + 13 * unit, scale: unit * 0.9 },
    };
    canvas.group(where[place], () => prop.draw(canvas));
  }
}
