/**
 * Stripe's events: check the signature, hand the event to Postgres, say what became of it. Only where an invoice has more
 * lines than an event carries is Stripe asked for them first.
 *
 * Whatever Stripe signed is answered with 200 and kept: Stripe tries again for three days after any other answer, and may
 * then stop delivering. Only where another delivery can help is it 5xx.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { createApp } from "../_shared/http/app.ts";
import { limitSizeTo } from "../_shared/http/body.ts";
import { present } from "../_shared/database/client.ts";
import { know } from "../_shared/http/coarse_limit.ts";
import { addHealth } from "../_shared/http/health.ts";
import { settings, strongSecrets } from "../_shared/needs.ts";
import { errors, json } from "../_shared/http/schemas.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { applyEvent, keptEvent, logEffect } from "../_billing/event.ts";
import { forStripe, verifyEvent } from "../_billing/stripe.ts";
import { wholeEvent } from "../_billing/whole.ts";
import { addReconcile } from "./reconcile.ts";

/** Stripe's events have far less. */
const MOST_BYTES = 256 * 1024;

/** The stripe-webhook. */
export const app = createApp("stripe-webhook", { ownBodyLimit: /^\/stripe-webhook\/?$/ });
addHealth(app, settings("STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY"), strongSecrets("SCHEDULER_SECRET"));
addReconcile(app);

const Outcome = z.object({
  received: z.literal(true),
  outcome: z.enum(["applied", "duplicate", "ignored", "held"]),
});

const route = createRoute({
  method: "post",
  path: "/",
  ...forStripe(limitSizeTo(MOST_BYTES)),
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
      "payload_too_large",
      BILLING_ERRORS.payment_provider_unavailable,
      "temporarily_unavailable",
    ),
  },
});

app.openapi(route, async (c) => {
  const body = await c.req.text();
  const signed = await verifyEvent(body, c.req.header("stripe-signature") ?? "");
  know(c);
  const event = keptEvent(await wholeEvent(signed), body);
  const result = await applyEvent(event);
  const outcome = Outcome.shape.outcome.parse(present(result, "outcome").outcome);
  c.set("outcome", outcome);
  logEffect(event, result);
  return c.json({ received: true as const, outcome }, 200);
});
