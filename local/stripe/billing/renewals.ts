import type { Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { HOUR } from "./calendar.ts";
import { lastingDiscounts } from "./discounts.ts";
import { endWithoutCard } from "./ends.ts";
import { draftInvoice } from "./invoices.ts";
import { lineFor } from "./lines.ts";
import { beginPeriods, currentPeriod, repriced, sameRhythm } from "./periods.ts";
import { cardOf, priceOf, recurringPrice, updateSubscription } from "./records.ts";

/** How long a renewal's invoice stays a draft: https://docs.stripe.com/billing/subscriptions/webhooks */
const DRAFT_SECONDS = HOUR;

/**
 * A period or a trial is over: the next one begins, and its invoice is a draft for an hour. Nobody is asked to pay for a
 * subscription that counts as unpaid.
 */
export function renew(standIn: StandIn, subscription: Subscription): void {
  const wasTrial = subscription.status === "trialing";
  const withoutCard = subscription.trial_settings?.end_behavior.missing_payment_method;
  if (wasTrial && withoutCard !== "create_invoice" && cardOf(standIn, subscription) === null) {
    return endWithoutCard(standIn, subscription);
  }
  const period = currentPeriod(subscription);
  const planned = standIn.state.scheduled.get(subscription.id);
  const changed = planned === undefined ? subscription : replanned(standIn, subscription, planned);
  standIn.state.scheduled.delete(subscription.id);
  const items = beginPeriods(changed, changed.billing_cycle_anchor, period.end);
  const lines = [
    ...standIn.state.pendingLines.get(subscription.id) ?? [],
    ...items.data.map((item) =>
      lineFor(standIn, item, { start: item.current_period_start, end: item.current_period_end })
    ),
  ];
  standIn.state.pendingLines.delete(subscription.id);
  const isAsked = subscription.status !== "unpaid";
  const finalizesAt = isAsked ? standIn.now() + DRAFT_SECONDS : null;
  const reason = "subscription_cycle";
  const invoice = draftInvoice(standIn, { ...changed, items }, { reason, period, lines, finalizesAt });
  if (!isAsked) standIn.state.invoices.set(invoice.id, { ...invoice, auto_advance: false });
  updateSubscription(standIn, subscription, {
    billing_cycle_anchor: changed.billing_cycle_anchor,
    discounts: lastingDiscounts(standIn, subscription),
    items,
    latest_invoice: invoice.id,
    schedule: null,
    status: wasTrial ? "active" : subscription.status,
  });
}

/** The subscription at the price that was planned for its next period; another rhythm is counted from its start. */
function replanned(standIn: StandIn, subscription: Subscription, planned: string): Subscription {
  const [former] = subscription.items.data;
  const price = recurringPrice(standIn, planned, "items", "even inactive");
  const items = repriced(subscription, price, former.quantity);
  const anchor = sameRhythm(priceOf(former), price)
    ? subscription.billing_cycle_anchor
    : former.current_period_end;
  return { ...subscription, billing_cycle_anchor: anchor, items };
}
