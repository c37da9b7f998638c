/**
 * `GET /subscription`: what a user has subscribed to, when credits come, and what is left of those that came.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { forUser } from "../_shared/auth/users.ts";
import { call } from "../_shared/database/client.ts";
import { Credits } from "../_shared/http/amounts.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, Timestamp } from "../_shared/http/schemas.ts";

const Batch = z.object({
  kind: z.enum(["credits", "trial", "rollover", "late"]),
  amount: Credits,
  remaining: Credits,
  expires_at: Timestamp,
  created_at: Timestamp,
});

const Subscription = z.object({
  plan_id: z.guid(),
  plan: z.string(),
  status: z.string().openapi({ description: "As Stripe has it: `trialing`, `active`, `past_due`, …" }),
  price_id: z.string(),
  interval: z.enum(["month", "year"]),
  period_start: Timestamp,
  period_end: Timestamp,
  cancel_at: Timestamp.nullable(),
  trial_end: Timestamp.nullable(),
  next_credits_at: Timestamp.nullable().openapi({ description: "null when none are to come" }),
  next_credits: Credits.nullable(),
  batches: z.array(Batch).openapi({ description: "What came and has not expired, what ends first first" }),
});

const route = createRoute({
  method: "get",
  path: "/subscription",
  ...forUser("subscription"),
  responses: {
    200: json(z.object({ subscription: Subscription.nullable() }), "null when there is none"),
    ...errors("unauthorized"),
  },
});

/** Adds the route about a user's own subscription. */
export function addSubscription(app: App): void {
  app.openapi(route, async (c) => {
    const result = await call("read_subscription", { p_user_id: caller(c).id });
    c.set("outcome", result.outcome ?? undefined);
    applyRateLimit(c, "subscription", result);
    return c.json({ subscription: Subscription.nullable().parse(result.subscription) }, 200);
  });
}
