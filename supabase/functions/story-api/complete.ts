/**
 * `POST /jobs/{id}/complete`: the backend hands in a story that it promised with 202.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { type App, limitBodyTo } from "../_shared/http/app.ts";
import { MAX_STORY_BYTES, StoryAnswer } from "../_jobs/backend_client.ts";
import { requireBackend } from "../_shared/auth/backend_key.ts";
import { call } from "../_shared/database/client.ts";
import { AttemptNumber, REPORT_ERRORS, Reported, reported } from "../_jobs/job_routes.ts";
import { UUID_PARAM } from "../_shared/http/routes.ts";
import { errors, IdParam, json, jsonBody } from "../_shared/http/schemas.ts";

const route = createRoute({
  method: "post",
  path: `/jobs/${UUID_PARAM}/complete`,
  middleware: [requireBackend, limitBodyTo(MAX_STORY_BYTES)] as const,
  request: { params: IdParam, ...jsonBody(z.strictObject({ attempt: AttemptNumber, ...StoryAnswer.shape })) },
  responses: { 200: json(Reported, "`completed`, or why nothing changed"), ...errors(...REPORT_ERRORS) },
});

/** Adds the route that takes finished stories. */
export function addCompletion(app: App): void {
  app.openapi(route, async (c) => {
    const { attempt, title, pages } = c.req.valid("json");
    const result = await call("complete_story", {
      p_job_id: c.req.valid("param").id,
      p_attempt: attempt,
      p_title: title,
      p_pages: pages,
    });
    return c.json(reported(c, result), 200);
  });
}
