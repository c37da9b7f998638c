import { invalidRequest } from "../errors.ts";
import type { RequestOf } from "../objects/event.ts";
import type { Invoice, InvoiceLine, RecurringPrice, Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { lastingDiscounts } from "./discounts.ts";
import { draftInvoice, finalizeInvoice } from "./invoices.ts";
import { lineFor, prorations } from "./lines.ts";
import { beginPeriods, repriced, sameRhythm } from "./periods.ts";
import { hasEnded, priceOf, updateSubscription } from "./records.ts";

/** What of a subscription changes, and how the difference is paid. */
export interface Change {
  price: RecurringPrice;
  quantity: number;
  /** `create_prorations` leaves the difference to the next invoice, `always_invoice` asks for it now, `none` forgets it. */
  prorate: "create_prorations" | "always_invoice" | "none";
  /** Whether a new cycle begins now; it does so in any case where the new price is paid in another rhythm. */
  resetAnchor: boolean;
  /** Ends the trial. */
  endTrial?: boolean;
}

/**
 * Moves a subscription to another price or quantity. A new cycle is invoiced at once and in full, less what is unused of the
 * old one. https://docs.stripe.com/billing/subscriptions/prorations
 */
export function changePlan(
  standIn: StandIn,
  subscription: Subscription,
  change: Change,
  request?: RequestOf,
): Subscription {
  if (hasEnded(subscription)) {
    throw invalidRequest("A canceled subscription can only update its cancellation_details and metadata.");
  }
  const [former] = subscription.items.data;
  if (former.price.currency !== change.price.currency) {
    throw invalidRequest("The price's currency must be the subscription's.", undefined, "items");
  }
  const now = standIn.now();
  const items = repriced(subscription, change.price, change.quantity);
  const inTrial = subscription.status === "trialing" && !change.endTrial;
  const isFresh = !inTrial && (change.resetAnchor || change.endTrial === true ||
    !sameRhythm(priceOf(former), change.price));
  const isPaidFor = !inTrial && subscription.status !== "trialing" && change.prorate !== "none";
  const lines = isPaidFor ? prorations(standIn, subscription, items.data[0], isFresh) : [];
  standIn.state.scheduled.delete(subscription.id);
  const changes = {
    items,
    schedule: null,
    ...(change.endTrial && subscription.status === "trialing"
      ? { trial_end: now, status: "active" as const }
      : {}),
  };
  if (isFresh) {
    beginCycle(standIn, subscription, { ...changes, items }, lines, request);
  } else if (change.prorate === "always_invoice" && lines.length > 0) {
    const invoice = bill(standIn, { ...subscription, items }, lines, request);
    updateSubscription(standIn, subscription, { ...changes, latest_invoice: invoice.id }, request);
    finalizeInvoice(standIn, invoice, "at once", request);
  } else {
    const waiting = standIn.state.pendingLines.get(subscription.id) ?? [];
    standIn.state.pendingLines.set(subscription.id, [...waiting, ...lines]);
    updateSubscription(standIn, subscription, changes, request);
  }
  return standIn.state.subscriptions.get(subscription.id)!;
}

/** Begins a cycle now, with an invoice for all of its first period. */
function beginCycle(
  standIn: StandIn,
  subscription: Subscription,
  changes: Partial<Subscription> & Pick<Subscription, "items">,
  lines: InvoiceLine[],
  request?: RequestOf,
): void {
  const start = standIn.now();
  const items = beginPeriods({ ...subscription, items: changes.items }, start, start);
  const [item] = items.data;
  const end = item.current_period_end;
  const full = lineFor(standIn, item, { start, end });
  const invoice = bill(standIn, { ...subscription, items }, [...lines, full], request);
  updateSubscription(standIn, subscription, {
    ...changes,
    billing_cycle_anchor: start,
    cancel_at: subscription.cancel_at_period_end ? end : subscription.cancel_at,
    discounts: lastingDiscounts(standIn, subscription),
    items,
    latest_invoice: invoice.id,
  }, request);
  finalizeInvoice(standIn, invoice, "at once", request);
}

function bill(
  standIn: StandIn,
  subscription: Subscription,
  lines: InvoiceLine[],
  request?: RequestOf,
): Invoice {
  const now = standIn.now();
  const period = { start: now, end: now };
  const input = { reason: "subscription_update" as const, period, lines, finalizesAt: null };
  return draftInvoice(standIn, subscription, input, request);
}
