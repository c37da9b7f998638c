import type { Story } from "../shapes.ts";
import { type Look, lookFor, PAGE } from "./look.ts";
import type { Doc } from "./typeset.ts";
import { type BookWords, wordsFor } from "./words.ts";

/** Pictures by page of the story, from 0. */
export type Pictures = ReadonlyMap<number, PDFKit.Mixins.ImageSrc>;

/** What every page of a book is drawn with. */
export interface Binding {
  doc: Doc;
  story: Story;
  look: Look;
  words: BookWords | undefined;
  /** `null` makes a book without any pictures. */
  pictures: Pictures | null;
  /** Starts a page on the book's paper. */
  turn: () => void;
  /** Draws a page's picture over the whole width, `height` high, inside an outline if there is one. */
  picture: (page: number, height: number, outline?: string) => void;
  /** Draws something that says nothing: paper, ornaments, page numbers. Screen readers pass over it. */
  ornament: (draw: () => void) => void;
  /** Draws something with a meaning: a heading, a paragraph, a figure with what it shows. */
  tagged: (type: "H1" | "P" | "Figure", draw: () => void, alt?: string) => void;
}

/** Opens a book in `doc`; `count` follows its pages. */
export function bind(
  doc: Doc,
  story: Story,
  pictures: Binding["pictures"],
  count: { pages: number },
): Binding {
  const root = doc.struct("Document");
  doc.addStructure(root);
  const look = lookFor(story.title, story.age_min, story.age_max);
  const ornament = (draw: () => void) => {
    doc.markContent("Artifact", { type: "Layout" });
    draw();
    doc.endMarkedContent();
  };
  const tagged: Binding["tagged"] = (type, draw, alt) => {
    root.add(doc.struct(type, alt ? { alt } : {}, draw));
  };
  return {
    doc,
    story,
    look,
    words: wordsFor(story.language),
    pictures,
    turn: () => {
      doc.addPage();
      count.pages++;
      ornament(() => doc.rect(0, 0, PAGE.width, PAGE.height).fillOpacity(1).fill(look.paper));
    },
    ornament,
    tagged,
    picture: (page, height, outline = `M0 0H${PAGE.width}V${height}H0Z`) => {
      const image = pictures?.get(page);
      if (!image) return;
      const draw = () => {
        doc.save();
        doc.path(outline).clip();
        doc.image(image, 0, 0, { cover: [PAGE.width, height], align: "center", valign: "center" });
        doc.restore();
      };
      tagged("Figure", draw, story.pages[page].image_prompt || story.title);
    },
  };
}
