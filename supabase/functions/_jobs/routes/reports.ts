/**
 * What reports about jobs have in common, whoever makes them: whatever comes too late is answered, and changes nothing.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { forBackend } from "../../_shared/auth/keys.ts";
import type { AppEnv } from "../../_shared/http/context.ts";
import { ApiError, type ErrorCode } from "../../_shared/http/errors.ts";
import { errors, IdParam, json, jsonBody, UUID_PARAM, wholeNumber } from "../../_shared/http/schemas.ts";
import type { JobResult } from "../product.ts";

const MOST_ATTEMPTS = 1_000_000;

/** Which attempt a report is about, in its body or its query. */
export const AttemptNumber = z.int().min(1).max(MOST_ATTEMPTS);
export const AttemptQuery = z.object({ attempt: wholeNumber(1, MOST_ATTEMPTS) });

/** What a report is answered with. */
export const Reported = z.object({ outcome: z.string(), status: z.string().nullable() });

/** The errors of every report of the backend's. */
export const REPORT_ERRORS = [
  "invalid_request",
  "invalid_json",
  "invalid_api_key",
  "not_found",
  "payload_too_large",
  "unsupported_media_type",
  "not_configured",
] as const satisfies ErrorCode[];

/** A route on which the backend reports about a job, in JSON. */
export function reportRoute<Body extends z.ZodType>(
  what: string,
  body: Body,
  description: string,
  ...limits: MiddlewareHandler[]
) {
  return createRoute({
    method: "post",
    path: `/jobs/${UUID_PARAM}/${what}`,
    ...forBackend(...limits),
    request: { params: IdParam, ...jsonBody(body) },
    responses: { 200: json(Reported, description), ...errors(...REPORT_ERRORS) },
  });
}

/** The answer to a report. @throws {ApiError} when there is no such job, or the result cannot be used. */
export function reported(c: Context<AppEnv>, result: JobResult) {
  c.set("outcome", result.outcome ?? undefined);
  if (result.outcome === "not_found") throw new ApiError("not_found");
  if (result.outcome === "invalid") throw new ApiError("invalid_request");
  return { outcome: result.outcome ?? "unknown", status: result.status };
}
