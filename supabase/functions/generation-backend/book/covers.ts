import { Canvas } from "../illustrator/canvas.ts";
import { lighter } from "../illustrator/palette.ts";
import { paintPicture } from "../illustrator/picture.ts";
import { readScene } from "../illustrator/scene.ts";
import { type Look, PAGE } from "./look.ts";
import type { Binding } from "./make.ts";
import { drawOrnament, setTitle } from "./title.ts";
import type { Doc } from "./typeset.ts";
import { agesLine } from "./words.ts";

/** The cover: a picture with the title on a plate, or type alone. */
export function drawCover(binding: Binding): void {
  binding.turn();
  if (binding.pictures) drawPictureCover(binding);
  else drawPlainCover(binding);
}

function drawPictureCover({ doc, story, look, pictures, usual, tagged, ornament }: Binding): void {
  const canvas = new Canvas(doc);
  const { width, height } = PAGE;
  const generated = pictures?.get(0);
  const scene = {
    ...readScene(story.pages[0].image_prompt, usual, 1),
    hour: "day" as const,
    indoors: false,
    mood: "happy" as const,
    props: ["sparkles"],
  };
  const alt = story.pages[0].image_prompt || story.title;
  tagged("Figure", () => {
    if (generated) {
      doc.image(generated as unknown as string, 0, 0, {
        cover: [width, height],
        align: "center",
        valign: "center",
      });
    } else {paintPicture(canvas, {
        scene: { ...scene, cast: [usual.hero] },
        width,
        height,
        seed: story.title,
        page: 0,
        horizon: 0.76,
        near: 1.45,
      });}
  }, alt);
  const plate = { x: 46, y: 44, width: width - 92, height: 178 };
  ornament(() => {
    canvas.rect(plate.x, plate.y, plate.width, plate.height, look.paper, 20, 0.94);
    doc.roundedRect(plate.x + 7, plate.y + 7, plate.width - 14, plate.height - 14, 15).lineWidth(1.4)
      .strokeOpacity(1).stroke(look.accent);
    drawOrnament(canvas, width / 2, plate.y + plate.height - 26, look.accent);
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

function drawFrame(doc: Doc, look: Look, inset: number): void {
  const color = lighter(look.deep, 0.65);
  doc.rect(inset, inset, PAGE.width - inset * 2, PAGE.height - inset * 2).lineWidth(1.2).strokeOpacity(1)
    .stroke(color);
  doc.rect(inset + 7, inset + 7, PAGE.width - inset * 2 - 14, PAGE.height - inset * 2 - 14).lineWidth(0.6)
    .stroke(color);
}

function drawPlainCover({ doc, story, look, tagged, ornament }: Binding): void {
  const canvas = new Canvas(doc);
  const { width, height } = PAGE;
  ornament(() => {
    canvas.rect(0, 0, width, height, look.deep);
    drawFrame(doc, look, 30);
    drawOrnament(canvas, width / 2, height * 0.25, lighter(look.accent, 0.25));
    drawOrnament(canvas, width / 2, height * 0.7, lighter(look.accent, 0.25));
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
  const canvas = new Canvas(doc);
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
  ornament(() => drawOrnament(canvas, width / 2, below, look.accent));
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
  const canvas = new Canvas(doc);
  const { width, height } = PAGE;
  tagged("P", () => {
    doc.font("bold").fontSize(30).fillColor(look.deep).text(words.end, 60, height * 0.3, {
      width: width - 120,
      align: "center",
    });
  });
  ornament(() => drawOrnament(canvas, width / 2, height * 0.3 + 66, look.accent));
  const lines = [
    words.colophon.replace("{title}", () => story.title),
    words.font,
    ...(pictures ? [words.pictures] : []),
  ];
  tagged("P", () => {
    doc.font("text").fontSize(11).fillColor(lighter(look.ink, 0.2))
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
