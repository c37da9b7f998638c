/**
 * Pieces of input and output descriptions that several routes share.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { type ErrorCode, ERRORS } from "./errors.ts";

/** A caller's text. Postgres stores neither NUL nor half a surrogate pair, so neither is let in. */
export function text(min: number, max: number) {
  return z.string().min(min).max(max).refine(
    (value) => value.isWellFormed() && !value.includes("\0"),
    "Contains characters that cannot be stored",
  );
}

/** The id in a path. */
export const IdParam = z.object({ id: z.guid().openapi({ param: { name: "id", in: "path" } }) });

/** Headers of a request that may be repeated safely under the same key. */
export const IdempotencyHeaders = z.object({
  "idempotency-key": z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, {
    error: "Must be 1 to 255 printable ASCII characters",
  }).optional(),
});

const LARGEST_INTEGER = 2 ** 31 - 1;

/** A whole number in a query. Too large for the database means as large as the database can take. */
const queryInteger = z.string().regex(/^[+-]?\d{1,20}$/, "Must be a whole number").transform((digits) =>
  Math.max(-LARGEST_INTEGER, Math.min(LARGEST_INTEGER, Number(digits)))
).openapi({ type: "integer" });

/** `?limit=&cursor=`; a limit out of range is clamped to 1..100 (M1), a cursor comes from the last page. */
export const PageQuery = z.object({
  limit: queryInteger.optional(),
  cursor: text(1, 200).optional(),
});

/** Amounts of credits: exact, always with two places. */
export const Credits = z.number().openapi({ example: 12.5, description: "Credits, two decimal places" });

/** A point in time, as {@linkcode utc} writes it. */
export const Timestamp = z.string().openapi({ format: "date-time" });

/** The database's way to write a time, in the one form that every answer has. */
export function utc(time: string): string {
  return new Date(time).toISOString();
}

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
export function errors(...codes: ErrorCode[]): Record<never, never> {
  const byStatus = Map.groupBy([...codes, "internal" as const], (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => {
      const schema = z.object({ code: z.enum(same), message: z.string(), field: z.string().optional() });
      return [status, json(schema, same.map((code) => ERRORS[code].message).join("; "))];
    }),
  );
}
