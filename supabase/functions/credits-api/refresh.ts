/**
 * `POST /checkout/{id}/refresh`: what became of a payment, asked of Stripe itself. The page that Stripe sends the browser back
 * to calls it, so that credits are there at once, also where no event arrives.
 *
 * @module
 */
import { createRoute } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call } from "../_shared/database/client.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, IdParam, json, UUID_PARAM } from "../_shared/http/schemas.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { refreshSession } from "../_billing/refresh.ts";
import { forUser } from "../_shared/auth/users.ts";
import { Purchase, purchaseOf } from "./purchases.ts";

const route = createRoute({
  method: "post",
  path: `/checkout/${UUID_PARAM}/refresh`,
  ...forUser("checkout_refresh"),
  request: { params: IdParam },
  responses: {
    200: json(Purchase, "The purchase, with what Stripe says of its payment now"),
    ...errors(
      "unauthorized",
      "not_found",
      BILLING_ERRORS.payment_provider_unavailable,
      "temporarily_unavailable",
    ),
  },
});

/** Whether Stripe's session may say something new. */
const isUndecided = (status: string | null) =>
  status === "open" || status === "processing" || status === "expired" || status === "failed";

/** Adds the route that refreshes a purchase. */
export function addRefresh(app: App): void {
  app.openapi(route, async (c) => {
    const user = caller(c);
    const result = await call("refresh_checkout", {
      p_user_id: user.id,
      p_purchase_id: c.req.valid("param").id,
    });
    c.set("outcome", result.outcome ?? undefined);
    applyRateLimit(c, "checkout_refresh", result);
    const { purchase_id, status, stripe_session_id } = result;
    if (purchase_id === null) throw new ApiError("not_found");
    if (stripe_session_id !== null && isUndecided(status)) await refreshSession(stripe_session_id);
    const purchase = await purchaseOf(user.token, purchase_id);
    if (purchase === undefined) throw new ApiError("not_found");
    return c.json(purchase, 200);
  });
}
