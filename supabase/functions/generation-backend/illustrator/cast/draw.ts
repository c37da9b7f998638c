import type { Canvas } from "../canvas.ts";
import type { Mood } from "../scene.ts";
import { animals } from "./animals.ts";
import { birds, drawBird } from "./birds.ts";
import { drawDragon } from "./dragon.ts";
import { people } from "./people.ts";
import { drawPerson } from "./person.ts";
import { drawPlush, type Pose } from "./plush.ts";
import {
  drawCrab,
  drawJellyfish,
  drawOctopus,
  drawSeahorse,
  drawSeal,
  drawStarShape,
  drawSwimmer,
  swimmers,
} from "./sea.ts";
import * as small from "./small.ts";
import * as things from "./things.ts";

/** How somebody is to be drawn. */
export interface Role {
  kind: string;
  mood: Mood;
  pose: Pose;
  /** The same number for the same person on every page; chooses colours. */
  seed: number;
}

const hides = ["#6fb98f", "#7aa7d9", "#d98ba6", "#e39a5b", "#9a86cf", "#5fb3b3"];
const wings = ["#e58a4b", "#7a9fe0", "#d77fae", "#f0c24f"];
const tint = (colors: readonly string[], seed: number) => colors[seed % colors.length];

type Drawing = (canvas: Canvas, role: Role) => void;

const others: Record<string, Drawing> = {
  dragon: (canvas, { mood, pose, seed }) => drawDragon(canvas, tint(hides, seed), mood, pose, true),
  dinosaur: (canvas, { mood, pose, seed }) => drawDragon(canvas, tint(hides, seed + 3), mood, pose, false),
  frog: (canvas, { mood, pose }) => small.drawFrog(canvas, "#7fbf5f", mood, pose),
  toad: (canvas, { mood, pose }) => small.drawFrog(canvas, "#a08c5b", mood, pose),
  turtle: (canvas, { mood }) => small.drawTurtle(canvas, mood),
  snail: (canvas, { mood }) => small.drawSnail(canvas, mood),
  caterpillar: (canvas, { mood }) => small.drawCrawler(canvas, "#8fbf5a", mood),
  lizard: (canvas, { mood }) => small.drawLizard(canvas, "#79b58c", mood),
  crocodile: (canvas, { mood }) => small.drawLizard(canvas, "#6a9a5b", mood),
  snake: (canvas, { mood }) => small.drawSnake(canvas, mood),
  butterfly: (canvas, { mood, seed }) => small.drawButterfly(canvas, mood, tint(wings, seed)),
  seal: (canvas, { mood }) => drawSeal(canvas, mood),
  octopus: (canvas, { mood }) => drawOctopus(canvas, mood),
  crab: (canvas, { mood }) => drawCrab(canvas, mood),
  jellyfish: (canvas, { mood }) => drawJellyfish(canvas, mood),
  seahorse: (canvas, { mood }) => drawSeahorse(canvas, mood),
  starfish: (canvas, { mood }) => drawStarShape(canvas, "#ef8a5b", mood),
  star: (canvas, { mood }) => drawStarShape(canvas, "#f9d65f", mood, false),
  moon: (canvas, { mood }) => things.drawMoonBeing(canvas, mood),
  cloud: (canvas, { mood }) => things.drawCloudBeing(canvas, mood),
  comet: (canvas, { mood }) => things.drawComet(canvas, mood),
  robot: (canvas, { mood, pose }) => things.drawRobot(canvas, mood, pose),
  alien: (canvas, { mood, pose }) => things.drawAlien(canvas, mood, pose),
  ghost: (canvas, { mood, pose }) => things.drawGhost(canvas, mood, pose),
  monster: (canvas, { mood, pose }) => things.drawMonster(canvas, mood, pose),
  snowman: (canvas, { mood, pose }) => things.drawSnowman(canvas, mood, pose),
  tree: (canvas, { mood }) => things.drawTree(canvas, mood),
};
for (const kind of ["bee", "ladybird", "firefly", "ant", "spider"]) {
  others[kind] = (canvas, { mood }) => small.drawBug(canvas, kind, mood);
}
for (const kind of ["car", "train", "tractor", "boat"]) {
  others[kind] = (canvas, { mood }) => things.drawVehicle(canvas, kind, mood);
}

const sizes: Record<string, number> = {
  dragon: 1.15,
  dinosaur: 1.2,
  frog: 0.72,
  toad: 0.72,
  turtle: 0.85,
  snail: 0.6,
  caterpillar: 0.62,
  lizard: 0.72,
  crocodile: 1.05,
  snake: 0.85,
  butterfly: 0.62,
  bee: 0.55,
  ladybird: 0.52,
  firefly: 0.5,
  ant: 0.48,
  spider: 0.52,
  crab: 0.75,
  jellyfish: 0.9,
  seahorse: 0.8,
  starfish: 0.75,
  star: 0.85,
  octopus: 1,
  seal: 0.8,
  robot: 1,
  moon: 1,
  cloud: 1,
};

/** How big somebody is beside a cat. */
export function sizeOf(kind: string): number {
  return animals[kind]?.size ?? birds[kind]?.size ?? people[kind]?.size ?? swimmers[kind]?.size ??
    sizes[kind] ?? 1;
}

/** Those who hang in the air or in the water instead of standing. */
export function floats(kind: string): boolean {
  return kind in swimmers ||
    ["jellyfish", "seahorse", "butterfly", "bee", "firefly", "ghost", "cloud", "moon", "star", "comet", "bat"]
      .includes(kind);
}

/** Draws somebody with the feet at 0/0 and about 105 units high, whoever it is. */
export function drawCast(canvas: Canvas, role: Role): void {
  const { kind, mood, pose, seed } = role;
  if (kind in animals) return drawPlush(canvas, animals[kind], mood, pose);
  if (kind in birds) return drawBird(canvas, birds[kind], mood, pose);
  if (kind in people) return drawPerson(canvas, people[kind], mood, pose, seed);
  if (kind in swimmers) return drawSwimmer(canvas, swimmers[kind], mood);
  if (kind in others) return others[kind](canvas, role);
  things.drawCreature(canvas, tint(hides, seed), mood, pose);
}
