/**
 * The answer to a request for a job: what the admission RPC decided, as HTTP.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { amount } from "../_shared/http/amounts.ts";
import type { AppEnv } from "../_shared/http/context.ts";
import { present, type Result } from "../_shared/database/client.ts";
import { ApiError, type ErrorCode } from "../_shared/http/errors.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { Credits } from "../_shared/http/schemas.ts";

/** What an accepted request is told, beside the id of the story or book. */
export const Accepted = {
  job_id: z.guid(),
  status: z.enum(["queued", "generating", "ready", "failed", "cancelled"]),
  cost: Credits,
};

/** The errors of a request for a job. */
export const ADMISSION_ERRORS = [
  "invalid_request",
  "invalid_json",
  "unauthorized",
  "insufficient_credits",
  "unsupported_media_type",
  "idempotency_key_reused",
  "rate_limited",
] as const satisfies ErrorCode[];

type Admission = Result<"create_story"> | Result<"create_book">;

/**
 * The ids, status and cost of an accepted job.
 *
 * @param policy The name of the rate limit that applied.
 * @throws {ApiError} for every other outcome.
 */
export function admitted(c: Context<AppEnv>, policy: string, result: Admission) {
  c.set("outcome", result.outcome ?? undefined);
  applyRateLimit(c, policy, result);
  switch (result.outcome) {
    case "accepted":
    case "already_accepted": {
      const { resource_id, job_id, status, cost } = present(
        result,
        "resource_id",
        "job_id",
        "status",
        "cost",
      );
      return { resource_id, job_id, status: Accepted.status.parse(status), cost: amount(cost) };
    }
    case "insufficient_credits":
      throw new ApiError("insufficient_credits", {
        fields: { required: amount(present(result, "required").required) },
      });
    case "idempotency_mismatch":
      throw new ApiError("idempotency_key_reused");
    case "not_found":
      throw new ApiError("not_found");
    case "invalid":
      throw new ApiError(result.code === "story_not_ready" ? result.code : "invalid_request", {
        message: result.message ?? undefined,
        fields: result.field === null ? {} : { field: result.field },
      });
    default:
      throw new Error(`unexpected outcome ${result.outcome}`);
  }
}
