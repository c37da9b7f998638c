/**
 * Errors that a caller can meet: stable codes, one class to throw, one way to answer.
 *
 * Here are those that any function may answer with; a domain has those of its own in its `errors.ts`. The public message
 * is fixed there; what really happened travels as `cause` and only reaches the log.
 *
 * @module
 */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A stable code with its HTTP status and its default public message. */
export interface Problem {
  readonly code: string;
  readonly status: ContentfulStatusCode;
  readonly message: string;
}

/** A domain's errors, each under its code. */
export function problems<Code extends string>(
  byCode: Record<Code, Omit<Problem, "code">>,
): Readonly<Record<Code, Problem>> {
  const named = Object.entries<Omit<Problem, "code">>(byCode).map((
    [code, rest],
  ) => [code, { code, ...rest }]);
  return Object.fromEntries(named);
}

/** What any function may answer with. `docs/errors.md` lists the same codes. */
export const ERRORS = problems({
  invalid_request: { status: 400, message: "The request is not valid" },
  invalid_json: { status: 400, message: "The body is not valid JSON" },
  unauthorized: { status: 401, message: "A valid access token is required" },
  invalid_api_key: { status: 403, message: "Invalid or missing API key" },
  origin_not_allowed: { status: 403, message: "This origin is not allowed" },
  not_found: { status: 404, message: "Not found" },
  unknown_route: { status: 404, message: "There is no such route" },
  method_not_allowed: { status: 405, message: "This route does not take this method" },
  payload_too_large: { status: 413, message: "The body is too large" },
  unsupported_media_type: { status: 415, message: "This content type is not supported here" },
  rate_limited: { status: 429, message: "Too many requests" },
  internal: { status: 500, message: "Something went wrong on our side" },
  not_configured: { status: 503, message: "This function is not configured" },
  temporarily_unavailable: { status: 503, message: "Temporarily unavailable, please try again" },
});

/** The code of an error in {@linkcode ERRORS}. */
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
  readonly code: string;
  /** HTTP status of {@linkcode ApiError.code}. */
  readonly status: ContentfulStatusCode;
  readonly fields: Record<string, unknown>;
  readonly headers: Record<string, string>;

  /** @param error The code of one of {@linkcode ERRORS}, or a domain's own. */
  constructor(error: ErrorCode | Problem, details: ErrorDetails = {}) {
    const { code, status, message } = problemOf(error);
    super(details.message ?? message, { cause: details.cause });
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.fields = details.fields ?? {};
    this.headers = details.headers ?? {};
  }
}

/** What `error` stands for. */
export function problemOf(error: ErrorCode | Problem): Problem {
  return typeof error === "string" ? ERRORS[error] : error;
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
