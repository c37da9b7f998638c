/**
 * `POST /checkout`: a purchase in Postgres, then a payment page at Stripe for exactly that purchase.
 *
 * What Stripe says of the payment is what grants credits (the webhook, or `refresh`); nothing here does. When Stripe does not answer, the open purchase
 * stays and the next request goes on with it, under the same idempotency key.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type Stripe from "stripe";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call, present, type Result } from "../_shared/database/client.ts";
import { ApiError, unavailable } from "../_shared/http/errors.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, jsonBody } from "../_shared/http/schemas.ts";
import { withCustomer } from "../_billing/customers.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { createSession } from "../_billing/stripe.ts";
import { forUser } from "../_shared/auth/users.ts";
import { allowedReturn, ReturnTo, withParameter } from "./return_to.ts";

const Order = z.strictObject({
  pack_id: z.guid(),
  return_to: ReturnTo.openapi({
    description:
      "Where the payment page sends the browser back to, with `checkout=success` or `checkout=cancelled` " +
      "appended to its query",
  }),
});

const route = createRoute({
  method: "post",
  path: "/checkout",
  ...forUser("checkout"),
  request: jsonBody(Order),
  responses: {
    200: json(z.object({ url: z.url(), purchase_id: z.guid() }), "The payment page to open"),
    ...errors(
      "invalid_request",
      "invalid_json",
      BILLING_ERRORS.return_to_not_allowed,
      "unauthorized",
      BILLING_ERRORS.unknown_pack,
      "unsupported_media_type",
      BILLING_ERRORS.payment_provider_unavailable,
      "temporarily_unavailable",
    ),
  },
});

/** Adds the checkout route. */
export function addCheckout(app: App): void {
  app.openapi(route, async (c) => {
    const { pack_id, return_to } = c.req.valid("json");
    const returnTo = allowedReturn(return_to);
    const userId = caller(c).id;
    const result = await call("create_checkout", { p_user_id: userId, p_pack_id: pack_id });
    c.set("outcome", result.outcome ?? undefined);
    applyRateLimit(c, "checkout", result);
    if (result.outcome === "unknown_pack") throw new ApiError(BILLING_ERRORS.unknown_pack);
    const { purchase_id } = present(result, "purchase_id");
    const url = result.checkout_url ?? await openSession(userId, result, returnTo);
    return c.json({ url, purchase_id }, 200);
  });
}

async function openSession(
  userId: string,
  order: Result<"create_checkout">,
  returnTo: string,
): Promise<string> {
  const { purchase_id } = present(order, "purchase_id");
  const session = await withCustomer(
    userId,
    (customer) => createSession({ ...sessionFor(userId, order, returnTo), customer }, purchase_id),
  );
  if (session.url === null) throw new Error("Stripe answered without a payment page");
  const attached = await call("attach_checkout_session", {
    p_purchase_id: purchase_id,
    p_user_id: userId,
    p_session_id: session.id,
    p_url: session.url,
    p_expires_at: new Date(session.expires_at * 1000).toISOString(),
  });
  // Another tab was faster with a page of its own: the next try finds that one.
  if (attached.outcome === "not_found") {
    throw unavailable(new Error(`purchase ${purchase_id} has another session`));
  }
  return session.url;
}

function sessionFor(
  userId: string,
  order: Result<"create_checkout">,
  returnTo: string,
): Stripe.Checkout.SessionCreateParams {
  const purchase = present(order, "purchase_id", "credits", "amount_cents", "currency", "pack_name");
  const metadata = {
    purchase_id: purchase.purchase_id,
    user_id: userId,
    credits: Number(purchase.credits).toFixed(2),
  };
  const price = order.stripe_price_id === null
    ? {
      price_data: {
        currency: purchase.currency,
        unit_amount: purchase.amount_cents,
        product_data: { name: purchase.pack_name },
      },
    }
    : { price: order.stripe_price_id };
  return {
    mode: "payment",
    line_items: [{ ...price, quantity: 1 }],
    client_reference_id: purchase.purchase_id,
    metadata,
    payment_intent_data: { metadata },
    success_url: withParameter(returnTo, "checkout=success"),
    cancel_url: withParameter(returnTo, "checkout=cancelled"),
  };
}
