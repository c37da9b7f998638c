/**
 * `POST /subscribe`: a payment page at Stripe for one price of a plan.
 *
 * What Stripe says of the invoices grants credits (the webhook); nothing here does. Whoever has a subscription changes it in
 * the billing portal. Two clicks get one page, and a page for another price is taken back first, so that nobody pays for two.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { withCustomer } from "../_billing/customers.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { allowedReturn, ReturnTo } from "../_billing/return_to.ts";
import { type Start, subscriptionSessionFor, successUrl } from "../_billing/session_params.ts";
import { createSession, expireSession, pageOf } from "../_billing/sessions.ts";
import { forUser } from "../_shared/auth/users.ts";
import { call, present } from "../_shared/database/client.ts";
import type { App } from "../_shared/http/app.ts";
import { type AppEnv, caller } from "../_shared/http/context.ts";
import { ApiError, unavailable } from "../_shared/http/errors.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, jsonBody, text } from "../_shared/http/schemas.ts";

const Body = z.strictObject({
  plan_id: z.guid(),
  price_id: text(1, 255).optional().openapi({ description: "One of the plan's; its first when left out" }),
  return_to: ReturnTo.openapi({
    description:
      "Where the payment page sends the browser back to, with `checkout=success` or `checkout=cancelled` " +
      "appended to its query",
  }),
});

const route = createRoute({
  method: "post",
  path: "/subscribe",
  ...forUser("subscribe"),
  request: jsonBody(Body),
  responses: {
    200: json(z.object({ url: z.url() }), "The payment page to open"),
    ...errors(
      "invalid_request",
      "invalid_json",
      BILLING_ERRORS.return_to_not_allowed,
      "unauthorized",
      BILLING_ERRORS.unknown_plan,
      BILLING_ERRORS.already_subscribed,
      "unsupported_media_type",
      BILLING_ERRORS.plan_misconfigured,
      BILLING_ERRORS.payment_provider_unavailable,
      "temporarily_unavailable",
    ),
  },
});

/** Who starts what. */
type Body = z.output<typeof Body>;

/** Adds the route that begins a subscription. */
export function addSubscribe(app: App): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    const returnTo = allowedReturn(body.return_to);
    const userId = caller(c).id;
    let checkout = await begin(c, userId, body);
    if (checkout.stripe_session_id !== null) {
      const url = await pageAgain(checkout.stripe_session_id, checkout.outcome === "created", returnTo);
      if (url !== undefined) return c.json({ url }, 200);
      await end(userId, checkout.checkout_id);
      checkout = await begin(c, userId, body);
    } else if (checkout.outcome === "other_price") {
      // The page for another price is being made at this moment, or never was.
      await end(userId, checkout.checkout_id);
      checkout = await begin(c, userId, body);
    }
    return c.json({ url: await openPage(checkout, returnTo) }, 200);
  });
}

type Checkout = Start & { checkout_id: string; outcome: string | null; stripe_session_id: string | null };

async function begin(c: Context<AppEnv>, user_id: string, { plan_id, price_id }: Body): Promise<Checkout> {
  const result = await call("create_subscription_checkout", {
    p_user_id: user_id,
    p_plan_id: plan_id,
    p_price_id: price_id,
  });
  c.set("outcome", result.outcome ?? undefined);
  applyRateLimit(c, "subscribe", result);
  if (result.outcome === "unknown_plan") throw new ApiError(BILLING_ERRORS.unknown_plan);
  if (result.outcome === "already_subscribed") throw new ApiError(BILLING_ERRORS.already_subscribed);
  return { ...result, ...present(result, "checkout_id", "stripe_price_id", "trial_days"), user_id };
}

/**
 * The page of a session that is still open and of the same price; undefined when there is none any more.
 *
 * @throws {ApiError} `already_subscribed` when somebody has been through it: its events are on their way.
 */
async function pageAgain(sessionId: string, same: boolean, returnTo: string): Promise<string | undefined> {
  const page = same
    ? await pageOf(sessionId, successUrl(returnTo))
    : { url: null, complete: !await expireSession(sessionId) && (await pageOf(sessionId, "")).url === null };
  if (page.url !== null) return page.url;
  if (page.complete) throw new ApiError(BILLING_ERRORS.already_subscribed);
}

async function openPage(checkout: Checkout, returnTo: string): Promise<string> {
  const { user_id, checkout_id } = checkout;
  const session = await withCustomer(
    user_id,
    (customer) =>
      createSession(
        subscriptionSessionFor(checkout, customer, returnTo),
        checkout_id,
        BILLING_ERRORS.plan_misconfigured,
      ),
  );
  if (session.url === null) throw new Error("Stripe answered without a payment page");
  const attached = await call("attach_subscription_session", {
    p_user_id: user_id,
    p_checkout_id: checkout_id,
    p_session_id: session.id,
  });
  if (attached.outcome === "not_found") {
    // Another tab was faster with a page of its own: this one must not be paid as well.
    await expireSession(session.id);
    throw unavailable(new Error(`checkout ${checkout_id} has another session`));
  }
  return session.url;
}

async function end(userId: string, checkoutId: string): Promise<void> {
  await call("end_subscription_checkout", { p_user_id: userId, p_checkout_id: checkoutId });
}
