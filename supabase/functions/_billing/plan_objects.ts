/**
 * Subscriptions, invoices and their payments as Postgres takes them: one flat shape, whichever version of Stripe's API the
 * endpoint speaks. Since "basil" (2025-03-31) periods are on the items of a subscription, an invoice names its
 * subscription under `parent`, a line its price under `pricing`, and payments are objects of their own.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type { Json } from "../_shared/database/types.ts";

const Text = z.string().max(255);
/** An id, or the object that was asked for in its place. */
const Ref = z.union([Text, z.object({ id: Text }).transform(({ id }) => id)]).nullish().catch(null);
const Whole = z.int().nullish().catch(null);
/** As many lines as an invoice can have: https://docs.stripe.com/api/invoices/object */
export const MOST_ENTRIES = 250;
/** What is not there, or no such thing, is missing; Postgres says what of it cannot be done without. */
const list = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item).max(MOST_ENTRIES) }).transform(({ data }) => data).catch(
    [] as z.output<T>[],
  );

const Item = z.object({
  price: Ref,
  quantity: Whole,
  current_period_start: Whole,
  current_period_end: Whole,
}).partial();

const Subscription = z.object({
  current_period_start: Whole,
  current_period_end: Whole,
  billing_cycle_anchor: Whole,
  cancel_at: Whole,
  cancel_at_period_end: z.boolean().nullish().catch(null),
  trial_end: Whole,
  customer: Ref,
  items: list(Item),
}).partial();

const Line = z.object({
  amount: Whole,
  quantity: Whole,
  price: Ref,
  pricing: z.object({ price_details: z.object({ price: Ref }).nullish() }).nullish().catch(null),
  proration: z.boolean().nullish().catch(null),
  parent: z.object({
    subscription_item_details: z.object({ proration: z.boolean() }).nullish(),
    invoice_item_details: z.object({ proration: z.boolean() }).nullish(),
  }).nullish().catch(null),
  period: z.object({ start: Whole, end: Whole }).nullish().catch(null),
}).partial();

const Payment = z.object({
  amount_paid: Whole,
  invoice: Ref,
  payment: z.object({ payment_intent: Ref }).nullish().catch(null),
}).partial();

/** An invoice has no tag of its own: it repeats that of its subscription. */
const Details = z.object({
  subscription: Ref,
  metadata: z.object({ project: Text.nullish() }).nullish().catch(null),
}).partial().nullish().catch(null);

const Invoice = z.object({
  customer: Ref,
  subscription: Ref,
  subscription_details: Details,
  parent: z.object({ subscription_details: Details }).nullish().catch(null),
  payment_intent: Ref,
  payments: list(Payment),
  total: Whole,
  total_discount_amounts: z.array(z.object({ amount: z.int() })).nullish().catch(null),
  lines: list(Line),
}).partial();

type Fields = Record<string, Json>;

/** What Stripe's object says beside its plain fields, where it is about a plan; nothing for any other object. */
export function planFields(object: Record<string, unknown>): Fields {
  switch (object.object) {
    case "subscription":
      return subscriptionFields(Subscription.parse(object));
    case "invoice":
      return invoiceFields(Invoice.parse(object));
    case "invoice_payment":
      return paymentFields(Payment.parse(object));
    default:
      return {};
  }
}

function subscriptionFields(said: z.output<typeof Subscription>): Fields {
  const items = (said.items ?? []).map((item) => ({
    price: item.price ?? null,
    quantity: item.quantity ?? null,
    start: item.current_period_start ?? said.current_period_start ?? null,
    end: item.current_period_end ?? said.current_period_end ?? null,
  }));
  const ends = said.cancel_at_period_end ? items[0]?.end : null;
  return {
    customer: said.customer ?? null,
    anchor: said.billing_cycle_anchor ?? null,
    cancel_at: said.cancel_at ?? ends ?? null,
    trial_end: said.trial_end ?? null,
    items,
  };
}

function invoiceFields(said: z.output<typeof Invoice>): Fields {
  const lines = (said.lines ?? []).map((line) => ({
    price: line.pricing?.price_details?.price ?? line.price ?? null,
    quantity: line.quantity ?? 1,
    amount: line.amount ?? null,
    proration: line.proration ?? line.parent?.subscription_item_details?.proration ??
      line.parent?.invoice_item_details?.proration ?? false,
    start: line.period?.start ?? null,
    end: line.period?.end ?? null,
  }));
  const payments = (said.payments ?? []).map(paymentOf);
  // Before "basil" an invoice had one payment and named it itself.
  if (payments.length === 0 && said.payment_intent) {
    payments.push({ payment_intent: said.payment_intent, amount: null });
  }
  const details = said.parent?.subscription_details ?? said.subscription_details;
  const project = details?.metadata?.project;
  return {
    ...(project ? { metadata: { project } } : {}),
    customer: said.customer ?? null,
    subscription: said.subscription ?? details?.subscription ?? null,
    // What is credited to the customer's balance cost nothing.
    total: typeof said.total === "number" ? Math.max(said.total, 0) : null,
    discount: (said.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    lines,
    payments: payments.filter(({ payment_intent }) => payment_intent !== null),
  };
}

function paymentFields(said: z.output<typeof Payment>): Fields {
  return { invoice: said.invoice ?? null, ...paymentOf(said) };
}

function paymentOf({ payment, amount_paid }: z.output<typeof Payment>) {
  return { payment_intent: payment?.payment_intent ?? null, amount: amount_paid ?? null };
}
