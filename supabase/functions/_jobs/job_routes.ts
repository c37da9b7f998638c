/**
 * The routes on which the generation backend reports about a job, and the one that takes on due jobs.
 *
 * Whatever a report comes too late for, Postgres answers `fenced` and nothing changes.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { App } from "../_shared/http/app.ts";
import { requireBackend } from "../_shared/auth/backend_key.ts";
import type { AppEnv } from "../_shared/http/context.ts";
import { call, type Result } from "../_shared/database/client.ts";
import { ApiError, type ErrorCode } from "../_shared/http/errors.ts";
import { UUID_PARAM } from "../_shared/http/routes.ts";
import { errors, IdParam, json, jsonBody, text } from "../_shared/http/schemas.ts";
import { type JobType, runDueJobs } from "./worker.ts";

/** Which attempt a report is about. */
export const AttemptNumber = z.int().min(1).max(1_000_000);

const pages = z.int().min(0).max(10_000);

const Progress = z.strictObject({
  attempt: AttemptNumber,
  pages_done: pages.optional(),
  pages_total: pages.optional(),
  stage: text(1, 60).optional(),
});

const Failure = z.strictObject({
  attempt: AttemptNumber,
  code: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "Must be a lower-case code"),
  message: text(0, 500).optional(),
  retryable: z.boolean().default(false),
});

/** What a report is answered with. */
export const Reported = z.object({ outcome: z.string(), status: z.string().nullable() });

/** The errors of every report. */
export const REPORT_ERRORS = [
  "invalid_request",
  "invalid_json",
  "invalid_api_key",
  "not_found",
  "payload_too_large",
  "unsupported_media_type",
  "not_configured",
] as const satisfies ErrorCode[];

const progressRoute = createRoute({
  method: "post",
  path: `/jobs/${UUID_PARAM}/progress`,
  middleware: [requireBackend] as const,
  request: { params: IdParam, ...jsonBody(Progress) },
  responses: { 200: json(Reported, "`alive`, or `fenced`: stop working"), ...errors(...REPORT_ERRORS) },
});

const failRoute = createRoute({
  method: "post",
  path: `/jobs/${UUID_PARAM}/fail`,
  middleware: [requireBackend] as const,
  request: { params: IdParam, ...jsonBody(Failure) },
  responses: { 200: json(Reported, "What became of the job"), ...errors(...REPORT_ERRORS) },
});

const runRoute = createRoute({
  method: "post",
  path: "/jobs/run",
  middleware: [requireBackend] as const,
  responses: {
    202: json(z.object({ started: z.int() }), "How many due jobs were taken on"),
    ...errors("invalid_api_key", "not_configured", "temporarily_unavailable"),
  },
});

/** Adds the job routes that stories and books have in common. */
export function addJobRoutes(app: App, type: JobType): void {
  app.openapi(progressRoute, async (c) => {
    const { attempt, pages_done, pages_total, stage } = c.req.valid("json");
    const result = await call("heartbeat_job", {
      p_job_id: c.req.valid("param").id,
      p_attempt: attempt,
      p_pages_done: pages_done,
      p_pages_total: pages_total,
      p_stage: stage,
    });
    return c.json(reported(c, result), 200);
  });

  app.openapi(failRoute, async (c) => {
    const { attempt, code, message, retryable } = c.req.valid("json");
    const result = await call("fail_job", {
      p_job_id: c.req.valid("param").id,
      p_attempt: attempt,
      p_error_code: code,
      p_message: message,
      p_retryable: retryable,
    });
    return c.json(reported(c, result), 200);
  });

  app.openapi(runRoute, async (c) => c.json({ started: await runDueJobs(type) }, 202));
}

/** The answer to a report. @throws {ApiError} when there is no such job, or the result cannot be used. */
export function reported(c: Context<AppEnv>, result: Result<"heartbeat_job">) {
  c.set("outcome", result.outcome ?? undefined);
  if (result.outcome === "not_found") throw new ApiError("not_found");
  if (result.outcome === "invalid") throw new ApiError("invalid_request");
  return { outcome: result.outcome ?? "unknown", status: result.status };
}
