/**
 * Amounts of credits in answers (L1, I3).
 *
 * @module
 */
import { z } from "@hono/zod-openapi";

declare global {
  interface JSON {
    /** A value that `JSON.stringify` writes exactly as given. */
    rawJSON(text: string): unknown;
  }
}

/**
 * `value` as a JSON number with exactly two places: `12.5` is written `12.50`.
 *
 * Typed as a number, which it is for whoever reads the answer; within this program only pass it on.
 */
export function amount(value: number): number {
  return JSON.rawJSON(Number(value).toFixed(2)) as number;
}

/** An amount of credits in an answer, exact. Some Data APIs write a `numeric` as a number, some as text. */
export const Credits = z.number().or(z.string()).transform((value) => amount(Number(value))).openapi({
  type: "number",
  example: 12.5,
  description: "Credits, two decimal places",
});
