import type { Canvas } from "../canvas.ts";
import { isDark } from "../palette.ts";
import type { Mood } from "../scene.ts";

const INK = "#2b2433";

/** Where a face sits and how big it is: `gap` is half the distance between the eyes. */
export interface FaceSpec {
  x: number;
  y: number;
  gap: number;
  eye: number;
  cheeks?: boolean;
  /** Colour of the face, so that eyes on a dark one get whites. */
  on?: string;
}

/** Two eyes and, unless `mouthless`, a mouth, as the mood has it. */
export function drawFace(canvas: Canvas, spec: FaceSpec, mood: Mood, mouthless = false): void {
  const { x, y, gap, eye } = spec;
  const whites = spec.on !== undefined && isDark(spec.on);
  const ink = whites && mood === "asleep" ? "#f4ecdf" : INK;
  for (const side of [-1, 1]) {
    const ex = x + side * gap;
    if (mood === "asleep") {
      canvas.line(`M${ex - eye} ${y}q${eye} ${eye * 1.3} ${eye * 2} 0`, ink, eye * 0.45);
    } else {
      const size = mood === "surprised" ? eye * 1.2 : eye;
      if (whites) canvas.ellipse(ex, y, size * 1.5, size * 1.65, "#fdf8ee");
      canvas.ellipse(ex, y, size * 0.86, size * 1.08, ink);
      canvas.circle(ex + size * 0.28, y - size * 0.42, size * 0.36, "#ffffff");
      canvas.circle(ex - size * 0.3, y + size * 0.4, size * 0.17, "#ffffff", 0.8);
    }
    if (mood === "sad") {
      canvas.line(
        `M${ex - eye} ${y - eye * (side < 0 ? 1.5 : 2.2)}L${ex + eye} ${y - eye * (side < 0 ? 2.2 : 1.5)}`,
        ink,
        eye * 0.4,
      );
    }
    if (spec.cheeks !== false) {
      canvas.ellipse(x + side * (gap + eye * 1.7), y + eye * 2, eye * 1.15, eye * 0.75, "#f08b8b", 0.5);
    }
  }
  if (!mouthless) drawMouth(canvas, x, y + eye * 2.6, eye, mood);
}

/** A mouth with its middle at x/y. */
export function drawMouth(canvas: Canvas, x: number, y: number, size: number, mood: Mood): void {
  if (mood === "happy") {
    canvas.shape(
      `M${x - size * 1.3} ${y - size * 0.3}Q${x} ${y + size * 2.2} ${x + size * 1.3} ${y - size * 0.3}Z`,
      "#8c3b46",
    );
    canvas.ellipse(x, y + size * 0.6, size * 0.6, size * 0.26, "#f08b8b");
  } else if (mood === "surprised") {
    canvas.ellipse(x, y + size * 0.3, size * 0.55, size * 0.8, "#8c3b46");
  } else {
    const bend = mood === "sad" ? -size * 0.9 : size * 0.8;
    canvas.line(
      `M${x - size} ${y + (mood === "sad" ? size * 0.6 : 0)}q${size} ${bend} ${size * 2} 0`,
      INK,
      size * 0.42,
    );
  }
}
