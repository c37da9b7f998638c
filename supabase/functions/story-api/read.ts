/**
 * `GET /`, `GET /{id}` and `DELETE /{id}`: the owner's stories, read with the owner's rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
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
  title: z.string().nullable(),
  status: z.string(),
  prompt: z.string(),
  age_min: z.int(),
  age_max: z.int(),
  language: z.string(),
  page_count: z.int(),
  error_code: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
};

const Page = z.object({ text: z.string(), image_prompt: z.string().optional() });
const Story = z.object({ ...summary, pages: z.array(Page).nullable(), job: Job });

const COLUMNS =
  "id, title, status, prompt, age_min, age_max, language, page_count, error_code, created_at, updated_at";

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
    200: json(Story, "The story, and how far its job has come"),
    ...errors("unauthorized", "not_found"),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: `/${UUID_PARAM}`,
  middleware: [requireUser] as const,
  request: { params: IdParam },
  responses: {
    200: json(z.object({ outcome: z.literal("deleted") }), "Gone; books made of it stay"),
    ...errors("unauthorized", "not_found"),
  },
});

/** Adds the routes for reading and deleting stories. */
export function addReading(app: App): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor } = pageBounds(c.req.valid("query"));
    let query = userClient(caller(c).token).from("stories").select(COLUMNS);
    if (cursor !== undefined) query = query.lt("id", cursor);
    const rows = await read("stories", query.order("id", { ascending: false }).limit(limit + 1));
    return c.json(page(rows, limit), 200);
  });

  app.openapi(getRoute, async (c) => {
    const query = userClient(caller(c).token).from("story_progress").select(`${COLUMNS}, pages, job`);
    const row = await read("story_progress", query.eq("id", c.req.valid("param").id).maybeSingle());
    if (row === null) throw new ApiError("not_found");
    const story = Story.parse(dated(present(row, "created_at", "updated_at")));
    // Whoever waits for it moves it on, where no scheduler does.
    dispatch("story", story.job);
    return c.json(story, 200);
  });

  app.openapi(deleteRoute, async (c) => {
    const result = await call("delete_story", {
      p_user_id: caller(c).id,
      p_story_id: c.req.valid("param").id,
    });
    c.set("outcome", result.outcome ?? undefined);
    if (result.outcome !== "deleted") throw new ApiError("not_found");
    return c.json({ outcome: "deleted" as const }, 200);
  });
}
