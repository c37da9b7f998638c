import type { RequestOf } from "../objects/event.ts";
import type { Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { invoicesOf, turnInvoice, turnSubscription } from "./records.ts";

/** Ends a subscription that has begun. Its invoices stay as they are, and nobody tries to collect them any more. */
export function endNow(
  standIn: StandIn,
  subscription: Subscription,
  reason: "cancellation_requested" | "payment_failed",
  request?: RequestOf,
): Subscription {
  const now = standIn.now();
  standIn.state.scheduled.delete(subscription.id);
  for (const invoice of invoicesOf(standIn, subscription.id)) {
    if (invoice.status !== "draft" && invoice.status !== "open") continue;
    const quiet = { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null };
    turnInvoice(standIn, invoice, quiet, ["invoice.updated"], request);
  }
  return turnSubscription(
    standIn,
    subscription,
    {
      canceled_at: subscription.canceled_at ?? now,
      cancellation_details: { ...subscription.cancellation_details!, reason },
      ended_at: now,
      schedule: null,
      status: "canceled",
    },
    "customer.subscription.deleted",
    request,
  );
}
