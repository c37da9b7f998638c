import { newId } from "../ids.ts";
import type { RecurringPrice, Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { changePlan } from "./changes.ts";
import { priceOf, updateSubscription } from "./records.ts";
import { planCancellation } from "./updates.ts";

/** Days of each interval, near enough to say which of two is longer. */
const LENGTH = { day: 1, week: 7, month: 30, year: 365 };

/** What a subscription can be changed to: every other price of the same currency that is sold, cheapest first. */
export function offers(standIn: StandIn, subscription: Subscription): RecurringPrice[] {
  const current = priceOf(subscription.items.data[0]);
  return [...standIn.state.prices.values()].filter((price): price is RecurringPrice =>
    price.recurring !== null && price.active && price.currency === current.currency && price.id !== current.id
  ).sort((one, other) => one.unit_amount - other.unit_amount);
}

/**
 * A change as the portal makes it, where its configuration says `billing_cycle_anchor: "now"` and that a smaller amount or a
 * shorter interval waits for the period's end (`schedule_at_period_end`):
 * https://docs.stripe.com/api/customer_portal/configurations/object
 */
export function changeInPortal(
  standIn: StandIn,
  subscription: Subscription,
  price: RecurringPrice,
): Subscription {
  const [item] = subscription.items.data;
  if (isLess(priceOf(item), price)) {
    standIn.state.scheduled.set(subscription.id, price.id);
    const schedule = subscription.schedule ?? newId("schedule");
    return updateSubscription(standIn, subscription, { schedule });
  }
  // Whoever changes to more does not mean to leave.
  const staying = subscription.cancel_at === null ? subscription : keepSubscription(standIn, subscription);
  const { quantity } = item;
  const prorate = standIn.dashboard.portal_proration;
  return changePlan(standIn, staying, { price, quantity, prorate, resetAnchor: true });
}

/** Takes back that a subscription is to end, or to become a smaller one. */
export function keepSubscription(standIn: StandIn, subscription: Subscription): Subscription {
  standIn.state.scheduled.delete(subscription.id);
  const unplanned = updateSubscription(standIn, subscription, { schedule: null });
  return planCancellation(standIn, unplanned, { cancel_at_period_end: false });
}

/** Whether a change to `next` is one that waits for the end of the period. */
export function isLess(current: RecurringPrice, next: RecurringPrice): boolean {
  const [long, short] = [lengthOf(current), lengthOf(next)];
  return short < long || (short === long && next.unit_amount < current.unit_amount);
}

function lengthOf({ recurring: { interval, interval_count } }: RecurringPrice): number {
  return LENGTH[interval as keyof typeof LENGTH] * interval_count;
}
