/**
 * Every error a caller can meet: one table of stable codes, one class to throw, one way to answer.
 *
 * The public message is fixed here; what really happened travels as `cause` and only reaches the log.
 *
 * @module
 */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** HTTP status and default public message of each code. `docs/errors.md` lists the same codes. */
export const ERRORS = {
  invalid_request: { status: 400, message: "The request is not valid" },
  invalid_json: { status: 400, message: "The body is not valid JSON" },
  invalid_payload: { status: 400, message: "The body is not a Stripe event" },
  invalid_signature: { status: 400, message: "The Stripe signature does not match the body" },
  return_to_not_allowed: { status: 400, message: "return_to must be on an allowed origin" },
  story_not_ready: { status: 400, message: "The story is not ready" },
  unauthorized: { status: 401, message: "A valid access token is required" },
  insufficient_credits: { status: 402, message: "Insufficient credits" },
  invalid_api_key: { status: 403, message: "Invalid or missing API key" },
  origin_not_allowed: { status: 403, message: "This origin is not allowed" },
  not_found: { status: 404, message: "Not found" },
  unknown_pack: { status: 404, message: "There is no such credit pack" },
  unknown_route: { status: 404, message: "There is no such route" },
  method_not_allowed: { status: 405, message: "This route does not take this method" },
  not_ready: { status: 409, message: "It is not ready yet" },
  payload_too_large: { status: 413, message: "The body is too large" },
  unsupported_media_type: { status: 415, message: "This content type is not supported here" },
  idempotency_key_reused: {
    status: 422,
    message: "This Idempotency-Key was used with a different request",
  },
  unsafe_prompt: { status: 422, message: "This prompt cannot become a story for children" },
  model_not_configured: { status: 422, message: "There is no model here that could make this" },
  pictures_not_offered: { status: 422, message: "Books with pictures are not offered here" },
  unsupported_script: { status: 422, message: "Books are set in Latin, Greek and Cyrillic script only" },
  rate_limited: { status: 429, message: "Too many requests" },
  internal: { status: 500, message: "Something went wrong on our side" },
  payment_provider_unavailable: {
    status: 502,
    message: "The payment provider did not answer; nothing was charged",
  },
  bad_generation: { status: 502, message: "The model did not deliver a usable answer" },
  not_configured: { status: 503, message: "This function is not configured" },
  temporarily_unavailable: { status: 503, message: "Temporarily unavailable, please try again" },
} as const satisfies Record<string, { status: ContentfulStatusCode; message: string }>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERRORS;

/** What may accompany an error: `fields` join the body, `headers` the response, `cause` only the log. */
export interface ErrorDetails {
  message?: string;
  fields?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An answer other than success. Thrown anywhere below a route, answered by the app's one error handler. */
export class ApiError extends Error {
  /** HTTP status of {@linkcode ApiError.code}. */
  readonly status: ContentfulStatusCode;
  readonly fields: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(readonly code: ErrorCode, details: ErrorDetails = {}) {
    super(details.message ?? ERRORS[code].message, { cause: details.cause });
    this.name = "ApiError";
    this.status = ERRORS[code].status;
    this.fields = details.fields ?? {};
    this.headers = details.headers ?? {};
  }
}

/** Writes `error` as `{code, message, ...}`; the backend's 403 keeps the `{detail}` its callers know. */
export function answer(c: Context, error: ApiError): Response {
  const body = error.code === "invalid_api_key"
    ? { detail: error.message }
    : { code: error.code, message: error.message, ...error.fields };
  return c.json(body, error.status, error.headers);
}

/** 401 for a token that shows no user; `cause` is logged. */
export function unauthorized(cause?: unknown): ApiError {
  return new ApiError("unauthorized", { cause, headers: { "WWW-Authenticate": "Bearer" } });
}

/** 503 for what may work in a moment; `cause` is logged. */
export function unavailable(cause: unknown): ApiError {
  return new ApiError("temporarily_unavailable", { cause, headers: { "Retry-After": "5" } });
}
