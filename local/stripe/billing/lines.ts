import { buildInvoiceLine } from "../objects/invoice_parts.ts";
import type { Period } from "../objects/subscription.ts";
import type { InvoiceLine, Subscription, SubscriptionItem } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { currentPeriod, shareLeft } from "./periods.ts";
import { priceOf } from "./records.ts";

/** The line of an item for a whole period; a trial costs nothing. */
export function lineFor(
  standIn: StandIn,
  item: SubscriptionItem,
  period: Period,
  isTrial = false,
): InvoiceLine {
  const price = priceOf(item);
  const name = standIn.state.products.get(price.product)?.name ?? price.product;
  return buildInvoiceLine({
    amount: isTrial ? 0 : price.unit_amount * item.quantity,
    description: isTrial ? `Trial period for ${name}` : `${item.quantity} × ${name}`,
    period,
    price: isTrial ? { ...price, unit_amount_decimal: "0" } : price,
    proration: false,
    quantity: item.quantity,
    subscription: item.subscription,
    item: item.id,
  }, price.currency);
}

/** What is unused of the old price comes back; the rest of the period is paid at the new one, unless a new one begins. */
export function prorations(
  standIn: StandIn,
  subscription: Subscription,
  item: SubscriptionItem,
  isFresh: boolean,
): InvoiceLine[] {
  const now = standIn.now();
  const period = currentPeriod(subscription);
  const share = shareLeft(period, now);
  const line = (of: SubscriptionItem, sign: 1 | -1, what: string): InvoiceLine => {
    const price = priceOf(of);
    const name = standIn.state.products.get(price.product)?.name ?? price.product;
    return buildInvoiceLine({
      amount: sign * Math.round(price.unit_amount * of.quantity * share),
      description: `${what} time on ${of.quantity} × ${name}`,
      period: { start: now, end: period.end },
      price,
      proration: true,
      quantity: of.quantity,
      subscription: subscription.id,
      item: of.id,
    }, price.currency);
  };
  const unused = line(subscription.items.data[0], -1, "Unused");
  return isFresh ? [unused] : [unused, line(item, 1, "Remaining")];
}
