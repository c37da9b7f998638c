/**
 * What an attempt cost the operator at the model, as the generation backend says in `X-Generation-Usage`: a dictionary by
 * RFC 9651, such as `model_calls=2, input_tokens=812, output_tokens=2011, pictures=3`. A backend may leave it out.
 *
 * @module
 */
import { parseDictionary } from "structured-headers";
import { inBackground } from "../_shared/background.ts";
import { call } from "../_shared/database/client.ts";
import { log } from "../_shared/log.ts";
import type { Attempt } from "./product.ts";

/** The name of the header, on answers and on callbacks. */
export const USAGE_HEADER = "X-Generation-Usage";

/** No single attempt uses more; a figure beyond it is a mistake, and an account book has no room for those. */
const MOST = 1_000_000_000;

/** Notes what `headers` say about an attempt, for the operator. What cannot be read is logged and changes nothing. */
export function noteUsage(attempt: Attempt, headers: Headers): void {
  const text = headers.get(USAGE_HEADER);
  if (text === null) return;
  try {
    const said = parseDictionary(text);
    const figure = (name: string) => {
      const value = said.get(name)?.[0] ?? 0;
      if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > MOST) {
        throw new Error(`${name} cannot be`);
      }
      return Number(value);
    };
    const usage = {
      p_model_calls: figure("model_calls"),
      p_input_tokens: figure("input_tokens"),
      p_output_tokens: figure("output_tokens"),
      p_pictures: figure("pictures"),
    };
    inBackground("usage", call("note_job_usage", { ...attempt, ...usage }), { job_id: attempt.p_job_id });
  } catch {
    log("warn", "usage_unreadable", { job_id: attempt.p_job_id });
  }
}
