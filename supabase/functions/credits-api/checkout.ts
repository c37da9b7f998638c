/**
 * `POST /checkout`: a purchase in Postgres, then a payment page at Stripe for exactly that purchase.
 *
 * What Stripe says of the payment grants credits (the webhook, or `refresh`); nothing here does. When Stripe does not answer, the open purchase
 * stays and the next request goes on with it, under the same idempotency key. A page is handed out again only while Stripe
 * says that it is open.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call, present } from "../_shared/database/client.ts";
import { ApiError, unavailable } from "../_shared/http/errors.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, jsonBody } from "../_shared/http/schemas.ts";
import { withCustomer } from "../_billing/customers.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { type Order, sessionFor, successUrl } from "../_billing/session_params.ts";
import { createSession, expireSession, pageOf } from "../_billing/sessions.ts";
import { Currency } from "./shop.ts";
import { forUser } from "../_shared/auth/users.ts";
import { allowedReturn, ReturnTo } from "../_billing/return_to.ts";

const Body = z.strictObject({
  pack_id: z.guid(),
  currency: Currency.optional().openapi({ description: "One of the pack's; its own when left out" }),
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
  request: jsonBody(Body),
  responses: {
    200: json(z.object({ url: z.url(), purchase_id: z.guid() }), "The payment page to open"),
    ...errors(
      "invalid_request",
      "invalid_json",
      BILLING_ERRORS.return_to_not_allowed,
      "unauthorized",
      BILLING_ERRORS.unknown_pack,
      "unsupported_media_type",
      BILLING_ERRORS.pack_misconfigured,
      BILLING_ERRORS.payment_provider_unavailable,
      "temporarily_unavailable",
    ),
  },
});

/** Adds the checkout route. */
export function addCheckout(app: App): void {
  app.openapi(route, async (c) => {
    const { pack_id, currency, return_to } = c.req.valid("json");
    const returnTo = allowedReturn(return_to);
    const user_id = caller(c).id;
    const start = async () => {
      const result = await call("create_checkout", {
        p_user_id: user_id,
        p_pack_id: pack_id,
        p_currency: currency,
      });
      c.set("outcome", result.outcome ?? undefined);
      applyRateLimit(c, "checkout", result);
      if (result.outcome === "unknown_pack") throw new ApiError(BILLING_ERRORS.unknown_pack);
      const order = present(result, "purchase_id", "credits", "amount_cents", "currency", "pack_name");
      return { ...result, ...order, user_id, pack_id };
    };
    let order = await start();
    if (order.stripe_session_id !== null) {
      const page = await pageOf(order.stripe_session_id, successUrl(returnTo));
      if (page.url !== null) return c.json({ url: page.url, purchase_id: order.purchase_id }, 200);
      await end(order, page.complete);
      order = await start();
    }
    return c.json({ url: await openPage(order, returnTo), purchase_id: order.purchase_id }, 200);
  });
}

/**
 * The payment page of a new session.
 *
 * @throws {ApiError} `pack_misconfigured` when it would sell at another price than was agreed.
 */
async function openPage(order: Order, returnTo: string): Promise<string> {
  const { purchase_id, user_id } = order;
  const session = await withCustomer(
    user_id,
    (customer) => createSession(sessionFor(order, customer, returnTo), purchase_id),
  );
  if (session.amount_subtotal !== order.amount_cents || session.currency !== order.currency) {
    await expireSession(session.id);
    await end(order, false);
    const [here, there] = [
      `${order.amount_cents} ${order.currency}`,
      `${session.amount_subtotal} ${session.currency}`,
    ];
    const cause = new Error(`pack ${order.pack_id} costs ${here} here and ${there} at Stripe`);
    throw new ApiError(BILLING_ERRORS.pack_misconfigured, { cause });
  }
  if (session.url === null) throw new Error("Stripe answered without a payment page");
  const attached = await call("attach_checkout_session", {
    p_purchase_id: purchase_id,
    p_user_id: user_id,
    p_session_id: session.id,
    p_expires_at: new Date(session.expires_at * 1000).toISOString(),
    p_livemode: session.livemode,
  });
  // Another tab was faster with a page of its own: the next try finds that one.
  if (attached.outcome === "not_found") {
    throw unavailable(new Error(`purchase ${purchase_id} has another session`));
  }
  return session.url;
}

/** Ends the purchase, whose page nobody is to be given again; `complete` when its buyer has been through it. */
async function end({ purchase_id, user_id }: Order, complete: boolean): Promise<void> {
  await call("end_checkout", { p_purchase_id: purchase_id, p_user_id: user_id, p_complete: complete });
}
