import { newId } from "../ids.ts";
import type { Period } from "../objects/subscription.ts";
import { buildSubscriptionItem } from "../objects/subscription_item.ts";
import type { RecurringPrice, Subscription, Timestamp } from "../objects/types.ts";
import { periodEnd } from "./calendar.ts";
import { recurrenceOf } from "./records.ts";

type Items = Subscription["items"];

/** The period that a subscription is in; its items share it. */
export function currentPeriod({ items: { data: [item] } }: Subscription): Period {
  return { start: item.current_period_start, end: item.current_period_end };
}

/** The items in the period that begins at `start`, of a cycle that is counted from `anchor`. */
export function beginPeriods({ items }: Subscription, anchor: Timestamp, start: Timestamp): Items {
  const data = items.data.map((item) => ({
    ...item,
    current_period_start: start,
    current_period_end: periodEnd(anchor, recurrenceOf(item), start),
  }));
  return { ...items, data };
}

/** The items with the first one at another price or quantity; it stays the same item. */
export function repriced({ id, items }: Subscription, price: RecurringPrice, quantity: number): Items {
  const [first, ...others] = items.data;
  const { start, end } = { start: first.current_period_start, end: first.current_period_end };
  const item = buildSubscriptionItem({
    id: first.id,
    created: first.created,
    subscription: id,
    price,
    quantity,
    period: { start, end },
  });
  return { ...items, data: [item, ...others] };
}

/** New items of a subscription. */
export function newItems(
  subscription: string,
  wanted: { price: RecurringPrice; quantity: number }[],
  period: Period,
): Items["data"] {
  return wanted.map(({ price, quantity }) =>
    buildSubscriptionItem({
      id: newId("subscriptionItem"),
      created: period.start,
      subscription,
      price,
      quantity,
      period,
    })
  );
}

/** The share of a period that is left at `now`, as Stripe counts it: by the second. */
export function shareLeft({ start, end }: Period, now: Timestamp): number {
  return Math.max(0, Math.min(1, (end - now) / (end - start)));
}

/** Whether two prices are paid equally often. */
export function sameRhythm(one: RecurringPrice, other: RecurringPrice): boolean {
  return one.recurring.interval === other.recurring.interval &&
    one.recurring.interval_count === other.recurring.interval_count;
}
