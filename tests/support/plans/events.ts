/**
 * Stripe's objects of a plan in the shapes of before and since "basil", as far as they are used, and events of them.
 *
 * @module
 */
import { keptEvent } from "../../../supabase/functions/_billing/event.ts";
import type { Paid } from "./grants.ts";

/** Which of the two shapes of Stripe's API. */
export type Shape = "before" | "since";

/** A time as Stripe has it. */
export const seconds = (at: number) => Math.floor(at / 1000);
/** A list of Stripe's. */
export const page = (data: unknown[]) => ({ object: "list", data, has_more: false });

/** One of Stripe's objects. */
export type Json = Record<string, unknown>;
/** An event about one. */
export interface Event {
  id: string;
  type: string;
  created: number;
  livemode: boolean;
  data: { object: Json };
}

/** A new event, under an id of its own. */
export function newEvent(type: string, object: Json, at: number): Event {
  return { id: `evt_${crypto.randomUUID()}`, type, created: seconds(at), livemode: false, data: { object } };
}

/** The statement that takes an event in as it is delivered. */
export function take(event: Event): string {
  const kept = JSON.stringify(keptEvent(event, event.id)).replaceAll("'", "''");
  return `select outcome from public.apply_stripe_event('${kept}'::jsonb)`;
}

/** A paid invoice. `credited` says that it also credits the unused time of another plan. */
export function invoice(
  paid: Paid,
  { shape, customer, price, amount, reason, credited }: {
    shape: Shape;
    customer: string;
    price: string;
    amount: number;
    reason: string;
    credited?: boolean;
  },
): Json {
  const line = (cents: number, proration: boolean) => ({
    ...{ amount: cents, quantity: 1, period: { start: seconds(paid.start), end: seconds(paid.end) } },
    ...(shape === "before"
      ? { price: { id: price }, proration }
      : { pricing: { price_details: { price } }, parent: { subscription_item_details: { proration } } }),
  });
  return {
    ...{ object: "invoice", id: paid.id, status: "paid", customer, currency: "usd", billing_reason: reason },
    ...{ total: paid.total, total_discount_amounts: [], customer_name: "Ada" },
    lines: page([line(amount, false), ...(credited ? [line(-100, true)] : [])]),
    ...(shape === "before"
      ? { subscription: paid.subscription, payment_intent: `pi_${paid.id}` }
      : { parent: { subscription_details: { subscription: paid.subscription, metadata: {} } } }),
  };
}

/** The same as Stripe lists it to the SDK: always in the shape of today, with its payments. */
export function listedInvoice(
  paid: Paid,
  about: Omit<Parameters<typeof invoice>[1], "shape">,
  at: number,
): Json {
  const today = invoice(paid, { ...about, shape: "since" });
  return { ...today, created: seconds(at), livemode: false, payments: page([invoicePayment(paid)]) };
}

/** Which payment paid an invoice: only since "basil" an object of its own. */
export function invoicePayment({ id, total }: Paid): Json {
  const payment = { type: "payment_intent", payment_intent: `pi_${id}` };
  return {
    object: "invoice_payment",
    id: `inpay_${id}`,
    invoice: id,
    amount_paid: total,
    status: "paid",
    payment,
  };
}

/** A subscription that stands as `status`. */
export function subscription(
  { subscription: id, anchor, start, end }: Paid,
  { shape, customer, price, status }: { shape: Shape; customer: string; price: string; status: string },
): Json {
  const period = { current_period_start: seconds(start), current_period_end: seconds(end) };
  const item = { price: { id: price }, quantity: 1, ...(shape === "since" ? period : {}) };
  return {
    ...{ object: "subscription", id, customer, status, billing_cycle_anchor: seconds(anchor) },
    ...{ created: seconds(anchor), cancel_at: null, cancel_at_period_end: false, trial_end: null },
    ...(shape === "before" ? period : {}),
    items: page([item]),
  };
}

/** So much of an invoice went back, by a refund or by a dispute. */
export function refund({ id }: Pick<Paid, "id">, cents: number): Json {
  return {
    object: "refund",
    id: `re_${id}_${cents}`,
    payment_intent: `pi_${id}`,
    amount: cents,
    status: "succeeded",
  };
}

/** A dispute of all of an invoice. */
export function dispute({ id, total }: Paid, status: string): Json {
  return {
    object: "dispute",
    id: `du_${id}`,
    payment_intent: `pi_${id}`,
    amount: total,
    currency: "usd",
    status,
  };
}
