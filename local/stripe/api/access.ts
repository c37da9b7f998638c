import { createMiddleware } from "hono/factory";
import { StripeApiError } from "../errors.ts";
import { newId } from "../ids.ts";
import { API_VERSION } from "../objects/event.ts";
import type { ApiEnv } from "./env.ts";

/** The headers that every answer of Stripe's API has; the version is the one that the caller asked for. */
export const stripeHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  c.set("requestId", newId("request"));
  await next();
  c.header("request-id", c.var.requestId);
  c.header("stripe-version", c.req.header("stripe-version") ?? API_VERSION);
  const key = c.req.header("idempotency-key");
  if (key !== undefined) c.header("idempotency-key", key);
});

/** Any test key is right: there is only one account, and nothing in it is worth a secret. */
export const testKeyOnly = createMiddleware<ApiEnv>(async (c, next) => {
  const key = secretKey(c.req.header("authorization") ?? "");
  if (key === null) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, " +
        "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (!/^[rs]k_test_.+/.test(key)) {
    throw unauthorized(
      `Invalid API Key provided: ${key.slice(0, 8)}****. This stand-in takes test keys only.`,
    );
  }
  await next();
});

function secretKey(header: string): string | null {
  const [scheme, value = ""] = header.split(" ");
  if (/^bearer$/i.test(scheme) && value !== "") return value;
  return /^basic$/i.test(scheme) ? basicUser(value) : null;
}

function basicUser(value: string): string | null {
  try {
    return atob(value).split(":")[0];
  } catch {
    return null;
  }
}

function unauthorized(message: string): StripeApiError {
  return new StripeApiError(401, { type: "invalid_request_error", message });
}
