import { Canvas } from "../illustrator/canvas.ts";
import { paintPicture } from "../illustrator/picture.ts";
import { readScene } from "../illustrator/scene.ts";
import { drawOrnament } from "./covers.ts";
import { MARGIN, PAGE } from "./look.ts";
import type { Binding } from "./make.ts";
import { setText, sizeThatFits, splitToFit } from "./typeset.ts";

/** How much of the page a picture takes: as much as the text leaves, between these. */
const PICTURE = { most: 424, usual: 400, least: 300 } as const;
const GAP = 30;
const textWidth = PAGE.width - 2 * MARGIN.side;
const textBottom = PAGE.height - MARGIN.foot;

function drawNumber({ doc, look, ornament }: Binding, number: number): void {
  ornament(() => {
    doc.font("text").fontSize(11).fillOpacity(1).fillColor(look.accent)
      .text(String(number), 0, PAGE.height - 38, { width: PAGE.width, align: "center", lineBreak: false });
  });
}

/** The outline of a picture on its page: a soft lower edge, a rounded window, or a hill turned upside down. */
function outline(kind: number, height: number): string {
  const { width } = PAGE;
  if (kind === 0) {
    return `M0 0H${width}V${height - 14}C${width * 0.7} ${height + 8} ${width * 0.32} ${height - 26} 0 ${
      height - 4
    }Z`;
  }
  if (kind === 1) {
    return `M0 0H${width}V${height - 8}C${width * 0.72} ${height - 30} ${width * 0.28} ${height + 8} 0 ${
      height - 18
    }Z`;
  }
  return `M0 0H${width}V${height - 26}Q${width / 2} ${height + 20} 0 ${height - 26}Z`;
}

function drawPicture(binding: Binding, page: number, height: number): void {
  const { doc, story, pictures, usual, tagged } = binding;
  const canvas = new Canvas(doc);
  const line = story.pages[page].image_prompt;
  const generated = pictures?.get(page);
  tagged("Figure", () =>
    canvas.clip(outline(page % 3, height), () => {
      if (generated) {
        doc.image(generated as unknown as string, 0, 0, {
          cover: [PAGE.width, height],
          align: "center",
          valign: "center",
        });
      } else {
        const scene = readScene(line || story.pages[page].text, usual, page);
        paintPicture(canvas, { scene, width: PAGE.width, height, seed: story.title, page });
      }
    }), line || story.title);
}

/** Chooses the picture's height so that the text below it can be as large as its readers need. */
function pictureHeight({ doc, look }: Binding, text: string): { height: number; size: number } | undefined {
  for (const height of [PICTURE.most, PICTURE.usual, 370, 335, PICTURE.least]) {
    const room = textBottom - height - GAP;
    const size = sizeThatFits(doc, text, { ...look.style, floor: look.style.size }, textWidth, room);
    if (size) return { height, size };
  }
  const size = sizeThatFits(doc, text, look.style, textWidth, textBottom - PICTURE.least - GAP);
  return size ? { height: PICTURE.least, size } : undefined;
}

/** Sets as much of `text` as fits between `top` and the foot of the page, in the middle of it, and returns the rest. */
function setBlock(binding: Binding, text: string, top: number, size: number): string {
  const { doc, look, tagged } = binding;
  const room = textBottom - top;
  const [now, rest] = sizeThatFits(doc, text, { ...look.style, size, floor: size }, textWidth, room)
    ? [text, ""]
    : splitToFit(doc, text, look.style, size, textWidth, room);
  doc.font("text").fontSize(size);
  const height = doc.heightOfString(now.replaceAll("\n\n", "\n"), {
    width: textWidth,
    align: look.style.align,
    lineGap: size * look.style.leading,
    paragraphGap: size * 0.55,
  });
  const y = rest ? top : top + Math.max(0, (room - height) * 0.42);
  tagged("P", () => {
    doc.fillOpacity(1).fillColor(look.ink);
    setText(doc, now, look.style, size, MARGIN.side, y, textWidth);
  });
  return rest;
}

/**
 * Draws one page of the story, and as many more as its text needs. `number` is the first of them; returns the number
 * of the page after.
 */
export function drawStoryPage(binding: Binding, page: number, number: number): number {
  const { look, story, pictures, turn, ornament, doc } = binding;
  const { text } = story.pages[page];
  let rest = text;
  turn();
  if (pictures) {
    const plan = pictureHeight(binding, text) ?? { height: PICTURE.least, size: look.style.floor };
    drawPicture(binding, page, plan.height);
    rest = setBlock(binding, text, plan.height + GAP, plan.size);
  } else {
    ornament(() => drawOrnament(new Canvas(doc), PAGE.width / 2, MARGIN.top, look.accent));
    const size = sizeThatFits(doc, text, look.style, textWidth, textBottom - MARGIN.top - 40) ??
      look.style.floor;
    rest = setBlock(binding, text, MARGIN.top + 40, size);
  }
  drawNumber(binding, number++);
  while (rest) {
    turn();
    rest = setBlock(binding, rest, MARGIN.top, Math.max(look.style.floor, 12));
    drawNumber(binding, number++);
  }
  return number;
}
