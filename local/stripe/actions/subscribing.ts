import { find } from "../api/find.ts";
import { saveCard } from "../billing/cards.ts";
import { discountOn, grantDiscount } from "../billing/discounts.ts";
import { recurringPrice } from "../billing/records.ts";
import { createSubscription } from "../billing/subscriptions.ts";
import { newId } from "../ids.ts";
import { completeSession } from "../objects/session.ts";
import type { CheckoutSession, LineItem } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import type { EventRecord } from "../state.ts";
import { createCustomer, rememberEmail } from "./customers.ts";
import { sumOf } from "./line_items.ts";
import type { SubscriptionData } from "../state.ts";

/** What the first invoice of a session's subscription will ask for: nothing in a trial. */
export function firstSum(
  standIn: StandIn,
  lines: LineItem[],
  { coupon, trial }: Pick<SubscriptionData, "coupon" | "trial">,
): { amountTotal: number; amountDiscount: number; currency: string } {
  const { amountTotal, currency } = sumOf(lines);
  if (trial.days !== undefined || trial.end !== undefined) {
    return { amountTotal: 0, amountDiscount: 0, currency };
  }
  const known = coupon === null ? undefined : find(standIn, "coupons", coupon, "discounts[0][coupon]");
  const amountDiscount = known === undefined ? 0 : discountOn(known, amountTotal);
  return { amountTotal: amountTotal - amountDiscount, amountDiscount, currency };
}

/**
 * The buyer's click on an open session that subscribes. The subscription exists once the first payment went through, as it
 * does since the API of 2025-03-31:
 * https://docs.stripe.com/changelog/basil/2025-03-31/checkout-legacy-subscription-upgrade
 */
export function subscribeOnPage(
  standIn: StandIn,
  session: CheckoutSession,
  isPaid: boolean,
  email: string | null,
): EventRecord | null {
  const data = standIn.state.subscriptionData.get(session.id)!;
  if (!isPaid) {
    standIn.state.subscriptionData.set(session.id, { ...data, isDeclined: true });
    standIn.changed();
    return null;
  }
  const request = { id: newId("request"), idempotency_key: crypto.randomUUID() };
  const address = session.customer_email ?? email;
  const customer = session.customer ??
    createCustomer(standIn, { email: address, name: null, metadata: {} }, request).id;
  rememberEmail(standIn, customer, email);
  const takesCard = session.amount_total > 0 || data.cardCollection === "always";
  const items = (standIn.state.lineItems.get(session.id) ?? []).map(({ price, quantity }) => ({
    price: recurringPrice(standIn, price.id, "line_items", "even inactive"),
    quantity,
  }));
  const subscription = createSubscription(standIn, {
    ...data,
    customer,
    defaultPaymentMethod: takesCard ? saveCard(standIn, customer).id : null,
    discounts: data.coupon === null ? [] : [grantDiscount(standIn, data.coupon, customer, session.id)],
    items,
    collect: "at once",
  }, request);
  const completed: CheckoutSession = {
    ...completeSession(session, null, true, email),
    customer,
    invoice: subscription.latest_invoice,
    payment_status: session.amount_total > 0 ? "paid" : "no_payment_required",
    subscription: subscription.id,
  };
  standIn.state.sessions.set(session.id, completed);
  return emit(standIn, "checkout.session.completed", completed, { request });
}
