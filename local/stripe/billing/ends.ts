import { invalidRequest } from "../errors.ts";
import type { RequestOf } from "../objects/event.ts";
import type { Subscription } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { endNow } from "./end_now.ts";
import { abandonInvoice, draftInvoice, finalizeInvoice } from "./invoices.ts";
import { lineFor } from "./lines.ts";
import { beginPeriods } from "./periods.ts";
import { hasEnded, invoicesOf, updateSubscription } from "./records.ts";

/** Ends a subscription at once. What of it is not paid is not asked for any more. */
export function cancelSubscription(
  standIn: StandIn,
  subscription: Subscription,
  request?: RequestOf,
): Subscription {
  if (hasEnded(subscription)) {
    throw invalidRequest("This subscription has been canceled.", "resource_missing", "id");
  }
  if (subscription.status === "incomplete") return expireIncomplete(standIn, subscription, request);
  return endNow(standIn, subscription, "cancellation_requested", request);
}

/** A first invoice that nobody paid within 23 hours: it is void, and its subscription never was. */
export function expireIncomplete(
  standIn: StandIn,
  subscription: Subscription,
  request?: RequestOf,
): Subscription {
  for (const invoice of invoicesOf(standIn, subscription.id)) {
    if (invoice.status === "open") abandonInvoice(standIn, invoice, "void", request);
  }
  const changes = { ended_at: standIn.now(), status: "incomplete_expired" as const };
  return updateSubscription(standIn, subscription, changes, request);
}

/** A trial ends and there is no card: what was asked for when the subscription was made. */
export function endWithoutCard(standIn: StandIn, subscription: Subscription): void {
  const wanted = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (wanted === "cancel") return void cancelSubscription(standIn, subscription);
  const paused = updateSubscription(standIn, subscription, { status: "paused" });
  emit(standIn, "customer.subscription.paused", paused);
}

/** Goes on with a paused subscription: a new cycle begins now, and counts once its invoice is paid. */
export function resumeSubscription(
  standIn: StandIn,
  subscription: Subscription,
  request?: RequestOf,
): Subscription {
  if (subscription.status !== "paused") {
    throw invalidRequest(`This subscription is ${subscription.status}; only a paused one can be resumed.`);
  }
  const start = standIn.now();
  const items = beginPeriods(subscription, start, start);
  const lines = items.data.map((item) => lineFor(standIn, item, { start, end: item.current_period_end }));
  const period = { start, end: start };
  const invoice = draftInvoice(
    standIn,
    subscription,
    { reason: "subscription_update", period, lines, finalizesAt: null },
    request,
  );
  const changes = { billing_cycle_anchor: start, items, latest_invoice: invoice.id };
  updateSubscription(standIn, subscription, changes, request);
  finalizeInvoice(standIn, invoice, "at once", request);
  const after = standIn.state.subscriptions.get(subscription.id)!;
  if (after.status === "active") emit(standIn, "customer.subscription.resumed", after, { request });
  return after;
}
