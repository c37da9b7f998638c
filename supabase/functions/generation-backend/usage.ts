/**
 * What an answer cost the operator.
 *
 * @module
 */
import type { Context } from "hono";
import { z } from "zod";

const count = z.number().int().min(0).max(1e12).optional().catch(undefined);

/** The tokens that a model's answer names, in either of the two ways to call them. */
export const Tokens = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  input_tokens: count,
  output_tokens: count,
}).nullish().catch(undefined);

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
  #tokens: { input?: number; output?: number } = {};

  /** Adds the tokens of one answer; without any it stays unknown how many there were. */
  addTokens(tokens: z.infer<typeof Tokens>): void {
    const input = tokens?.input_tokens ?? tokens?.prompt_tokens;
    const output = tokens?.output_tokens ?? tokens?.completion_tokens;
    if (input !== undefined) this.#tokens.input = (this.#tokens.input ?? 0) + input;
    if (output !== undefined) this.#tokens.output = (this.#tokens.output ?? 0) + output;
  }

  /** As a dictionary of RFC 9651. */
  toString(): string {
    const { input, output } = this.#tokens;
    const figures = {
      model_calls: this.modelCalls,
      input_tokens: input,
      output_tokens: output,
      pictures: this.pictures,
      // A string of RFC 9651; a name that needs escaping is none that a rate matches by.
      model: /^[A-Za-z0-9._:/@+-]+$/.test(this.model ?? "") ? `"${this.model}"` : undefined,
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
