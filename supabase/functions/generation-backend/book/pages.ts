import { MARGIN, PAGE } from "./look.ts";
import type { Binding } from "./binding.ts";
import { drawOrnament } from "./title.ts";
import { heightAt, setText, sizeForWords, sizeThatFits, splitToFit } from "./typeset.ts";

/** How much of the page a picture takes: the most that leaves the text its full size. */
const PICTURE = { heights: [476, 448, 420, 390, 360, 330], least: 300 } as const;
const GAP = 30;
/** Without pictures the type may grow by this much. */
const LARGER = 1.2;
const textWidth = PAGE.width - 2 * MARGIN.side;
const textBottom = PAGE.height - MARGIN.foot;

function drawNumber({ doc, look, ornament }: Binding, number: number): void {
  ornament(() => {
    doc.font("text").fontSize(11).fillOpacity(1).fillColor(look.accent)
      .text(String(number), 0, PAGE.height - 38, { width: PAGE.width, align: "center", lineBreak: false });
  });
}

/** The outline of a picture on its page: its lower edge is soft, and rises now left and now right. */
function outline(page: number, height: number): string {
  const { width } = PAGE;
  const [left, right] = page % 2 ? [height - 18, height - 8] : [height - 4, height - 14];
  return `M0 0H${width}V${right}C${width * 0.7} ${right + 20} ${width * 0.3} ${left - 20} 0 ${left}Z`;
}

/** Chooses the picture's height so that the text below it can be as large as its readers need. */
function planPage({ doc, look }: Binding, text: string): { height: number; size: number; needed?: number } {
  const largest = sizeForWords(doc, text, look.style, textWidth);
  const needed = heightAt(doc, text, look.style, largest, textWidth);
  const height = PICTURE.heights.find((one) => needed <= textBottom - one - GAP);
  if (height) return { height, size: largest, needed };
  const fitting = sizeThatFits(doc, text, look.style, textWidth, textBottom - PICTURE.least - GAP);
  return { height: PICTURE.least, ...(fitting ?? { size: look.style.floor }) };
}

/** Text up to this length looks lost at the left margin and is centred. */
const SHORT = 90;

interface Block {
  text: string;
  top: number;
  size: number;
  /** How high all of it is, where that is known: it takes as long to measure as to set. */
  needed?: number;
  /** How far down the free space the text stands: 0 is at the top. */
  sink: number;
}

/** Sets as much of a block as fits above the foot of the page, and returns the rest. */
function setBlock({ doc, look, tagged }: Binding, { text, top, size, needed, sink }: Block): string {
  const style = text.length <= SHORT ? { ...look.style, align: "center" as const } : look.style;
  const room = textBottom - top;
  const whole = needed ?? heightAt(doc, text, style, size, textWidth);
  const [now, rest] = whole <= room ? [text, ""] : splitToFit(doc, text, style, size, textWidth, room);
  const y = rest ? top : top + (room - whole) * sink;
  tagged("P", () => {
    doc.fillOpacity(1).fillColor(look.ink);
    setText(doc, now, style, size, MARGIN.side, y, textWidth);
  });
  return rest;
}

/**
 * Draws one page of the story, and as many more as its text needs. `number` is the first of them; returns the number
 * of the page after.
 */
export function drawStoryPage(binding: Binding, page: number, number: number): number {
  const { look, story, pictures, picture, turn, ornament, doc } = binding;
  const { text } = story.pages[page];
  let rest = text;
  turn();
  if (pictures?.has(page)) {
    const { height, ...plan } = planPage(binding, text);
    picture(page, height, outline(page, height));
    rest = setBlock(binding, { text, top: height + GAP, ...plan, sink: 0.42 });
  } else {
    ornament(() => drawOrnament(doc, PAGE.width / 2, MARGIN.top, look.accent));
    const top = MARGIN.top + 40;
    const style = { ...look.style, size: look.style.size * LARGER };
    const fitting = sizeThatFits(doc, text, style, textWidth, textBottom - top) ?? { size: style.floor };
    rest = setBlock(binding, { text, top, ...fitting, sink: 0.36 });
  }
  drawNumber(binding, number++);
  while (rest) {
    turn();
    rest = setBlock(binding, { text: rest, top: MARGIN.top, size: look.style.floor, sink: 0 });
    drawNumber(binding, number++);
  }
  return number;
}
