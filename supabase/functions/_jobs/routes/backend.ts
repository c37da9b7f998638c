/**
 * The routes on which the generation backend reports about a job, and the one on which a scheduler has due jobs taken on.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { forScheduler } from "../../_shared/auth/keys.ts";
import { call } from "../../_shared/database/client.ts";
import type { App } from "../../_shared/http/app.ts";
import { errors, json, text } from "../../_shared/http/schemas.ts";
import type { Product } from "../product.ts";
import { noteUsage } from "../usage.ts";
import { runDueJobs } from "../worker.ts";
import { AttemptNumber, reported, reportRoute } from "./reports.ts";

const Failure = z.strictObject({
  attempt: AttemptNumber,
  code: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "Must be a lower-case code"),
  message: text(0, 500).optional(),
  retryable: z.boolean().default(false),
});

const failRoute = reportRoute("fail", Failure, "What became of the job");

const runRoute = createRoute({
  method: "post",
  path: "/jobs/run",
  ...forScheduler(),
  responses: {
    202: json(z.object({ started: z.int() }), "How many due jobs were taken on"),
    ...errors("invalid_api_key", "not_configured", "temporarily_unavailable"),
  },
});

/** Adds the routes about jobs of `product`'s. */
export function addBackendRoutes(app: App, product: Product): void {
  addProgress(app, product.unit);

  app.openapi(failRoute, async (c) => {
    const { attempt, code, message, retryable } = c.req.valid("json");
    const job = { p_job_id: c.req.valid("param").id, p_attempt: attempt };
    await noteUsage(job, c.req.raw.headers);
    const result = await call("fail_job", {
      ...job,
      p_error_code: code,
      p_message: message,
      p_retryable: retryable,
    });
    return c.json(reported(c, result), 200);
  });

  app.openapi(runRoute, async (c) => c.json({ started: await runDueJobs(product) }, 202));

  product.delivery.addCompletion(app);
}

const SignOfLife = z.object({ attempt: AttemptNumber, stage: text(1, 60).optional() });
const Count = z.int().min(0).max(10_000).optional();

function addProgress(app: App, unit: string): void {
  const done = `${unit}_done`;
  const Progress = z.strictObject({
    ...SignOfLife.shape,
    // A backend may say how many it makes, but what was ordered and paid for stays.
    [`${unit}_total`]: Count,
    [done]: Count,
  });
  const route = reportRoute("progress", Progress, "`alive`, or `fenced`: stop working");
  app.openapi(route, async (c) => {
    const report: Record<string, unknown> = c.req.valid("json");
    const { attempt, stage } = SignOfLife.parse(report);
    const result = await call("heartbeat_job", {
      p_job_id: c.req.valid("param").id,
      p_attempt: attempt,
      p_units_done: Count.parse(report[done]),
      p_stage: stage,
    });
    return c.json(reported(c, result), 200);
  });
}
