/**
 * The route on which users order work: what the admission RPC decided, as HTTP.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { forUser } from "../../_shared/auth/users.ts";
import { present } from "../../_shared/database/client.ts";
import type { App } from "../../_shared/http/app.ts";
import { amount, Credits } from "../../_shared/http/amounts.ts";
import { type AppEnv, caller } from "../../_shared/http/context.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { applyRateLimit } from "../../_shared/http/rate_limit.ts";
import { errors, IdempotencyHeaders, json, jsonBody } from "../../_shared/http/schemas.ts";
import { JOB_ERRORS } from "../errors.ts";
import type { Admission, Product } from "../product.ts";
import { dispatch } from "../worker.ts";
import { orderOf } from "./request.ts";

const Status = z.enum(["queued", "generating", "ready", "failed", "cancelled"]);

/** Adds the route on which `product` is ordered. */
export function addAdmission(app: App, product: Product): void {
  const { jobType, creation } = product;
  const idField = `${jobType}_id` as const;
  const Accepted = z.object({
    [idField]: z.guid(),
    job_id: z.guid(),
    status: Status,
    cost: Credits,
    ...creation.told?.shape,
  });
  const route = createRoute({
    method: "post",
    path: creation.path,
    ...forUser(creation.policy),
    request: { headers: IdempotencyHeaders, ...jsonBody(orderOf(jobType)) },
    responses: {
      202: json(Accepted, `The ${jobType} is being made`),
      ...errors(
        "invalid_request",
        "invalid_json",
        "unauthorized",
        JOB_ERRORS.insufficient_credits,
        "unsupported_media_type",
        JOB_ERRORS.not_offered,
        JOB_ERRORS.idempotency_key_reused,
        JOB_ERRORS.unpaid_work,
        JOB_ERRORS.unfinished_work,
        ...Object.values(creation.refusals ?? {}),
        ...(creation.namesAnother ? ["not_found" as const] : []),
      ),
    },
  });
  app.openapi(route, async (c) => {
    const result = await creation.admit({
      p_user_id: caller(c).id,
      p_request: c.req.valid("json"),
      p_idempotency_key: c.req.valid("header")["idempotency-key"],
    });
    const { resource_id, ...accepted } = admitted(c, product, result);
    dispatch(product, { id: accepted.job_id, status: accepted.status, next_attempt_at: null });
    return c.json({ [idField]: resource_id, ...accepted, ...creation.told?.of(result) }, 202);
  });
}

const ACCEPTED = ["resource_id", "job_id", "status", "cost"] as const;

/** What an accepted order is told. @throws {ApiError} for every other outcome. */
function admitted(c: Context<AppEnv>, { creation }: Product, result: Admission) {
  c.set("outcome", result.outcome ?? undefined);
  applyRateLimit(c, creation.policy, result);
  switch (result.outcome) {
    case "accepted":
    case "already_accepted": {
      const { resource_id, job_id, status, cost } = present(result, ...ACCEPTED);
      return { resource_id, job_id, status: Status.parse(status), cost: amount(cost) };
    }
    case "insufficient_credits":
      throw new ApiError(JOB_ERRORS.insufficient_credits, {
        fields: { required: amount(present(result, "required").required) },
      });
    case "unpaid_work":
    case "unfinished_work": {
      const { retry_after_seconds } = present(result, "retry_after_seconds");
      throw new ApiError(JOB_ERRORS[result.outcome], {
        fields: { retry_after_seconds },
        headers: { "Retry-After": String(retry_after_seconds) },
      });
    }
    case "not_offered":
      throw new ApiError(JOB_ERRORS.not_offered);
    case "idempotency_mismatch":
      throw new ApiError(JOB_ERRORS.idempotency_key_reused);
    case "not_found":
      throw new ApiError("not_found");
    case "invalid":
      throw new ApiError(creation.refusals?.[result.code ?? ""] ?? "invalid_request", {
        message: result.message ?? undefined,
        fields: result.field === null ? {} : { field: result.field },
      });
    default:
      throw new Error(`unexpected outcome ${result.outcome}`);
  }
}
