/**
 * `POST /create`: pay for a story and have it written.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { Accepted, ADMISSION_ERRORS, admitted } from "../_jobs/admission.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call } from "../_shared/database/client.ts";
import { errors, IdempotencyHeaders, json, jsonBody, text } from "../_shared/http/schemas.ts";
import { requireUser } from "../_shared/auth/users.ts";
import { dispatch } from "../_jobs/worker.ts";

const StoryRequest = z.strictObject({
  prompt: text(1, 4000).openapi({ example: "a shy dragon who learns to whistle" }),
  age_min: z.int().min(0).max(99),
  age_max: z.int().min(0).max(99),
  pages: z.int().min(0).max(1000).optional(),
  language: text(2, 35).optional().openapi({ example: "en", description: "A language tag" }),
});

const route = createRoute({
  method: "post",
  path: "/create",
  middleware: [requireUser] as const,
  request: { headers: IdempotencyHeaders, ...jsonBody(StoryRequest) },
  responses: {
    202: json(z.object({ story_id: z.guid(), ...Accepted }), "The story is being written"),
    ...errors(...ADMISSION_ERRORS),
  },
});

/** Adds the route that creates stories. */
export function addCreate(app: App): void {
  app.openapi(route, async (c) => {
    const result = await call("create_story", {
      p_user_id: caller(c).id,
      p_request: c.req.valid("json"),
      p_idempotency_key: c.req.valid("header")["idempotency-key"],
    });
    const { resource_id, ...accepted } = admitted(c, "story_create", result);
    dispatch("story", { id: accepted.job_id, status: accepted.status });
    return c.json({ story_id: resource_id, ...accepted }, 202);
  });
}
