import type { Canvas } from "../canvas.ts";
import { darker, lighter } from "../palette.ts";

export type EarShape = "pointed" | "round" | "small" | "long" | "floppy" | "wide" | "none";
export type TailShape = "curl" | "bushy" | "puff" | "thin" | "thick" | "tuft" | "plume" | "none";

/** Ears of a head whose middle is at 0/-74. */
export function drawEars(canvas: Canvas, shape: EarShape, fur: string, inner: string): void {
  if (shape === "none") return;
  for (const side of [-1, 1]) {
    const at = (path: string, color: string) =>
      canvas.group({ x: 0, y: -74, flip: side < 0 }, () => canvas.shape(path, color));
    switch (shape) {
      case "pointed":
        at("M8 -18L27 -40Q31 -20 27 -8Z", fur);
        at("M14 -19L25 -33Q27 -20 24 -13Z", inner);
        break;
      case "round":
        canvas.circle(side * 22, -94, 10.5, fur);
        canvas.circle(side * 22, -93.5, 6, inner);
        break;
      case "small":
        canvas.circle(side * 20, -94, 6.5, fur);
        canvas.circle(side * 20, -93.5, 3.5, inner);
        break;
      case "long":
        canvas.group({ x: side * 11, y: -92, turn: side * 9 }, () => {
          canvas.ellipse(0, -22, 8, 28, fur);
          canvas.ellipse(0, -21, 4.2, 21, inner);
        });
        break;
      case "floppy":
        canvas.group(
          { x: side * 24, y: -88, turn: side * -14 },
          () => canvas.ellipse(0, 15, 9, 20, darker(fur, 0.25)),
        );
        break;
      case "wide":
        canvas.ellipse(side * 35, -76, 19, 22, fur);
        canvas.ellipse(side * 36, -75, 12, 15, inner);
        break;
    }
  }
}

/** A tail that comes from behind the body on the right. */
export function drawTail(canvas: Canvas, shape: TailShape, fur: string): void {
  switch (shape) {
    case "curl":
      return canvas.line("M18 -10C44 -6 50 -34 38 -48C33 -54 26 -48 31 -42", fur, 8);
    case "bushy":
      canvas.shape("M14 -8C34 -6 60 -24 54 -62C52 -74 42 -70 40 -58C38 -44 30 -30 14 -26Z", fur);
      return canvas.shape("M54 -62C52 -74 42 -70 40 -58C46 -54 52 -56 54 -62Z", lighter(fur, 0.75));
    case "puff":
      return canvas.circle(25, -14, 9, lighter(fur, 0.6));
    case "thin":
      return canvas.line("M18 -8C40 -2 48 -20 60 -14", darker(fur, 0.1), 3.2);
    case "thick":
      return canvas.shape("M12 -4C36 2 58 -6 66 -28C54 -18 36 -22 20 -26Z", fur);
    case "plume":
      canvas.shape(
        "M12 -6C52 4 66 -30 58 -62C54 -84 62 -100 82 -92C78 -112 44 -118 34 -88C26 -62 40 -40 14 -26Z",
        fur,
      );
      return canvas.shape(
        "M58 -62C54 -84 62 -100 82 -92C74 -100 50 -104 46 -84C44 -70 52 -56 44 -34C56 -42 60 -52 58 -62Z",
        lighter(fur, 0.35),
      );
    case "tuft":
      canvas.line("M18 -10C38 -8 48 -22 50 -38", fur, 4);
      return canvas.ellipse(50, -42, 6, 9, darker(fur, 0.3));
  }
}
