/**
 * `POST /generate`: pay for a book of one's own story and have it made.
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

const BookRequest = z.strictObject({
  story_id: z.guid(),
  title: text(1, 300).optional().openapi({ description: "On the cover; default: the story's title" }),
  with_images: z.boolean(),
});

const route = createRoute({
  method: "post",
  path: "/generate",
  middleware: [requireUser] as const,
  request: { headers: IdempotencyHeaders, ...jsonBody(BookRequest) },
  responses: {
    202: json(z.object({ book_id: z.guid(), ...Accepted }), "The book is being made"),
    ...errors(...ADMISSION_ERRORS, "story_not_ready", "not_found"),
  },
});

/** Adds the route that creates books. */
export function addGenerate(app: App): void {
  app.openapi(route, async (c) => {
    const result = await call("create_book", {
      p_user_id: caller(c).id,
      p_request: c.req.valid("json"),
      p_idempotency_key: c.req.valid("header")["idempotency-key"],
    });
    const { resource_id, ...accepted } = admitted(c, "book_generate", result);
    dispatch("book", { id: accepted.job_id, status: accepted.status });
    return c.json({ book_id: resource_id, ...accepted }, 202);
  });
}
