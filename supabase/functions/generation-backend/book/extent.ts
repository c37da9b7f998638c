/**
 * How long a book may be, known before anything of it is laid out.
 *
 * Setting type takes time for every line, so lines are what is bounded: those of a page bound the PDF pages that it can
 * become (about one for ten lines in the largest type), those of the book its whole work, which fits into what a hosted
 * function may use. The same measure stands in the database, as `credits_private.check_extent()`, so that nobody orders
 * what cannot be made.
 *
 * @module
 */
import { ApiError } from "../../_shared/http/errors.ts";
import { GENERATION_ERRORS } from "../errors.ts";

/** Characters beside spaces that stand for one printed line. */
const LINE = 32;
const MOST_LINES = { page: 100, book: 2000 };

/** How many lines `text` takes: each paragraph at least one. Spaces count for nothing, as a row of them is set as one. */
export function printedLines(text: string): number {
  return text.split("\n").reduce(
    (lines, line) => lines + Math.max(1, Math.ceil(Array.from(line.replaceAll(" ", "")).length / LINE)),
    0,
  );
}

/**
 * Refuses pages that no book holds.
 *
 * @throws {ApiError} `page_too_long` or `book_too_long`, with the field of a request for a book
 */
export function checkExtent(pages: readonly { text: string }[]): void {
  let all = 0;
  for (const [page, { text }] of pages.entries()) {
    const lines = printedLines(text);
    if (lines > MOST_LINES.page) {
      const fields = { field: `story.pages.${page}.text` };
      throw new ApiError(GENERATION_ERRORS.page_too_long, { fields });
    }
    all += lines;
  }
  if (all > MOST_LINES.book) {
    throw new ApiError(GENERATION_ERRORS.book_too_long, { fields: { field: "story.pages" } });
  }
}
