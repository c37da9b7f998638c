import { PREFIX } from "../ids.ts";
import type { Refund, RefundStatus, Timestamp } from "./types.ts";

/** What a refund is made of; `amount` in the currency's smallest unit. */
export interface RefundInput {
  id: string;
  created: Timestamp;
  amount: number;
  currency: string;
  charge: string;
  paymentIntent: string;
  balanceTransaction: string | null;
  reason?: Refund["reason"];
  metadata?: Record<string, string>;
  status: RefundStatus;
}

/** A full refund. A card's carries the reference that the bank has not confirmed yet. */
export function buildRefund(input: RefundInput): Refund {
  return {
    id: input.id,
    object: "refund",
    amount: input.amount,
    balance_transaction: input.balanceTransaction,
    charge: input.charge,
    created: input.created,
    currency: input.currency,
    customer: null,
    customer_account: null,
    destination_details: destination(input),
    metadata: input.metadata ?? {},
    payment_intent: input.paymentIntent,
    payment_method: null,
    ...(input.status === "pending" ? { pending_reason: "processing" as const } : {}),
    reason: input.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: input.status,
    transfer_reversal: null,
  };
}

function destination(input: RefundInput): Refund["destination_details"] {
  const unknown = { reference: null, reference_status: null };
  if (!input.charge.startsWith(PREFIX.payment)) {
    return {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    };
  }
  return input.currency === "eur"
    ? { eu_bank_transfer: unknown, type: "eu_bank_transfer" }
    : { type: "us_bank_transfer", us_bank_transfer: unknown };
}
