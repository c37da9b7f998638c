/**
 * The errors of ordering a book.
 *
 * @module
 */
import { problems } from "../_shared/http/errors.ts";

/** Listed in `docs/errors.md`. */
export const BOOK_ERRORS = problems({
  story_not_ready: { status: 400, message: "The story is not ready" },
});
