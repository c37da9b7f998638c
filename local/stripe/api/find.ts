import { resourceMissing } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";
import type { State } from "../state.ts";

const KIND = {
  products: "product",
  prices: "price",
  sessions: "checkout.session",
  paymentIntents: "payment_intent",
  charges: "charge",
  refunds: "refund",
  disputes: "dispute",
  balanceTransactions: "balance transaction",
  events: "event",
  coupons: "coupon",
  subscriptions: "subscription",
  invoices: "invoice",
  invoicePayments: "invoice payment",
  cards: "PaymentMethod",
} as const;

type Found<K extends keyof State> = State[K] extends Map<string, infer T> ? T : never;

/**
 * The object with this id, or Stripe's `resource_missing`. `param` is given where the id came as a parameter:
 * then the answer is 400 instead of 404.
 */
export function find<K extends keyof typeof KIND>(
  standIn: StandIn,
  kind: K,
  id: string,
  param?: string,
): Found<K> {
  const found = standIn.state[kind].get(id);
  if (found === undefined) {
    throw resourceMissing(KIND[kind], id, param ?? "id", param === undefined ? 404 : 400);
  }
  return found as Found<K>;
}
