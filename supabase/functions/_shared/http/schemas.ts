/**
 * Pieces of input and output descriptions that several routes share.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { hasText } from "../text.ts";
import { type ErrorCode, type Problem, problemOf } from "./errors.ts";

/**
 * A caller's text of at most `most` characters, `least` of which can be seen, counted as Postgres and JSON schema do: an
 * emoji is one, although JavaScript counts two. Postgres stores neither NUL nor half a surrogate pair, so neither is let in.
 */
export function text(least: number, most: number) {
  return z.string()
    .refine(
      (value) => hasText(value, least),
      least === 1 ? "Has nothing to read" : `Must have at least ${least} characters that can be seen`,
    )
    .refine(
      (value) => value.length <= most || characters(value) <= most,
      `Must have at most ${most} characters`,
    )
    .refine(
      (value) => value.isWellFormed() && !value.includes("\0"),
      "Contains characters that cannot be stored",
    )
    .openapi({ minLength: least, maxLength: most });
}

/** How many code points `value` has: as many as it is long, or as few as half of that. */
function characters(value: string): number {
  let count = 0;
  for (const _character of value) count++;
  return count;
}

/** A route parameter that only matches a UUID, so that a word in its place is another (or no) route. */
export const UUID_PARAM =
  ":id{[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}}" as const;

/** A route as OpenAPI and the log write it: `/jobs/{id}/fail`. */
export function readableRoute(route: string): string {
  return route.replace(UUID_PARAM, "{id}");
}

/** A whole number in a query or a header. */
export function wholeNumber(least: number, most: number) {
  return z.string().regex(/^\d{1,9}$/, "Must be a whole number").transform(Number)
    .pipe(z.int().min(least).max(most)).openapi({ type: "integer", minimum: least, maximum: most });
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
 * The answers of a route that are not success, for its description; `rate_limited` and `internal` are every route's. Typed as nothing, because handlers
 * throw them ({@linkcode ApiError}) and only return success.
 */
export function errors(...answers: (ErrorCode | Problem)[]): Record<never, never> {
  const all = [...answers, "rate_limited" as const, "internal" as const].map(problemOf);
  const byStatus = Map.groupBy(all, ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const code = z.enum(same.map(({ code }) => code));
      const schema = z.object({ code, message: z.string(), field: z.string().optional() });
      return [status, json(schema, same.map(({ message }) => message).join("; "))];
    }),
  );
}
