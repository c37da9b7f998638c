/**
 * The errors of asking for work and of fetching what was made.
 *
 * @module
 */
import { problems } from "../_shared/http/errors.ts";

/** Listed in `docs/errors.md`. */
export const JOB_ERRORS = problems({
  insufficient_credits: { status: 402, message: "Insufficient credits" },
  not_ready: { status: 409, message: "It is not ready yet" },
  not_offered: { status: 422, message: "This is not offered here" },
  unpaid_work: { status: 429, message: "Too much work was begun and not paid for" },
  unfinished_work: { status: 429, message: "Too many jobs are under way" },
  idempotency_key_reused: { status: 422, message: "This Idempotency-Key was used with a different request" },
});
