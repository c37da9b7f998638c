/**
 * `GET /`, `GET /{id}` and `DELETE /{id}`: the owner's books, read with the owner's rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { discardPdfs } from "./books_bucket.ts";
import { caller } from "../_shared/http/context.ts";
import { call, present, read, userClient } from "../_shared/database/client.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { dated, Job, page, pageBounds } from "../_shared/http/listing.ts";
import { errors, IdParam, json, PageQuery, Timestamp } from "../_shared/http/schemas.ts";
import { UUID_PARAM } from "../_shared/http/routes.ts";
import { requireUser } from "../_shared/auth/users.ts";
import { dispatch } from "../_jobs/worker.ts";

const summary = {
  id: z.guid(),
  story_id: z.guid().nullable(),
  title: z.string(),
  status: z.string(),
  with_images: z.boolean(),
  page_count: z.int(),
  error_code: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
};

const Book = z.object({ ...summary, job: Job });

const COLUMNS = "id, story_id, title, status, with_images, page_count, error_code, created_at, updated_at";

const listRoute = createRoute({
  method: "get",
  path: "/",
  middleware: [requireUser] as const,
  request: { query: PageQuery },
  responses: {
    200: json(
      z.object({ items: z.array(z.object(summary)), next_cursor: z.guid().nullable() }),
      "Newest first",
    ),
    ...errors("invalid_request", "unauthorized"),
  },
});

const getRoute = createRoute({
  method: "get",
  path: `/${UUID_PARAM}`,
  middleware: [requireUser] as const,
  request: { params: IdParam },
  responses: {
    200: json(Book, "The book, and how far its job has come"),
    ...errors("unauthorized", "not_found"),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: `/${UUID_PARAM}`,
  middleware: [requireUser] as const,
  request: { params: IdParam },
  responses: {
    200: json(z.object({ outcome: z.literal("deleted") }), "Gone, and its PDF too"),
    ...errors("unauthorized", "not_found"),
  },
});

/** Adds the routes for reading and deleting books. */
export function addReading(app: App): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor } = pageBounds(c.req.valid("query"));
    let query = userClient(caller(c).token).from("books").select(COLUMNS);
    if (cursor !== undefined) query = query.lt("id", cursor);
    const rows = await read("books", query.order("id", { ascending: false }).limit(limit + 1));
    return c.json(page(rows, limit), 200);
  });

  app.openapi(getRoute, async (c) => {
    const query = userClient(caller(c).token).from("book_progress").select(`${COLUMNS}, job`);
    const row = await read("book_progress", query.eq("id", c.req.valid("param").id).maybeSingle());
    if (row === null) throw new ApiError("not_found");
    const book = Book.parse(dated(present(row, "created_at", "updated_at")));
    // Whoever waits for it moves it on, where no scheduler does.
    dispatch("book", book.job);
    return c.json(book, 200);
  });

  app.openapi(deleteRoute, async (c) => {
    const result = await call("delete_book", { p_user_id: caller(c).id, p_book_id: c.req.valid("param").id });
    c.set("outcome", result.outcome ?? undefined);
    if (result.outcome !== "deleted") throw new ApiError("not_found");
    await discardPdfs(result.pdf_paths ?? []);
    return c.json({ outcome: "deleted" as const }, 200);
  });
}
