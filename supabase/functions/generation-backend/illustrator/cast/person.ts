import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";
import type { Mood } from "../scene.ts";
import { drawFace } from "./face.ts";
import { drawArms, type Pose } from "./plush.ts";
import type { Hat, Person } from "./people.ts";

const tones = ["#f6d3b8", "#e6b48c", "#c98d62", "#9a6744", "#f2c6a5"];

/** Draws the person with the feet at 0/0, about 110 units high. `tone` chooses the skin. */
export function drawPerson(canvas: Canvas, person: Person, mood: Mood, pose: Pose, tone: number): void {
  const sleeve = person.hat === "helmet" ? "#dfe3ea" : darker(person.dress, 0.1);
  const skin = person.skin ?? tones[tone % tones.length];
  if (person.wings) drawFairyWings(canvas);
  if (person.style === "long") {
    canvas.shape("M-30 -78C-34 -40 -26 -30 -22 -30H22C26 -30 34 -40 30 -78Z", darker(person.hair, 0.1));
  }
  drawBody(canvas, person);
  drawArms(canvas, 17, -42, pose, sleeve, { length: 21, hand: person.hat === "helmet" ? "#f7f8fa" : skin });
  canvas.circle(-27, -74, 5.5, skin);
  canvas.circle(27, -74, 5.5, skin);
  canvas.ellipse(0, -76, 27, 25, skin);
  drawHair(canvas, person);
  drawFace(canvas, { x: 0, y: -74, gap: 10.5, eye: 4 }, mood, Boolean(person.beard));
  canvas.ellipse(0, -68.5, 2.6, 1.9, darker(skin, 0.18));
  if (person.beard) drawBeard(canvas, person.beard);
  if (person.glasses) {
    canvas.line(
      "M-17 -74a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0M4 -74a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0M-4 -75h8",
      "#6b5a4c",
      1.3,
    );
  }
  drawHat(canvas, person.hat ?? "none", person.dress);
}

function drawBody(canvas: Canvas, { dress, gown, tail }: Person): void {
  if (tail) {
    canvas.shape(
      "M-15 -50C-20 -24 -10 -12 4 -8C16 -6 22 -10 26 -4C36 -10 44 -8 46 0C36 4 28 2 22 2C0 6 -24 -2 -22 -30Z",
      dress,
    );
    canvas.line("M-10 -30q5 4 10 0M-6 -20q5 4 10 0", lighter(dress, 0.4), 1.6);
    return canvas.shape("M-14 -54H14L12 -38H-12Z", "#b579b4");
  }
  if (gown) {
    canvas.shape("M-15 -54C-18 -30 -28 -12 -32 0H32C28 -12 18 -30 15 -54Z", dress);
    canvas.shape("M-32 0C-30 -7 -28 -10 -27 -12C-10 -6 10 -6 27 -12L32 0Z", lighter(dress, 0.35));
    return canvas.circle(0, -44, 3, lighter(dress, 0.6));
  }
  for (const side of [-1, 1]) {
    canvas.rect(side * 9 - 6, -22, 12, 19, "#4e5a78", 4);
    canvas.ellipse(side * 10, -2.5, 9, 4.5, "#6b3f33");
  }
  canvas.shape("M-15 -54C-20 -40 -21 -26 -19 -16H19C21 -26 20 -40 15 -54Z", dress);
  canvas.line("M-18 -27H18", lighter(dress, 0.5), 3.4, 0.8);
}

function drawHair(canvas: Canvas, { hair, style }: Person): void {
  if (style === "bald") {
    canvas.ellipse(-25, -80, 6, 10, hair);
    return canvas.ellipse(25, -80, 6, 10, hair);
  }
  if (style === "bun") canvas.circle(0, -106, 10, hair);
  if (style === "bob") { for (const side of [-1, 1]) canvas.ellipse(side * 26, -74, 8, 17, hair); }
  canvas.shape(
    "M-29 -76C-32 -108 32 -108 29 -76C24 -88 16 -92 6 -93C-4 -92 -16 -92 -20 -86C-24 -84 -27 -80 -29 -76Z",
    hair,
  );
}

function drawBeard(canvas: Canvas, color: string): void {
  canvas.shape(
    "M-25 -72C-24 -46 -10 -38 0 -34C10 -38 24 -46 25 -72C18 -62 10 -62 0 -62C-10 -62 -18 -62 -25 -72Z",
    color,
  );
  canvas.line("M-6 -58q6 4 12 0", "#a0525a", 2);
}

function drawFairyWings(canvas: Canvas): void {
  for (const side of [-1, 1]) {
    canvas.group(
      { x: side * 14, y: -46, turn: side * 32 },
      () => canvas.ellipse(side * 16, -18, 16, 28, "#e5f3ff", 0.75),
    );
    canvas.group(
      { x: side * 14, y: -34, turn: side * 60 },
      () => canvas.ellipse(side * 10, -8, 10, 18, "#f7e3f4", 0.75),
    );
  }
}

function drawHat(canvas: Canvas, hat: Hat, dress: string): void {
  switch (hat) {
    case "crown":
      canvas.polygon(
        [[-16, -94], [-19, -113], [-9, -104], [0, -117], [9, -104], [19, -113], [16, -94]],
        "#f2c24f",
      );
      return canvas.circle(0, -100, 3, "#d4574f");
    case "wizard":
    case "witch": {
      const cloth = hat === "witch" ? "#443a5c" : darker(dress, 0.1);
      canvas.shape("M-24 -90C-10 -98 10 -98 24 -90L8 -122L12 -138L-4 -124Z", cloth);
      if (hat === "witch") canvas.ellipse(0, -91, 38, 6.5, cloth);
      return canvas.circle(-2, -108, 3.6, "#f7d774");
    }
    case "pirate":
      canvas.shape(
        "M-36 -90C-26 -92 -22 -112 0 -114C22 -112 26 -92 36 -90C20 -98 -20 -98 -36 -90Z",
        "#2f2a3c",
      );
      return canvas.circle(0, -103, 4, "#fbf7f0");
    case "helmet":
      canvas.circle(0, -76, 36, "#dff1fb", 0.34);
      return canvas.line("M-22 -94Q-14 -104 -4 -106", "#ffffff", 3.4, 0.9);
    case "visor":
      canvas.shape("M-30 -76C-32 -110 32 -110 30 -76L24 -86H-24Z", "#aab5c6");
      canvas.line("M-23 -90H23", "#77839a", 2);
      return canvas.shape("M0 -103C4 -120 18 -122 22 -116C14 -116 8 -110 5 -102Z", "#d4574f");
    case "chef":
      for (const [x, y] of [[-14, -108], [0, -113], [14, -108]]) canvas.circle(x, y, 12, "#fdfaf4");
      return canvas.rect(-18, -105, 36, 13, "#f1ebdf", 3);
    case "straw":
      canvas.ellipse(0, -93, 38, 8, "#eccb7f");
      canvas.ellipse(0, -100, 20, 12, "#f2d891");
      return canvas.line("M-19 -95Q0 -89 19 -95", "#c96f4a", 3.4);
    case "leaf":
      return canvas.shape(
        "M-24 -90C-14 -100 -2 -128 16 -132C12 -122 22 -104 24 -90C10 -97 -10 -97 -24 -90Z",
        "#c4524a",
      );
    default:
      return;
  }
}
