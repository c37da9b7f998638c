/**
 * The reconciler: what Stripe could not deliver, where purchases and plans disagree with Stripe's own objects, and which customers are to be
 * deleted there.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { eraseCustomers, Erasures } from "./erasures.ts";
import { MissingEvent, reconcileEvents } from "./reconcile_events.ts";
import { PlanDifference, reconcilePlans } from "./reconcile_plans.ts";
import { Difference, reconcilePurchases } from "./reconcile_purchases.ts";
import { connect } from "./stripe.ts";

/** Stripe keeps events for so many days. */
export const MOST_DAYS = 30;

/** What to reconcile, and who wants to see it happen. */
export interface Reconciliation {
  /** How far back, at most {@linkcode MOST_DAYS}. */
  days: number;
  /** Every event, or only those that Stripe could not deliver. */
  all: boolean;
  /** Whether to take in what is missing and to delete customers of erased users; otherwise nothing changes. */
  apply: boolean;
  /** Is told how many events and sessions were looked at so far. */
  onProgress?: (events: number, sessions: number) => void;
}

/** What was found. */
export const Report = z.object({
  since: z.iso.datetime().openapi({ description: "From when on events and sessions were looked at" }),
  applied: z.boolean(),
  events: z.object({ checked: z.int(), missing: z.array(MissingEvent) }),
  purchases: z.object({ compared: z.int(), differences: z.array(Difference) }),
  plans: z.object({ compared: z.int(), differences: z.array(PlanDifference) }),
  customers: Erasures.openapi({
    description: "Customers of erased users: those deleted at Stripe, and those not yet",
  }),
});
export type Report = z.infer<typeof Report>;

/** Looks for missing events first, so that what they bring is there when purchases are compared. */
export async function reconcile(
  { days, all, apply, onProgress = () => {} }: Reconciliation,
): Promise<Report> {
  const stripe = connect();
  const since = Math.floor(Date.now() / 1000) - days * 24 * 60 * 60;
  let [looked, compared] = [0, 0];
  const events = await reconcileEvents(stripe, { since, all, apply }, () => onProgress(++looked, compared));
  const purchases = await reconcilePurchases(stripe, since, () => onProgress(looked, ++compared));
  const plans = await reconcilePlans(stripe, { since, apply });
  const customers = await eraseCustomers(stripe, apply);
  return { since: new Date(since * 1000).toISOString(), applied: apply, events, purchases, plans, customers };
}

/** Whether somebody has to look: an event was not taken in or is held, purchases disagree, or a customer is still there. */
export function needsAttention({ applied, events, purchases, plans, customers }: Report): boolean {
  return plans.differences.some(({ outcome }) => outcome !== "applied") ||
    (applied && customers.pending.length > 0) || purchases.differences.length > 0 ||
    events.missing.some(({ outcome }) => ["missing", "held", "failed"].includes(outcome));
}
