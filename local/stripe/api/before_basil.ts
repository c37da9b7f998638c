/**
 * The shapes that objects had before the API of 2025-03-31, "basil": an endpoint or an SDK that is pinned to an older
 * version still sees them.
 *
 * https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end
 * https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects
 * https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices
 * https://docs.stripe.com/changelog/basil/2025-03-31/invoice-pricing-configurations
 *
 * @module
 */
import { planOf } from "../objects/subscription_item.ts";
import type { InvoicePayment, PaymentIntent, Price } from "../objects/types.ts";

type Json = Record<string, unknown>;
/** What the older shapes are made from, beside the object itself. */
export interface Kept {
  state: {
    paymentIntents: Map<string, PaymentIntent>;
    prices: Map<string, Price>;
    invoicePayments: Map<string, InvoicePayment>;
  };
}

const OF_KIND: Record<string, (standIn: Kept, object: Json) => Json> = {
  charge: (standIn, charge) => ({ ...charge, invoice: invoicePaidBy(standIn, charge.payment_intent) }),
  invoice,
  line_item: line,
  payment_intent: (standIn, intent) => ({ ...intent, invoice: invoicePaidBy(standIn, intent.id) }),
  subscription,
};

/** `value` with every object in it as it was; what is in that shape already stays so. */
export function asBeforeBasil<T>(standIn: Kept, value: T): T {
  return former(standIn, value) as T;
}

function former(standIn: Kept, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => former(standIn, item));
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [name, former(standIn, inside)]),
  );
  const change = OF_KIND[String(inner.object)];
  return change === undefined ? inner : change(standIn, inner);
}

function subscription(_standIn: Kept, object: Json): Json {
  if ("current_period_end" in object) return object;
  const items = object.items as { data: Json[] };
  const { current_period_start, current_period_end } = items.data[0];
  const data = items.data.map(({ current_period_start: _start, current_period_end: _end, ...item }) => item);
  return { ...object, current_period_start, current_period_end, items: { ...items, data } };
}

function invoice(standIn: Kept, object: Json): Json {
  if (!("parent" in object)) return object;
  const { parent, payments: _payments, amount_overpaid: _overpaid, total_taxes, ...rest } = object;
  const { subscription, metadata } = (parent as { subscription_details: Json }).subscription_details;
  const intent = intentFor(standIn, String(object.id));
  return {
    ...rest,
    charge: standIn.state.paymentIntents.get(intent ?? "")?.latest_charge ?? null,
    paid: object.status === "paid",
    paid_out_of_band: false,
    payment_intent: intent,
    quote: null,
    subscription,
    subscription_details: { metadata },
    tax: null,
    total_tax_amounts: total_taxes,
  };
}

function line(standIn: Kept, object: Json): Json {
  if (!("parent" in object)) return object;
  const { parent, pricing, taxes, subtotal: _subtotal, quantity_decimal: _decimal, ...rest } = object;
  const { subscription_item_details } = parent as { subscription_item_details: Json };
  const { proration, proration_details, subscription, subscription_item } = subscription_item_details;
  const { price_details } = pricing as { price_details: { price: string } };
  const price = standIn.state.prices.get(price_details.price) ?? null;
  return {
    ...rest,
    plan: price?.recurring ? planOf({ ...price, recurring: price.recurring }) : null,
    price,
    proration,
    proration_details,
    subscription,
    subscription_item,
    tax_amounts: taxes,
    tax_rates: [],
    type: proration ? "invoiceitem" : "subscription",
  };
}

function intentFor(standIn: Kept, id: string): string | null {
  return payments(standIn).find(({ invoice }) => invoice === id)?.payment.payment_intent ?? null;
}

function invoicePaidBy(standIn: Kept, intent: unknown): string | null {
  return payments(standIn).find(({ payment }) => payment.payment_intent === intent)?.invoice ?? null;
}

function payments(standIn: Kept): InvoicePayment[] {
  return [...standIn.state.invoicePayments.values()];
}
