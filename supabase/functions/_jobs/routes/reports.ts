/**
 * What reports about jobs have in common, whoever makes them: whatever comes too late is answered, and changes nothing.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../_shared/http/context.ts";
import { ApiError, type ErrorCode } from "../../_shared/http/errors.ts";
import type { JobResult } from "../product.ts";

/** Which attempt a report is about. */
export const AttemptNumber = z.int().min(1).max(1_000_000);

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

/** The answer to a report. @throws {ApiError} when there is no such job, or the result cannot be used. */
export function reported(c: Context<AppEnv>, result: JobResult) {
  c.set("outcome", result.outcome ?? undefined);
  if (result.outcome === "not_found") throw new ApiError("not_found");
  if (result.outcome === "invalid") throw new ApiError("invalid_request");
  return { outcome: result.outcome ?? "unknown", status: result.status };
}
