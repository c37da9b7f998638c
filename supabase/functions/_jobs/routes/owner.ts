/**
 * What owners do with what was made for them: list it, follow one, give it up, delete it. Read with the owner's rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { forUser } from "../../_shared/auth/users.ts";
import { call, ownRows, read } from "../../_shared/database/client.ts";
import type { App } from "../../_shared/http/app.ts";
import { caller } from "../../_shared/http/context.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { page, pageBounds, PageQuery } from "../../_shared/http/pagination.ts";
import { errors, IdParam, json, Timestamp, UUID_PARAM } from "../../_shared/http/schemas.ts";
import type { Product } from "../product.ts";
import { letGo } from "../attempt.ts";
import { dispatch } from "../worker.ts";
import { Reported, reported } from "./reports.ts";

/** Adds the routes for owners of what `product` made. */
export function addOwnerRoutes(app: App, product: Product): void {
  addList(app, product);
  addFollow(app, product);
  addCancel(app, product);
  addDelete(app, product);
}

function addList(app: App, { table, summary }: Product): void {
  const Item = z.object(shapeOf(summary));
  const route = createRoute({
    method: "get",
    path: "/",
    ...forUser(),
    request: { query: PageQuery },
    responses: {
      200: json(z.object({ items: z.array(Item), next_cursor: z.guid().nullable() }), "Newest first"),
      ...errors("invalid_request", "unauthorized"),
    },
  });
  app.openapi(route, async (c) => {
    const { limit, cursor } = pageBounds(c.req.valid("query"));
    let query = ownRows(caller(c).token, table, Item);
    if (cursor !== undefined) query = query.lt("id", cursor);
    const rows = await read(table, query.order("id", { ascending: false }).limit(limit + 1));
    return c.json(page(z.array(Item).parse(rows), limit), 200);
  });
}

/** How far a job has come, beside its counts. */
const Progressing = z.object({
  id: z.guid(),
  status: z.string(),
  stage: z.string().nullable(),
  attempt: z.int(),
  next_attempt_at: Timestamp.nullable().openapi({ description: "When a job that waits is due" }),
});

function addFollow(app: App, product: Product): void {
  const { jobType, progress, summary, details, unit } = product;
  const Job = z.object({ ...Progressing.shape, [`${unit}_done`]: z.int(), [`${unit}_total`]: z.int() });
  const Whole = z.object({ ...shapeOf(summary), ...details, job: Job });
  const route = createRoute({
    method: "get",
    path: `/${UUID_PARAM}`,
    ...forUser(),
    request: { params: IdParam },
    responses: {
      200: json(Whole, `The ${jobType}, and how far its job has come`),
      ...errors("unauthorized", "not_found"),
    },
  });
  app.openapi(route, async (c) => {
    const query = ownRows(caller(c).token, progress).eq("id", c.req.valid("param").id);
    const row = await read(progress, query.maybeSingle());
    if (row === null) throw new ApiError("not_found");
    const whole = Whole.parse(row);
    // Whoever waits for it moves it on, where no scheduler does.
    dispatch(product, Progressing.parse(whole.job));
    return c.json(whole, 200);
  });
}

const Made = z.object({ job_id: z.guid() });

function addCancel(app: App, { table }: Product): void {
  const route = createRoute({
    method: "post",
    path: `/${UUID_PARAM}/cancel`,
    ...forUser(),
    request: { params: IdParam },
    responses: {
      200: json(Reported, "`cancelled`, `already_cancelled`, or `already_ended`: nothing changed"),
      ...errors("unauthorized", "not_found"),
    },
  });
  app.openapi(route, async (c) => {
    const { id: userId, token } = caller(c);
    const query = ownRows(token, table, Made).eq("id", c.req.valid("param").id);
    const made = await read(table, query.maybeSingle());
    if (made === null) throw new ApiError("not_found");
    const { job_id } = Made.parse(made);
    const result = await call("cancel_job", { p_user_id: userId, p_job_id: job_id });
    if (result.outcome === "cancelled") letGo(job_id);
    return c.json(reported(c, result), 200);
  });
}

function addDelete(app: App, { remove }: Product): void {
  const route = createRoute({
    method: "delete",
    path: `/${UUID_PARAM}`,
    ...forUser(),
    request: { params: IdParam },
    responses: {
      200: json(z.object({ outcome: z.literal("deleted") }), "Gone, with its files"),
      ...errors("unauthorized", "not_found"),
    },
  });
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const outcome = await remove(caller(c).id, id);
    if (outcome === "deleted") letGo(id.toLowerCase());
    c.set("outcome", outcome ?? undefined);
    if (outcome !== "deleted") throw new ApiError("not_found");
    return c.json({ outcome: "deleted" as const }, 200);
  });
}

/** What every product shows of a thing it made, around the product's own. */
function shapeOf(summary: z.ZodRawShape) {
  return {
    id: z.guid(),
    ...summary,
    status: z.string(),
    error_code: z.string().nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
  };
}
