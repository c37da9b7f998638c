import type Stripe from "stripe";
import { newId } from "../ids.ts";
import type { BalanceTransaction, Timestamp } from "./types.ts";

type Kind = "charge" | "payment" | "refund" | "refund_failure" | "dispute" | "dispute_reversal";

const TYPE: Record<Kind, Stripe.BalanceTransaction.Type> = {
  charge: "charge",
  payment: "payment",
  refund: "refund",
  refund_failure: "refund_failure",
  dispute: "adjustment",
  dispute_reversal: "adjustment",
};
const DAY = 24 * 60 * 60;

/**
 * A movement on the account's balance. `amount` is signed, from the account's view, in the smallest unit;
 * `fee` is what Stripe keeps of it.
 */
export function buildBalanceTransaction(
  input: {
    kind: Kind;
    source: string;
    amount: number;
    fee?: number;
    currency: string;
    description?: string | null;
    created: Timestamp;
    id?: string;
  },
): BalanceTransaction {
  const fee = input.fee ?? 0;
  const description = input.kind === "dispute" ? "Dispute fee" : "Stripe processing fees";
  return {
    id: input.id ?? newId("balanceTransaction"),
    object: "balance_transaction",
    amount: input.amount,
    available_on: input.created + 2 * DAY,
    balance_type: "payments",
    created: input.created,
    currency: input.currency,
    description: input.description ?? null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0
      ? []
      : [{ amount: fee, application: null, currency: input.currency, description, type: "stripe_fee" }],
    net: input.amount - fee,
    reporting_category: input.kind === "payment" ? "charge" : input.kind,
    source: input.source,
    status: "pending",
    type: TYPE[input.kind],
  };
}

/** Stripe's list price for a card payment, 2.9 % and 30: only so that fees are not all zero. */
export function processingFee(amount: number): number {
  return Math.round(amount * 0.029) + 30;
}
