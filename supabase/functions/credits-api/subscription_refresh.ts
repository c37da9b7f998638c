/**
 * `POST /subscription/refresh`: what became of a plan, asked of Stripe itself. The page that Stripe sends the browser back to
 * calls it, so that a plan that was paid begins at once, also where no event arrives.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { keptCustomer } from "../_billing/customers.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { reconcilePlans } from "../_billing/reconcile_plans.ts";
import { connect, providerError } from "../_billing/stripe.ts";
import { forUser } from "../_shared/auth/users.ts";
import { call } from "../_shared/database/client.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json } from "../_shared/http/schemas.ts";

/** How far back invoices are asked for, in seconds: what is older, the reconciler finds. */
const RECENT = 35 * 24 * 60 * 60;

const route = createRoute({
  method: "post",
  path: "/subscription/refresh",
  ...forUser("subscription"),
  responses: {
    200: json(
      z.object({
        news: z.int().openapi({ description: "How many of Stripe's objects were not known as they are" }),
      }),
      "`GET /subscription` says what Stripe says now",
    ),
    ...errors("unauthorized", BILLING_ERRORS.payment_provider_unavailable, "temporarily_unavailable"),
  },
});

/** Adds the route that refreshes a user's own subscriptions. */
export function addSubscriptionRefresh(app: App): void {
  app.openapi(route, async (c) => {
    const userId = caller(c).id;
    const counted = await call("read_subscription", { p_user_id: userId });
    applyRateLimit(c, "subscription", counted);
    const customer = await keptCustomer(userId);
    if (customer === undefined) return c.json({ news: 0 }, 200);
    const since = Math.floor(Date.now() / 1000) - RECENT;
    const { differences } = await reconcilePlans(connect(), { since, apply: true, customer }).catch(
      (error) => {
        throw providerError(error);
      },
    );
    c.set("outcome", differences.length ? "news" : "known");
    return c.json({ news: differences.length }, 200);
  });
}
