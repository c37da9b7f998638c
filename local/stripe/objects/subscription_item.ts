import type Stripe from "stripe";
import type { Period } from "./subscription.ts";
import type { RecurringPrice, SubscriptionItem, Timestamp } from "./types.ts";

/** A full item: `quantity` times `price` for each period. */
export function buildSubscriptionItem(
  { id, created, subscription, price, quantity, period }: {
    id: string;
    created: Timestamp;
    subscription: string;
    price: RecurringPrice;
    quantity: number;
    period: Period;
  },
): SubscriptionItem {
  return {
    id,
    object: "subscription_item",
    billing_thresholds: null,
    created,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    // JSON has the decimal as text, which the SDK makes a number of its own of.
    price: price as unknown as Stripe.Price,
    quantity,
    subscription,
    tax_rates: [],
  };
}

/** The price in the form that Stripe had before there were prices, which each item still has. */
export function planOf(price: RecurringPrice): Stripe.Plan {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal as unknown as Stripe.Plan["amount_decimal"],
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval: price.recurring.interval,
    interval_count: price.recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}
