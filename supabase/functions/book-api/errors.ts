/**
 * The errors of ordering a book.
 *
 * @module
 */
import { problems } from "../_shared/http/errors.ts";

/** Listed in `docs/errors.md`. */
export const BOOK_ERRORS = problems({
  page_too_long: { status: 422, message: "A page is too long for a book" },
  book_too_long: { status: 422, message: "The story is too long for a book" },
  unsupported_script: { status: 422, message: "No book can show a letter of this text" },
  story_not_ready: { status: 400, message: "The story is not ready" },
});
