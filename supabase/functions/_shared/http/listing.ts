/**
 * What story-api and book-api have in common when they show what a user owns.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { ApiError } from "./errors.ts";
import { type PageQuery, utc } from "./schemas.ts";

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** How far the job behind a story or book has come. */
export const Job = z.object({
  id: z.guid(),
  status: z.string(),
  stage: z.string().nullable(),
  pages_done: z.int(),
  pages_total: z.int(),
  attempt: z.int(),
});

/**
 * One page's bounds: ids are ordered by time, so the last id of a page is where the next one goes on.
 *
 * @throws {ApiError} `invalid_request` when the cursor is none of ours.
 */
export function pageBounds({ limit = DEFAULT_LIMIT, cursor }: z.infer<typeof PageQuery>) {
  if (cursor !== undefined && !z.guid().safeParse(cursor).success) {
    throw new ApiError("invalid_request", {
      message: "cursor: Must come from next_cursor",
      fields: { field: "cursor" },
    });
  }
  return { limit: Math.max(1, Math.min(MAX_LIMIT, limit)), cursor };
}

/** `rows`, read one beyond `limit`, as a page and the cursor of the next. */
export function page<T extends { id: string } & Dated>(rows: T[] | null, limit: number) {
  const items = (rows ?? []).slice(0, limit).map(dated);
  const isLast = (rows?.length ?? 0) <= limit;
  return { items, next_cursor: isLast ? null : items[items.length - 1].id };
}

interface Dated {
  created_at: string;
  updated_at: string;
}

/** `row` with its times in the form that every answer has. */
export function dated<T extends Dated>(row: T): T {
  return { ...row, created_at: utc(row.created_at), updated_at: utc(row.updated_at) };
}
