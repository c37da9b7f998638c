/**
 * Stripe's events: check the signature, hand the event to Postgres, say what became of it.
 *
 * Everything that a repetition cannot change is answered with 200, or 400; Stripe only tries again after 5xx.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { createApp, limitBodyTo } from "../_shared/http/app.ts";
import type { Json } from "../_shared/database/types.ts";
import { call, present } from "../_shared/database/client.ts";
import { isInvalidArgument } from "../_shared/database/errors.ts";
import { know } from "../_shared/http/coarse_limit.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { addHealth } from "../_shared/http/health.ts";
import { settings, strongSecrets } from "../_shared/needs.ts";
import { log } from "../_shared/log.ts";
import { errors, json } from "../_shared/http/schemas.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { forStripe, verifyEvent } from "../_billing/stripe.ts";
import { addReconcile } from "./reconcile.ts";

/** Stripe's events have far less. */
const MOST_BYTES = 256 * 1024;

/** The stripe-webhook. */
export const app = createApp("stripe-webhook", { ownBodyLimit: /^\/stripe-webhook\/?$/ });
addHealth(app, settings("STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY"), strongSecrets("SCHEDULER_SECRET"));
addReconcile(app);

/** What makes a signed body an event; the rest is Postgres' to judge. */
const Event = z.looseObject({
  id: z.string().min(1).max(255),
  object: z.literal("event"),
  type: z.string().min(1).max(255),
  data: z.looseObject({ object: z.looseObject({}) }),
});

const Outcome = z.object({
  received: z.literal(true),
  outcome: z.enum(["applied", "duplicate", "ignored", "held"]),
});

const route = createRoute({
  method: "post",
  path: "/",
  ...forStripe(limitBodyTo(MOST_BYTES)),
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: { type: "object", title: "Stripe event" } } },
    },
  },
  responses: {
    200: json(Outcome, "The event is kept; what it changed is in `outcome`"),
    ...errors(
      BILLING_ERRORS.invalid_signature,
      BILLING_ERRORS.invalid_payload,
      "payload_too_large",
      "temporarily_unavailable",
    ),
  },
});

app.openapi(route, async (c) => {
  const body = await c.req.text();
  const signed = await verifyEvent(body, c.req.header("stripe-signature") ?? "");
  know(c);
  const event = Event.safeParse(signed);
  if (!event.success) throw new ApiError(BILLING_ERRORS.invalid_payload, { cause: event.error });
  const result = await call("apply_stripe_event", { p_event: event.data as Json }).catch((error) => {
    throw isInvalidArgument(error) ? new ApiError(BILLING_ERRORS.invalid_payload, { cause: error }) : error;
  });
  const outcome = Outcome.shape.outcome.parse(present(result, "outcome").outcome);
  c.set("outcome", outcome);
  if (outcome === "held") {
    log("warn", "stripe_event_held", {
      event_id: event.data.id,
      type: event.data.type,
      reason: result.reason,
    });
  }
  return c.json({ received: true as const, outcome }, 200);
});
