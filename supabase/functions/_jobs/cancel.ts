/**
 * `POST /{id}/cancel`: the owner gives up a story or book that is not finished, and has the credits back.
 *
 * @module
 */
import { createRoute } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call, read, userClient } from "../_shared/database/client.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { Reported, reported } from "./job_routes.ts";
import { UUID_PARAM } from "../_shared/http/routes.ts";
import { errors, IdParam, json } from "../_shared/http/schemas.ts";
import { requireUser } from "../_shared/auth/users.ts";
import type { JobType } from "./worker.ts";

const route = createRoute({
  method: "post",
  path: `/${UUID_PARAM}/cancel`,
  middleware: [requireUser] as const,
  request: { params: IdParam },
  responses: {
    200: json(Reported, "`cancelled`, `already_cancelled`, or `already_ended`: nothing changed"),
    ...errors("unauthorized", "not_found"),
  },
});

/** Adds the route on which owners give up what `app` makes. A worker that is at it is fenced. */
export function addCancel(app: App, type: JobType): void {
  app.openapi(route, async (c) => {
    const { id: userId, token } = caller(c);
    const table = type === "story" ? "stories" : "books";
    const query = userClient(token).from(table).select("job_id").eq("id", c.req.valid("param").id);
    const made = await read(table, query.maybeSingle());
    if (made === null) throw new ApiError("not_found");
    const result = await call("cancel_job", { p_user_id: userId, p_job_id: made.job_id });
    return c.json(reported(c, result), 200);
  });
}
