/**
 * What an answer cost the operator.
 *
 * @module
 */
import type { Context } from "hono";
import { z } from "zod";
import { MATCHED } from "../_shared/http/meters.ts";

const count = z.number().int().min(0).max(1e12).optional().catch(undefined);

const cached = z.object({ cached_tokens: count }).nullish().catch(undefined);
const reasoned = z.object({ reasoning_tokens: count }).nullish().catch(undefined);

/** The tokens that a model's answer names, in either of the two ways to call them, and which of them were of another kind. */
export const Tokens = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: cached,
  completion_tokens_details: reasoned,
  input_tokens: count,
  output_tokens: count,
  input_tokens_details: cached,
  output_tokens_details: reasoned,
}).nullish().catch(undefined);

const KINDS = ["input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens"] as const;
type Tallies = Partial<Record<typeof KINDS[number], number>>;

declare module "hono" {
  interface ContextVariableMap {
    usage: Usage;
  }
}

/** Counts what models did for one answer. */
export class Usage {
  /** Calls that a model which writes worked on: a call that its endpoint refused is none. */
  modelCalls = 0;
  /** The same of the model that paints: one picture each. */
  pictures = 0;
  /** What the model that writes is called. */
  model?: string;
  readonly #tokens: Tallies = {};

  /** Adds the tokens of one answer; without any it stays unknown how many there were. */
  addTokens(tokens: z.infer<typeof Tokens>): void {
    const said: Tallies = {
      input_tokens: tokens?.input_tokens ?? tokens?.prompt_tokens,
      cached_input_tokens: (tokens?.input_tokens_details ?? tokens?.prompt_tokens_details)?.cached_tokens,
      output_tokens: tokens?.output_tokens ?? tokens?.completion_tokens,
      reasoning_tokens: (tokens?.output_tokens_details ?? tokens?.completion_tokens_details)
        ?.reasoning_tokens,
    };
    for (const kind of KINDS) {
      if (said[kind] !== undefined) this.#tokens[kind] = (this.#tokens[kind] ?? 0) + said[kind];
    }
  }

  /** As a dictionary of RFC 9651. */
  toString(): string {
    const figures = {
      model_calls: this.modelCalls,
      ...Object.fromEntries(KINDS.map((kind) => [kind, this.#tokens[kind]])),
      pictures: this.pictures,
      // A string of RFC 9651; a name that needs escaping is none that a rate matches by.
      model: MATCHED.test(this.model ?? "") ? `"${this.model}"` : undefined,
    };
    return Object.entries(figures).filter(([, figure]) => figure !== undefined)
      .map(([name, figure]) => `${name}=${figure}`).join(", ");
  }
}

/** Lets `next` count, and says what it came to, also when it throws. */
export async function sayUsage<T>(c: Context, next: () => Promise<T>): Promise<T> {
  const usage = new Usage();
  c.set("usage", usage);
  try {
    return await next();
  } finally {
    c.header("X-Generation-Usage", usage.toString());
  }
}
