import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Plush } from "./plush.ts";

const stripes = (canvas: Canvas, fur: string) => {
  const dark = darker(fur, 0.75);
  canvas.line(
    "M0 -98v8M-8 -97l2 7M8 -97l-2 7M-27 -76l8 1M-26 -69l7 0M27 -76l-8 1M26 -69l-7 0M-25 -38l7 2M-25 -28l7 1M25 -38l-7 2M25 -28l-7 1",
    dark,
    2.6,
  );
};

const mask = (color: string) => (canvas: Canvas) => {
  // The patches go under the eyes, so the eyes are set on them again in white.
  for (const side of [-1, 1]) {
    canvas.group({ x: side * 12, y: -78, turn: side * 24 }, () => canvas.ellipse(0, 0, 8, 9.6, color));
    canvas.circle(side * 11.5, -79, 4.6, "#ffffff");
    canvas.circle(side * 11.2, -78.6, 3.1, "#241c2b");
    canvas.circle(side * 11.2 + 1, -79.8, 1.1, "#ffffff");
  }
};

const horns = (color: string) => (canvas: Canvas) => {
  canvas.shape("M-14 -95C-22 -102 -22 -112 -16 -118C-16 -108 -10 -104 -7 -97Z", color);
  canvas.shape("M14 -95C22 -102 22 -112 16 -118C16 -108 10 -104 7 -97Z", color);
};

const antlers = (canvas: Canvas) =>
  canvas.line(
    "M-10 -97C-14 -112 -24 -112 -26 -124M-17 -110l-11 -3M10 -97C14 -112 24 -112 26 -124M17 -110l11 -3",
    "#a3784f",
    3.6,
  );

const mane = (color: string) => (canvas: Canvas) => {
  for (let turn = 0; turn < 360; turn += 30) {
    const angle = turn * Math.PI / 180;
    canvas.circle(Math.cos(angle) * 29, -75 + Math.sin(angle) * 26, 12, color);
  }
};

const forelock = (color: string) => (canvas: Canvas) => {
  canvas.shape("M-2 -101C-14 -98 -12 -86 -8 -82C-4 -88 4 -88 8 -96C6 -102 2 -103 -2 -101Z", color);
  canvas.ellipse(-28, -72, 6, 16, color);
};

const wool = (canvas: Canvas) => {
  for (const [x, y] of [[-14, -98], [0, -102], [14, -98], [-22, -90], [22, -90]]) {
    canvas.circle(x, y, 9, "#fdf8ee");
  }
};

const woolBody = (canvas: Canvas) => {
  for (let turn = 0; turn < 360; turn += 36) {
    const angle = turn * Math.PI / 180;
    canvas.circle(Math.cos(angle) * 24, -30 + Math.sin(angle) * 25, 10, "#fdf8ee");
  }
};

const spines = (canvas: Canvas, fur: string) => {
  const dark = darker(fur, 0.42);
  for (let turn = 150; turn <= 390; turn += 12) {
    const angle = turn * Math.PI / 180;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    canvas.polygon([[x * 26 - y * 7, -62 + y * 30 + x * 7], [x * 46, -62 + y * 47], [
      x * 26 + y * 7,
      -62 + y * 30 - x * 7,
    ]], dark);
    canvas.polygon([[x * 22 - y * 7, -34 + y * 26 + x * 7], [x * 40, -34 + y * 38], [
      x * 22 + y * 7,
      -34 + y * 26 - x * 7,
    ]], dark);
  }
};

const trunk = (canvas: Canvas, fur: string) => {
  canvas.line("M0 -68C0 -52 2 -44 12 -42C19 -41 21 -47 17 -50", darker(fur, 0.08), 9.5);
  canvas.line("M-4.5 -60h9M-4 -54h9", darker(fur, 0.25), 1.2);
};

const badgerStripes = (canvas: Canvas) => {
  canvas.shape("M-6 -99C-7 -86 -5 -76 0 -74C5 -76 7 -86 6 -99Z", "#f5f1ea");
  canvas.shape("M-26 -84C-20 -80 -18 -72 -20 -62C-28 -66 -30 -76 -26 -84Z", "#f5f1ea");
  canvas.shape("M26 -84C20 -80 18 -72 20 -62C28 -66 30 -76 26 -84Z", "#f5f1ea");
};

const acornTeeth = (canvas: Canvas) => {
  canvas.rect(-3.2, -63, 3, 5, "#ffffff", 1);
  canvas.rect(0.2, -63, 3, 5, "#ffffff", 1);
};

