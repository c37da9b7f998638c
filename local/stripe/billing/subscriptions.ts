import { invalidRequest } from "../errors.ts";
import { newId } from "../ids.ts";
import type { Trial } from "../state.ts";
import type { RequestOf } from "../objects/event.ts";
import { buildSubscription, type SubscriptionInput } from "../objects/subscription.ts";
import type { RecurringPrice, Subscription, Timestamp } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { DAY, periodEnd } from "./calendar.ts";
import { lastingDiscounts } from "./discounts.ts";
import { draftInvoice, finalizeInvoice } from "./invoices.ts";
import { lineFor } from "./lines.ts";
import { newItems } from "./periods.ts";
import { updateSubscription } from "./records.ts";

/** What is asked for with a new subscription. */
export interface NewSubscription extends
  Pick<
    SubscriptionInput,
    "customer" | "defaultPaymentMethod" | "discounts" | "metadata" | "description" | "withoutCard"
  > {
  items: { price: RecurringPrice; quantity: number }[];
  trial: Trial;
  /** Whether the first invoice is paid at once, or waits to be. */
  collect: "at once" | "later";
}

/** Makes a subscription and its first invoice. */
export function createSubscription(
  standIn: StandIn,
  input: NewSubscription,
  request?: RequestOf,
): Subscription {
  const created = standIn.now();
  const trialEnd = trialEndOf(input.trial, created);
  const anchor = trialEnd ?? created;
  const [{ price }] = input.items;
  checkItems(input.items.map((item) => item.price));
  const recurrence = {
    interval: price.recurring.interval as "month",
    count: price.recurring.interval_count,
  };
  const period = { start: created, end: trialEnd ?? periodEnd(anchor, recurrence, created) };
  const id = newId("subscription");
  const items = newItems(id, input.items, period);
  const built = buildSubscription({
    ...input,
    id,
    created,
    currency: price.currency,
    anchor,
    trialEnd,
    items,
  });
  const subscription: Subscription = { ...built, status: trialEnd === null ? "incomplete" : "trialing" };
  standIn.state.subscriptions.set(id, subscription);
  const lines = items.map((item) => lineFor(standIn, item, period, trialEnd !== null));
  const nothing = { start: created, end: created };
  emit(standIn, "customer.subscription.created", subscription, { request });
  const invoice = draftInvoice(
    standIn,
    subscription,
    { reason: "subscription_create", period: nothing, lines, finalizesAt: null },
    request,
  );
  updateSubscription(standIn, subscription, {
    latest_invoice: invoice.id,
    // A trial's invoice is about nothing, and so uses no discount up.
    ...(trialEnd === null ? { discounts: lastingDiscounts(standIn, subscription) } : {}),
  }, request);
  finalizeInvoice(standIn, invoice, input.collect, request);
  return standIn.state.subscriptions.get(id)!;
}

function trialEndOf({ days, end }: Trial, now: Timestamp): Timestamp | null {
  const ends = end ?? (days === undefined ? now : now + days * DAY);
  if (ends < now) throw invalidRequest("Timestamp must be in the future", undefined, "trial_end");
  return ends === now ? null : ends;
}

function checkItems(prices: RecurringPrice[]): void {
  const kinds = prices.map(({ currency, recurring: { interval, interval_count } }) =>
    [currency, interval, interval_count].join()
  );
  if (new Set(kinds).size > 1) {
    throw invalidRequest(
      "All prices of a subscription must share currency and interval.",
      undefined,
      "items",
    );
  }
}
