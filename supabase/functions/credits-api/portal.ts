/**
 * `POST /portal`: the way to Stripe's billing portal, where a user finds their receipts, invoices and cards.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call } from "../_shared/database/client.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, jsonBody } from "../_shared/http/schemas.ts";
import { withCustomer } from "../_billing/customers.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { openPortal } from "../_billing/stripe.ts";
import { forUser } from "../_shared/auth/users.ts";
import { allowedReturn, ReturnTo } from "../_billing/return_to.ts";

const Visit = z.strictObject({
  return_to: ReturnTo.openapi({ description: "Where the portal leads back to" }),
});

const route = createRoute({
  method: "post",
  path: "/portal",
  ...forUser("portal"),
  request: jsonBody(Visit),
  responses: {
    200: json(z.object({ url: z.url() }), "The page to open; it is the user's own, and soon out of date"),
    ...errors(
      "invalid_request",
      "invalid_json",
      BILLING_ERRORS.return_to_not_allowed,
      "unauthorized",
      "unsupported_media_type",
      BILLING_ERRORS.payment_provider_unavailable,
      "temporarily_unavailable",
    ),
  },
});

/** Adds the route to the billing portal. */
export function addPortal(app: App): void {
  app.openapi(route, async (c) => {
    const returnTo = allowedReturn(c.req.valid("json").return_to);
    const userId = caller(c).id;
    const result = await call("open_portal", { p_user_id: userId });
    c.set("outcome", result.outcome ?? undefined);
    applyRateLimit(c, "portal", result);
    const url = await withCustomer(userId, (customer) => openPortal(customer, returnTo));
    return c.json({ url }, 200);
  });
}
