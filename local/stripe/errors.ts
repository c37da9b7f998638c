import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The body of an error as Stripe's API sends it, under the key `error`. */
export interface StripeErrorBody {
  type: "invalid_request_error" | "idempotency_error" | "card_error" | "api_error";
  message: string;
  code?: string;
  param?: string;
  doc_url?: string;
}

/** An answer other than 2xx; the app turns it into `{"error": body}` with `status`. */
export class StripeApiError extends Error {
  constructor(readonly status: ContentfulStatusCode, readonly body: StripeErrorBody) {
    super(body.message);
  }
}

/** A 400 that blames the request, as most of Stripe's errors do. */
export function invalidRequest(message: string, code?: string, param?: string): StripeApiError {
  const docs = code === undefined ? {} : { code, doc_url: `https://stripe.com/docs/error-codes/${code}` };
  return new StripeApiError(400, {
    type: "invalid_request_error",
    message,
    ...docs,
    ...(param === undefined ? {} : { param }),
  });
}

/** No object with this id: 404 where the id is the path's, 400 where it is a parameter. */
export function resourceMissing(
  kind: string,
  id: string,
  param: string,
  status: 400 | 404 = 404,
): StripeApiError {
  const error = invalidRequest(`No such ${kind}: '${id}'`, "resource_missing", param);
  return new StripeApiError(status, error.body);
}
