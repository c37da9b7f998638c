import { PAGE } from "./look.ts";
import type { Binding } from "./binding.ts";
import { drawOrnament, setTitle } from "./title.ts";
import { agesLine } from "./words.ts";

/** The cover: the first picture that there is, with the title on a plate, or type alone. */
export function drawCover(binding: Binding): void {
  binding.turn();
  const page = binding.story.pages.findIndex((_, page) => binding.pictures?.has(page));
  if (page >= 0) drawPictureCover(binding, page);
  else drawPlainCover(binding);
}

function drawPictureCover(
  { doc, story, look, picture, tagged, ornament }: Binding,
  page: number,
): void {
  const { width, height } = PAGE;
  picture(page, height);
  const plate = { x: 46, y: 44, width: width - 92, height: 178 };
  ornament(() => {
    doc.roundedRect(plate.x, plate.y, plate.width, plate.height, 20).fillOpacity(0.94).fill(look.paper);
    doc.roundedRect(plate.x + 7, plate.y + 7, plate.width - 14, plate.height - 14, 15).lineWidth(1.4)
      .strokeOpacity(1).stroke(look.accent);
    drawOrnament(doc, width / 2, plate.y + plate.height - 26, look.accent);
  });
  tagged("H1", () => {
    setTitle(doc, story.title, {
      x: plate.x + 26,
      y: plate.y + 20,
      width: plate.width - 52,
      height: plate.height - 62,
      size: 44,
      color: look.deep,
    });
  });
}

function drawPlainCover({ doc, story, look, tagged, ornament }: Binding): void {
  const { width, height } = PAGE;
  ornament(() => {
    doc.rect(0, 0, width, height).fillOpacity(1).fill(look.deep);
    doc.rect(30, 30, width - 60, height - 60).lineWidth(1.2).strokeOpacity(1).stroke(look.faint);
    drawOrnament(doc, width / 2, height * 0.25, look.soft);
    drawOrnament(doc, width / 2, height * 0.7, look.soft);
  });
  tagged("H1", () => {
    setTitle(doc, story.title, {
      x: 72,
      y: height * 0.29,
      width: width - 144,
      height: height * 0.37,
      size: 54,
      color: look.paper,
    });
  });
}

/** The title page: the title once more, for whom the story is. */
export function drawTitlePage({ doc, story, look, words, turn, tagged, ornament }: Binding): void {
  turn();
  const { width, height } = PAGE;
  let end = 0;
  tagged("P", () => {
    end = setTitle(doc, story.title, {
      x: 70,
      y: height * 0.22,
      width: width - 140,
      height: height * 0.32,
      size: 36,
      color: look.deep,
    });
  });
  const below = Math.max(end + 34, height * 0.5);
  ornament(() => drawOrnament(doc, width / 2, below, look.accent));
  if (!words) return;
  tagged("P", () => {
    doc.font("text").fontSize(13.5).fillColor(look.ink)
      .text(agesLine(words, story.age_min, story.age_max), 70, below + 28, {
        width: width - 140,
        align: "center",
      });
  });
}

/** The last page: how the book was made. */
export function drawColophon({ doc, story, look, words, pictures, turn, tagged, ornament }: Binding): void {
  turn();
  const { width, height } = PAGE;
  ornament(() => drawOrnament(doc, width / 2, height * 0.3 + 66, look.accent));
  if (!words) return;
  tagged("P", () => {
    doc.font("bold").fontSize(30).fillColor(look.deep).text(words.end, 60, height * 0.3, {
      width: width - 120,
      align: "center",
    });
  });
  const lines = [
    words.colophon.replace("{title}", () => story.title),
    words.font,
    ...(pictures?.size ? [words.pictures] : []),
  ];
  tagged("P", () => {
    doc.font("text").fontSize(12).fillColor(look.ink)
      .text(lines.join("\n"), 90, height * 0.68, {
        width: width - 180,
        align: "center",
        lineGap: 3,
        paragraphGap: 5,
        height: height * 0.26,
        ellipsis: true,
      });
  });
}
