/**
 * `POST /reconcile`: the reconciler for a schedule, authorised with the secret of schedulers and operators.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { forScheduler } from "../_shared/auth/keys.ts";
import { log } from "../_shared/log.ts";
import { BILLING_ERRORS } from "../_billing/errors.ts";
import { MOST_DAYS, needsAttention, reconcile, Report } from "../_billing/reconcile.ts";
import { errors, json, jsonBody } from "../_shared/http/schemas.ts";
import { providerError } from "../_billing/stripe.ts";

const Order = z.strictObject({
  apply: z.boolean().default(false).openapi({
    description: "Take in what is missing and delete customers of erased users, not only report it",
  }),
  all: z.boolean().default(false).openapi({ description: "Also events that Stripe says were delivered" }),
  days: z.int().min(1).max(MOST_DAYS).default(MOST_DAYS),
});

const route = createRoute({
  method: "post",
  path: "/reconcile",
  ...forScheduler(),
  request: jsonBody(Order),
  responses: {
    200: json(Report, "What Stripe has and was missing here, and where purchases disagree"),
    ...errors(
      "invalid_request",
      "invalid_json",
      "invalid_api_key",
      "unsupported_media_type",
      BILLING_ERRORS.payment_provider_unavailable,
      "not_configured",
      "temporarily_unavailable",
    ),
  },
});

/** Adds the reconciler's route. */
export function addReconcile(app: App): void {
  app.openapi(route, async (c) => {
    const report = await reconcile(c.req.valid("json")).catch((error) => {
      throw providerError(error);
    });
    const { events, purchases, plans, customers } = report;
    log(needsAttention(report) ? "warn" : "info", "stripe_reconciled", {
      applied: report.applied,
      checked: events.checked,
      missing: events.missing.length,
      compared: purchases.compared,
      differences: purchases.differences.length,
      plan_differences: plans.differences.length,
      customers_deleted: customers.deleted.length,
      customers_pending: customers.pending.length,
    });
    return c.json(report, 200);
  });
}
