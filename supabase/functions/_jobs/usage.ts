/**
 * What an attempt cost the operator at the model, as the generation backend says in `X-Generation-Usage`: a dictionary by
 * RFC 9651, such as `model_calls=2, input_tokens=812, output_tokens=2011, pictures=3, model="m"`. A backend may leave it
 * out, or a part of it: what it does not say is not zero.
 *
 * @module
 */
import { parseDictionary } from "structured-headers";
import { call } from "../_shared/database/client.ts";
import { MATCHED } from "../_shared/http/meters.ts";
import { describe, log } from "../_shared/log.ts";
import { patiently } from "./delivery/patience.ts";
import type { Attempt } from "./product.ts";

/** The name of the header, on answers and on callbacks. */
export const USAGE_HEADER = "X-Generation-Usage";

/** No single attempt uses more; a figure beyond it is a mistake, and an account book has no room for those. */
const MOST = 1_000_000_000;

/**
 * Notes what `headers` say about an attempt, before it is settled by that. What cannot be read is logged and changes
 * nothing. Never throws.
 */
export async function noteUsage(attempt: Attempt, headers: Headers): Promise<void> {
  const text = headers.get(USAGE_HEADER);
  if (text === null) return;
  let usage;
  try {
    const said = parseDictionary(text);
    const figure = (name: string) => {
      const value = said.get(name)?.[0];
      if (value === undefined) return undefined;
      if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > MOST) {
        throw new Error(`${name} cannot be`);
      }
      return Number(value);
    };
    const model = said.get("model")?.[0];
    usage = {
      p_model_calls: figure("model_calls"),
      p_input_tokens: figure("input_tokens"),
      p_output_tokens: figure("output_tokens"),
      p_pictures: figure("pictures"),
      p_cached_input_tokens: figure("cached_input_tokens"),
      p_reasoning_tokens: figure("reasoning_tokens"),
      p_model: typeof model === "string" && MATCHED.test(model) ? model : undefined,
    };
  } catch {
    return log("warn", "usage_unreadable", { job_id: attempt.p_job_id });
  }
  try {
    await patiently(() => call("note_job_usage", { ...attempt, ...usage }));
  } catch (error) {
    log("error", "usage_not_noted", { job_id: attempt.p_job_id, error: describe(error) });
  }
}
