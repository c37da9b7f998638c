import { resourceMissing } from "../errors.ts";
import type { Recurrence } from "../objects/catalog.ts";
import type { EventType, RequestOf } from "../objects/event.ts";
import type { Card, Invoice, RecurringPrice, Subscription, SubscriptionItem } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";

type SubscriptionEvent = Extract<EventType, `customer.subscription.${string}`>;
type InvoiceEvent = Extract<EventType, `invoice.${string}`>;

/** Has a subscription become what `changes` say, and tells it with the values that were before. */
export function updateSubscription(
  standIn: StandIn,
  former: Subscription,
  changes: Partial<Subscription>,
  request?: RequestOf,
): Subscription {
  const changed = { ...former, ...changes };
  standIn.state.subscriptions.set(former.id, changed);
  const previous = formerValues(former, changes);
  if (Object.keys(previous).length > 0) {
    emit(standIn, "customer.subscription.updated", changed, { previous, request });
  }
  return changed;
}

/** Has a subscription become what `changes` say, and tells it by an event of its own, such as its end. */
export function turnSubscription(
  standIn: StandIn,
  former: Subscription,
  changes: Partial<Subscription>,
  type: Exclude<SubscriptionEvent, "customer.subscription.updated">,
  request?: RequestOf,
): Subscription {
  const changed = { ...former, ...changes };
  standIn.state.subscriptions.set(former.id, changed);
  emit(standIn, type, changed, { request });
  return changed;
}

/** Has an invoice become what `changes` say, and tells it by each of `types`. */
export function turnInvoice(
  standIn: StandIn,
  { id }: Pick<Invoice, "id">,
  changes: Partial<Invoice>,
  types: InvoiceEvent[],
  request?: RequestOf,
): Invoice {
  const former = standIn.state.invoices.get(id)!;
  const changed = { ...former, ...changes };
  standIn.state.invoices.set(id, changed);
  standIn.changed();
  for (const type of types) {
    const previous = type === "invoice.updated" ? formerValues(former, changes) : undefined;
    emit(standIn, type, changed, { previous, request });
  }
  return changed;
}

/** The invoices of a subscription, oldest first. */
export function invoicesOf(standIn: StandIn, subscription: string): Invoice[] {
  return [...standIn.state.invoices.values()].filter((invoice) => subscriptionOf(invoice) === subscription);
}

/** The id of the subscription that an invoice is for. */
export function subscriptionOf(invoice: Invoice): string {
  return invoice.parent.subscription_details.subscription;
}

/** The payment intent that is to pay an invoice; none where nothing is due. */
export function intentOf(standIn: StandIn, invoice: string): string | null {
  const payments = [...standIn.state.invoicePayments.values()];
  return payments.find((payment) => payment.invoice === invoice)?.payment.payment_intent ?? null;
}

/** How often an item is paid for. */
export function recurrenceOf(item: SubscriptionItem): Recurrence {
  const { recurring } = priceOf(item);
  return { interval: recurring.interval as Recurrence["interval"], count: recurring.interval_count };
}

/** The price of an item, with its plain amounts. */
export function priceOf(item: SubscriptionItem): RecurringPrice {
  return item.price as unknown as RecurringPrice;
}

/**
 * A price that can be subscribed to; one that a session made for itself is not active, and so is one that is not sold any
 * more. @throws {StripeApiError} for one that is unknown or paid once.
 */
export function recurringPrice(
  standIn: StandIn,
  id: string,
  param: string,
  which: "active" | "even inactive" = "active",
): RecurringPrice {
  const price = standIn.state.prices.get(id);
  const isSold = price?.active || which === "even inactive";
  if (price === undefined || !isSold || price.recurring === null) {
    throw resourceMissing("recurring price", id, param, 400);
  }
  return { ...price, recurring: price.recurring };
}

/** The card that pays a subscription: its own, or its customer's. */
export function cardOf(standIn: StandIn, subscription: Subscription): Card | null {
  const customer = standIn.state.customers.get(subscription.customer);
  const id = subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method;
  return standIn.state.cards.get(String(id ?? "")) ?? null;
}

/** Whether a subscription has ended for good. */
export function hasEnded({ status }: Subscription): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

function formerValues<T extends object>(former: T, changes: Partial<T>): Record<string, unknown> {
  const names = Object.keys(changes) as (keyof T & string)[];
  const differing = names.filter((name) => JSON.stringify(former[name]) !== JSON.stringify(changes[name]));
  return Object.fromEntries(differing.map((name) => [name, former[name]]));
}
