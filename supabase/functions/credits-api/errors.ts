/** Errors about work that is priced by what it uses. */
import { problems } from "../_shared/http/errors.ts";

/** What `GET /estimate` may answer beside what any route does. */
export const METERING_ERRORS = problems({
  no_rate: { status: 422, message: "The rate card has no price for this" },
});
