import type { Doc } from "./typeset.ts";

/** Where a title goes and how large it may be. */
export interface TitleBox {
  x: number;
  y: number;
  width: number;
  height: number;
  size: number;
  color: string;
}

/** Sets a title as large as its box allows, centred both ways, and returns where it ends. */
export function setTitle(doc: Doc, title: string, box: TitleBox): number {
  doc.font("bold");
  const words = title.split(" ");
  const options = (size: number) => ({ width: box.width, align: "center" as const, lineGap: size * 0.04 });
  let size = box.size;
  // A title neither leaves its box nor breaks inside a word.
  const fits = () =>
    doc.fontSize(size).heightOfString(title, options(size)) <= box.height &&
    words.every((word) => doc.widthOfString(word) <= box.width);
  while (size > 9 && !fits()) size -= 1;
  const height = doc.fontSize(size).heightOfString(title, options(size));
  const y = box.y + (box.height - Math.min(height, box.height)) / 2;
  doc.fillOpacity(1).fillColor(box.color).text(title, box.x, y, {
    ...options(size),
    height: box.height,
    ellipsis: true,
  });
  return y + height;
}

/** A small star between two lines. */
export function drawOrnament(doc: Doc, x: number, y: number, color: string): void {
  doc.path(`M${x - 62} ${y}H${x - 16}M${x + 16} ${y}H${x + 62}`).lineWidth(1.1).strokeOpacity(1).stroke(
    color,
  );
  doc.path(
    `M${x} ${y - 9}Q${x + 1.5} ${y - 1.5} ${x + 9} ${y}Q${x + 1.5} ${y + 1.5} ${x} ${y + 9}Q${x - 1.5} ${
      y + 1.5
    } ${x - 9} ${y}Q${x - 1.5} ${y - 1.5} ${x} ${y - 9}Z`,
  ).fillOpacity(1).fill(color);
  for (const side of [-68, 68]) doc.circle(x + side, y, 1.6).fill(color);
}
