// @ts-types="@types/pdfkit"
import type PDFDocument from "pdfkit";

type Doc = InstanceType<typeof PDFDocument>;

/** Where a group of shapes stands: its origin, its size, whether it looks left, and how far it leans (degrees). */
export interface Placement {
  x: number;
  y: number;
  scale?: number;
  flip?: boolean;
  turn?: number;
}

/** A few drawing words over PDF paths. Colours are `#rrggbb`; `opacity` is from 0 to 1. */
export class Canvas {
  constructor(private readonly doc: Doc) {}

  ellipse(x: number, y: number, rx: number, ry: number, color: string, opacity = 1): void {
    this.doc.ellipse(x, y, rx, ry).fillOpacity(opacity).fill(color);
  }

  circle(x: number, y: number, radius: number, color: string, opacity = 1): void {
    this.ellipse(x, y, radius, radius, color, opacity);
  }

  rect(x: number, y: number, width: number, height: number, color: string, radius = 0, opacity = 1): void {
    this.doc.fillOpacity(opacity);
    if (radius > 0) this.doc.roundedRect(x, y, width, height, radius).fill(color);
    else this.doc.rect(x, y, width, height).fill(color);
  }

  /** Fills an SVG path. */
  shape(path: string, color: string, opacity = 1): void {
    this.doc.path(path).fillOpacity(opacity).fill(color);
  }

  polygon(points: readonly (readonly [number, number])[], color: string, opacity = 1): void {
    this.shape(`M${points.map((point) => point.join(" ")).join("L")}Z`, color, opacity);
  }

  /** Draws an SVG path as a line with round ends. */
  line(path: string, color: string, width: number, opacity = 1): void {
    this.doc.path(path).lineCap("round").lineJoin("round").lineWidth(width).strokeOpacity(opacity).stroke(
      color,
    );
  }

  /** A rectangle that runs from `top` to `bottom` colour. */
  sky(x: number, y: number, width: number, height: number, top: string, bottom: string): void {
    const gradient = this.doc.linearGradient(x, y, x, y + height).stop(0, top).stop(1, bottom);
    this.doc.fillOpacity(1).rect(x, y, width, height).fill(gradient);
  }

  /** Draws what `draw` draws with the origin at `at`. */
  group(at: Placement, draw: () => void): void {
    const scale = at.scale ?? 1;
    this.doc.save().translate(at.x, at.y).rotate(at.turn ?? 0).scale(at.flip ? -scale : scale, scale);
    draw();
    this.doc.restore();
  }

  /** Draws what `draw` draws, only inside an SVG path. */
  clip(path: string, draw: () => void): void {
    this.doc.save().path(path).clip();
    draw();
    this.doc.restore();
  }
}