const unicornHorn = (canvas: Canvas, fur: string) => {
  forelock("#e5a3cf")(canvas);
  canvas.polygon([[-5, -97], [0, -126], [5, -97]], "#f2c75c");
  canvas.line("M-3.6 -104l6 -2M-2.6 -111l4.6 -2", darker(fur, 0.3), 1);
};

const giraffeSpots = (canvas: Canvas) => {
  canvas.line("M-8 -97v-13M8 -97v-13", "#c98f45", 3.4);
  canvas.circle(-8, -112, 3.6, "#7a5230");
  canvas.circle(8, -112, 3.6, "#7a5230");
  for (
    const [x, y, size] of [[-20, -86, 4], [21, -84, 4], [-19, -40, 5], [20, -34, 5], [-21, -24, 4], [
      16,
      -50,
      4,
    ]]
  ) canvas.circle(x, y, size, "#b9793c", 0.8);
};

/** How each animal that sits like a soft toy looks. */
export const animals: Record<string, Plush> = {
  cat: {
    fur: "#e39a4f",
    ears: "pointed",
    tail: "curl",
    whiskers: true,
    extra: (canvas) => canvas.line("M0 -98v7M-7 -97l1 6M7 -97l-1 6", "#b8702c", 2.4),
    size: 0.84,
  },
  tomcat: { fur: "#6d7486", ears: "pointed", tail: "curl", whiskers: true },
  kitten: { fur: "#f0c9a0", ears: "pointed", tail: "curl", whiskers: true, size: 0.66 },
  dog: { fur: "#c99662", belly: "#f6e6cf", ears: "floppy", tail: "curl" },
  puppy: { fur: "#e2bd8b", belly: "#fbf0de", ears: "floppy", tail: "curl", size: 0.74 },
  otter: {
    fur: "#7d5a44",
    belly: "#cdb49b",
    ears: "small",
    inner: "#cdb49b",
    tail: "thick",
    whiskers: true,
    size: 0.66,
  },
  bear: { fur: "#a8714a", belly: "#d9b38c", ears: "round", inner: "#d9b38c", tail: "none", size: 0.74 },
  "polar bear": {
    fur: "#f4f1ea",
    belly: "#ffffff",
    ears: "round",
    inner: "#e3d5cf",
    tail: "none",
    size: 0.74,
  },
  panda: {
    fur: "#f7f4ee",
    belly: "#ffffff",
    ears: "round",
    inner: "#2f2a36",
    tail: "none",
    extra: mask("#2f2a36"),
    size: 1.1,
  },
  fox: {
    fur: "#e07b3c",
    belly: "#fdf0e0",
    ears: "pointed",
    inner: "#5a3324",
    tail: "bushy",
    muzzle: "#fdf0e0",
    size: 0.9,
  },
  wolf: {
    fur: "#8b93a4",
    belly: "#eceef2",
    ears: "pointed",
    inner: "#5b6374",
    tail: "bushy",
    muzzle: "#eceef2",
    size: 1.08,
  },
  rabbit: { fur: "#cbb49d", belly: "#f8efe3", ears: "long", tail: "puff", nose: "#e58a8f" },
  bunny: { fur: "#f5ece2", belly: "#ffffff", ears: "long", tail: "puff", nose: "#e58a8f", size: 0.72 },
  hare: { fur: "#b98a5e", belly: "#f3e2cb", ears: "long", tail: "puff", nose: "#8c4f4a" },
  mouse: {
    fur: "#b3a9b8",
    belly: "#efe9f0",
    ears: "wide",
    inner: "#f1b9bb",
    tail: "thin",
    nose: "#e58a8f",
    whiskers: true,
    size: 0.84,
  },
  mole: {
    fur: "#5d5563",
    belly: "#8c8292",
    ears: "none",
    tail: "thin",
    muzzle: "#e9b9b0",
    nose: "#e58a8f",
    size: 0.72,
  },
  hedgehog: { fur: "#d8b48b", belly: "#f7ead6", ears: "small", tail: "none", behind: spines, size: 0.75 },
  squirrel: {
    fur: "#b0683f",
    belly: "#fdf0dd",
    ears: "pointed",
    inner: "#fdf0dd",
    tail: "plume",
    size: 0.76,
    extra: acornTeeth,
  },
  raccoon: {
    fur: "#9a98a3",
    belly: "#e6e4e8",
    ears: "pointed",
    inner: "#5a5763",
    tail: "bushy",
    extra: mask("#4a4753"),
    size: 0.84,
  },
  badger: {
    fur: "#5c5a66",
    belly: "#8d8b97",
    ears: "small",
    tail: "puff",
    muzzle: "#f5f1ea",
    extra: badgerStripes,
    size: 0.9,
  },
  deer: { fur: "#c58e5b", belly: "#f6e3c8", ears: "floppy", tail: "puff", extra: antlers, size: 1.06 },
  lion: { fur: "#eab35a", belly: "#fbe3b0", ears: "round", tail: "tuft", behind: mane("#b8672f"), size: 1.1 },
  tiger: {
    fur: "#ef9a3d",
    belly: "#fdf1df",
    ears: "round",
    tail: "curl",
    extra: stripes,
    whiskers: true,
    size: 1.1,
  },
  monkey: {
    fur: "#96684a",
    belly: "#ecc9a2",
    ears: "round",
    inner: "#ecc9a2",
    tail: "curl",
    muzzle: "#ecc9a2",
    size: 0.9,
  },
  elephant: {
    fur: "#9fb0c4",
    belly: "#c6d2df",
    ears: "wide",
    inner: "#e3b8c0",
    tail: "thin",
    muzzle: "none",
    extra: trunk,
    size: 1.3,
  },
  giraffe: { fur: "#efc667", belly: "#fbeab9", ears: "small", tail: "tuft", extra: giraffeSpots, size: 1.35 },
  hippo: { fur: "#a79bb8", belly: "#cbc2d8", ears: "small", tail: "thin", muzzle: "#bdb2cc", size: 1.25 },
  koala: { fur: "#a9adb8", belly: "#e2e3e8", ears: "wide", inner: "#efe7ea", tail: "none" },
  horse: {
    fur: "#a9714a",
    belly: "#d9b18b",
    ears: "pointed",
    tail: "bushy",
    muzzle: "#d9b18b",
    extra: forelock("#553323"),
    size: 0.84,
  },
  pony: {
    fur: "#d9a673",
    belly: "#f4dcbb",
    ears: "pointed",
    tail: "bushy",
    muzzle: "#f4dcbb",
    extra: forelock("#f3e2b9"),
  },
  unicorn: {
    fur: "#fbf6f4",
    belly: "#ffffff",
    ears: "pointed",
    tail: "bushy",
    muzzle: "#f7dfe4",
    extra: unicornHorn,
    size: 1.15,
  },
  donkey: {
    fur: "#9c98a0",
    belly: "#dcd8dc",
    ears: "long",
    inner: "#d9c5c5",
    tail: "tuft",
    muzzle: "#efeae6",
    extra: forelock("#5d5963"),
  },
  cow: {
    fur: "#f7f2ea",
    belly: "#ffffff",
    ears: "floppy",
    tail: "tuft",
    muzzle: "#f0b9b2",
    extra: (canvas) => {
      horns("#e4d6bd")(canvas);
      canvas.ellipse(-19, -86, 8, 7, "#4d4450");
      canvas.ellipse(20, -38, 6, 9, "#4d4450");
    },
    size: 1.15,
  },
  pig: { fur: "#f2b1ad", belly: "#f9d2cc", ears: "floppy", tail: "thin", muzzle: "#e8928f", nose: "#c56a6c" },
  piglet: {
    fur: "#f7c1bd",
    belly: "#fcded9",
    ears: "floppy",
    tail: "thin",
    muzzle: "#ee9f9c",
    nose: "#c56a6c",
    size: 0.76,
  },
  sheep: {
    fur: "#efe4d2",
    belly: "#fdf8ee",
    ears: "floppy",
    tail: "none",
    muzzle: "none",
    extra: wool,
    behind: woolBody,
  },
  lamb: {
    fur: "#f5ecdd",
    belly: "#ffffff",
    ears: "floppy",
    tail: "none",
    muzzle: "none",
    extra: wool,
    behind: woolBody,
    size: 0.78,
  },
  goat: {
    fur: "#e9e1d5",
    belly: "#fbf7f0",
    ears: "floppy",
    tail: "puff",
    extra: (canvas) => {
      horns("#8f7f70")(canvas);
      canvas.polygon([[-6, -58], [0, -42], [6, -58]], lighter("#e9e1d5", 0.5));
    },
  },
  bat: {
    fur: "#6a5f82",
    belly: "#a79dbb",
    ears: "pointed",
    inner: "#d6a9b8",
    tail: "none",
    size: 0.75,
    behind: (canvas, fur) => {
      for (const side of [-1, 1]) {
        canvas.group(
          { x: 0, y: -40, flip: side < 0 },
          () =>
            canvas.shape(
              "M16 -6C40 -30 66 -26 76 -6C66 -8 62 0 60 8C52 0 44 4 40 12C34 4 26 6 18 14Z",
              darker(fur, 0.25),
            ),
        );
      }
    },
  },
};
