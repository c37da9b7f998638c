/**
 * Pieces of input and output descriptions that several routes share.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { type ErrorCode, type Problem, problemOf } from "./errors.ts";

/**
 * A caller's text of `least` to `most` characters, counted as Postgres and JSON schema do: an emoji is one, although
 * JavaScript counts two. Postgres stores neither NUL nor half a surrogate pair, so neither is let in.
 */
export function text(least: number, most: number) {
  return z.string()
    .refine((value) => characters(value) >= least, `Must have at least ${least} characters`)
    .refine((value) => characters(value) <= most, `Must have at most ${most} characters`)
    .refine(
      (value) => value.isWellFormed() && !value.includes("\0"),
      "Contains characters that cannot be stored",
    )
    .openapi({ minLength: least, maxLength: most });
}

/** How many code points `value` has. */
function characters(value: string): number {
  let count = 0;
  for (const _character of value) count++;
  return count;
}

/** The id in a path. */
export const IdParam = z.object({ id: z.guid().openapi({ param: { name: "id", in: "path" } }) });

/** Headers of a request that may be repeated safely under the same key. */
export const IdempotencyHeaders = z.object({
  "idempotency-key": z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, {
    error: "Must be 1 to 255 printable ASCII characters",
  }).optional(),
});

/** A point in time: the database's way to write one, in the one form that every answer has. */
export const Timestamp = z.string().transform((time) => new Date(time).toISOString()).openapi({
  type: "string",
  format: "date-time",
});

/** A JSON answer of the given shape. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A JSON request body of the given shape. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { body: { required: true, content: { "application/json": { schema } } } };
}

/**
 * The answers of a route that are not success, for its description. Typed as nothing, because handlers
 * throw them ({@linkcode ApiError}) and only return success.
 */
export function errors(...answers: (ErrorCode | Problem)[]): Record<never, never> {
  const byStatus = Map.groupBy([...answers, "internal" as const].map(problemOf), ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const code = z.enum(same.map(({ code }) => code));
      const schema = z.object({ code, message: z.string(), field: z.string().optional() });
      return [status, json(schema, same.map(({ message }) => message).join("; "))];
    }),
  );
}
