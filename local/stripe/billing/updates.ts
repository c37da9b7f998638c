import { find } from "../api/find.ts";
import { invalidRequest } from "../errors.ts";
import type { RequestOf } from "../objects/event.ts";
import type { Subscription, Timestamp } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { type Change, changePlan } from "./changes.ts";
import { currentPeriod } from "./periods.ts";
import { hasEnded, priceOf, recurringPrice, updateSubscription } from "./records.ts";

/** When a subscription is to end; null takes it back. */
export interface Cancellation {
  cancel_at?: Timestamp | null;
  cancel_at_period_end?: boolean;
}

/** What `POST /v1/subscriptions/{id}` changes. */
export interface Update extends Cancellation {
  items?: { price?: string; quantity?: number }[];
  billing_cycle_anchor: { type: "now" | "unchanged" };
  proration_behavior: Change["prorate"];
  trial_end?: "now";
  default_payment_method?: string;
  description?: string;
  metadata?: Record<string, string>;
}

/** Changes a subscription as asked for, in one event where it can be one. */
export function changeSubscription(
  standIn: StandIn,
  subscription: Subscription,
  update: Update,
  request?: RequestOf,
): Subscription {
  if (hasEnded(subscription)) {
    throw invalidRequest("A canceled subscription can only update its cancellation_details and metadata.");
  }
  const { default_payment_method: card, description, metadata } = update;
  if (card !== undefined) find(standIn, "cards", card, "default_payment_method");
  const changes = {
    ...(card === undefined ? {} : { default_payment_method: card }),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: { ...subscription.metadata, ...metadata } }),
  };
  const renamed = updateSubscription(standIn, subscription, changes, request);
  const ended = planCancellation(standIn, renamed, update, request);
  if (!update.items && update.billing_cycle_anchor.type === "unchanged" && !update.trial_end) return ended;
  const [item] = subscription.items.data;
  const [wanted = {}] = update.items ?? [];
  return changePlan(standIn, ended, {
    price: wanted.price === undefined
      ? priceOf(item)
      : recurringPrice(standIn, wanted.price, "items[0][price]"),
    quantity: wanted.quantity ?? item.quantity,
    prorate: update.proration_behavior,
    resetAnchor: update.billing_cycle_anchor.type === "now",
    endTrial: update.trial_end === "now",
  }, request);
}

/** Sets or takes back the end of a subscription. */
export function planCancellation(
  standIn: StandIn,
  subscription: Subscription,
  { cancel_at, cancel_at_period_end }: Cancellation,
  request?: RequestOf,
): Subscription {
  const isAsked = cancel_at !== undefined || cancel_at_period_end !== undefined;
  if (!isAsked) return subscription;
  const atEnd = cancel_at_period_end ?? false;
  const at = atEnd ? currentPeriod(subscription).end : cancel_at ?? null;
  if (at !== null && at < standIn.now()) {
    throw invalidRequest("`cancel_at` must be in the future.", undefined, "cancel_at");
  }
  const reason = at === null ? null : "cancellation_requested";
  return updateSubscription(standIn, subscription, {
    cancel_at: at,
    cancel_at_period_end: atEnd,
    canceled_at: at === null ? null : standIn.now(),
    cancellation_details: { ...subscription.cancellation_details!, reason },
  }, request);
}
