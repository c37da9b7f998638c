/**
 * Lists in pages, newest first.
 *
 * Where ids are ordered by time, the last id of a page is where the next one goes on.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { ApiError } from "./errors.ts";
import { text } from "./schemas.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

const FROM_LAST_PAGE = "Must come from next_cursor";

const LARGEST_INTEGER = 2 ** 31 - 1;

/** A whole number in a query. Too large for the database means as large as the database can take. */
const queryInteger = z.string().regex(/^[+-]?\d{1,20}$/, "Must be a whole number").transform((digits) =>
  Math.max(-LARGEST_INTEGER, Math.min(LARGEST_INTEGER, Number(digits)))
).openapi({
  type: "integer",
  description: `${DEFAULT_LIMIT} when absent; the nearest of 1 to ${MAX_LIMIT} counts`,
});

/** `?limit=&cursor=`; a limit out of range is clamped to 1..100 (M1), a cursor comes from the last page. */
export const PageQuery = z.object({
  limit: queryInteger.optional(),
  cursor: z.guid({ error: FROM_LAST_PAGE }).optional(),
});

/** The same where ids say nothing about time: what a cursor is, is Postgres' to say. */
export const TimedPageQuery = PageQuery.extend({ cursor: text(1, 100).optional() });

/** The answer to a cursor that Postgres does not take. */
export function unknownCursor(): ApiError {
  return new ApiError("invalid_request", {
    message: `cursor: ${FROM_LAST_PAGE}`,
    fields: { field: "cursor" },
  });
}

/** One page's bounds, the limit within 1..100. */
export function pageBounds({ limit = DEFAULT_LIMIT, cursor }: z.infer<typeof PageQuery>) {
  return { limit: Math.max(1, Math.min(MAX_LIMIT, limit)), cursor };
}

/** `rows`, read one beyond `limit`, as a page and the cursor of the next. */
export function page<T extends { id: string }>(rows: T[], limit: number) {
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? items[items.length - 1].id : null };
}
