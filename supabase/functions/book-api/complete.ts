/**
 * `POST /jobs/{id}/complete?attempt=&page_count=`: the backend hands in a PDF that it promised with 202.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { type App, limitBodyTo } from "../_shared/http/app.ts";
import { isPdf, MAX_PDF_BYTES } from "../_jobs/backend_client.ts";
import { requireBackend } from "../_shared/auth/backend_key.ts";
import { completeBook } from "../_jobs/deliver.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { AttemptNumber, REPORT_ERRORS, Reported, reported } from "../_jobs/job_routes.ts";
import { UUID_PARAM } from "../_shared/http/routes.ts";
import { errors, IdParam, json } from "../_shared/http/schemas.ts";

const Delivery = z.object({
  attempt: z.coerce.number().pipe(AttemptNumber),
  page_count: z.coerce.number().pipe(z.int().min(1).max(1000)).openapi({
    description: "How many of the story's pages the PDF holds",
  }),
});

const route = createRoute({
  method: "post",
  path: `/jobs/${UUID_PARAM}/complete`,
  middleware: [requireBackend, limitBodyTo(MAX_PDF_BYTES)] as const,
  request: {
    params: IdParam,
    query: Delivery,
    body: {
      required: true,
      content: { "application/pdf": { schema: z.string().openapi({ format: "binary" }) } },
    },
  },
  responses: { 200: json(Reported, "`completed`, or why nothing changed"), ...errors(...REPORT_ERRORS) },
});

/** Adds the route that takes finished books. */
export function addCompletion(app: App): void {
  app.openapi(route, async (c) => {
    if (!/^application\/pdf\b/i.test(c.req.header("content-type") ?? "")) {
      throw new ApiError("unsupported_media_type");
    }
    const { attempt, page_count } = c.req.valid("query");
    const pdf = new Uint8Array(await c.req.arrayBuffer());
    if (!isPdf(pdf)) throw new ApiError("invalid_request", { message: "The body is not a PDF" });
    const job = { p_job_id: c.req.valid("param").id, p_attempt: attempt };
    return c.json(reported(c, await completeBook(job, pdf, page_count)), 200);
  });
}
