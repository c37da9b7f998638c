/**
 * The errors of writing stories and making books.
 *
 * @module
 */
import { problems } from "../_shared/http/errors.ts";

/** Listed in `docs/errors.md`. A job that a 4xx ended has its code as `error_code`. */
export const GENERATION_ERRORS = problems({
  unsafe_prompt: { status: 422, message: "This prompt cannot become a story for children" },
  model_not_configured: { status: 422, message: "No model that could make this is configured here" },
  unsupported_script: { status: 422, message: "No book can show a letter of this text" },
  page_too_long: { status: 422, message: "A page is too long for a book" },
  book_too_long: { status: 422, message: "The story is too long for a book" },
  bad_generation: { status: 422, message: "The model did not deliver a usable answer" },
  model_unavailable: { status: 502, message: "The model cannot be reached at the moment" },
});
