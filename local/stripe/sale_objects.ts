import { newId } from "./ids.ts";
import { buildBalanceTransaction } from "./objects/balance_transaction.ts";
import { bankDebitType, buildCharge } from "./objects/charge.ts";
import { buildDispute } from "./objects/dispute.ts";
import { buildPaymentIntent } from "./objects/payment_intent.ts";
import { buildRefund } from "./objects/refund.ts";
import { buildSession } from "./objects/session.ts";
import type { Charge, CheckoutSession, Dispute, PaymentIntent, Refund } from "./objects/types.ts";

/** What is sold; amounts in the currency's smallest unit. Every field has a default. */
export interface SaleInput {
  amount: number;
  currency: string;
  clientReferenceId: string | null;
  metadata: Record<string, string>;
  email: string;
  /** Unix seconds. */
  created: number;
  /** Paid by bank debit: the charge is a `py_…`, its refunds are `pyr_…`. */
  delayed: boolean;
  sessionId: string;
  paymentIntentId: string;
  chargeId: string;
}

/** The session before anybody paid. */
export function openSession(input: SaleInput): CheckoutSession {
  return buildSession({
    id: input.sessionId,
    created: input.created,
    expiresAt: input.created + 24 * 60 * 60,
    amountTotal: input.amount,
    currency: input.currency,
    url: `https://checkout.stripe.com/c/pay/${input.sessionId}`,
    successUrl: "https://example.com/success?session_id={CHECKOUT_SESSION_ID}",
    cancelUrl: "https://example.com/cancel",
    clientReferenceId: input.clientReferenceId,
    customer: null,
    customerEmail: input.email,
    metadata: input.metadata,
  });
}

/** The payment intent and its charge, both succeeded. */
export function paid(input: SaleInput): { charge: Charge; paymentIntent: PaymentIntent } {
  const { amount, currency, created, metadata, email } = input;
  const paymentMethod = newId("paymentMethod");
  const intent = buildPaymentIntent({
    id: input.paymentIntentId,
    created,
    amount,
    currency,
    customer: null,
    description: null,
    metadata,
    methodTypes: ["card", bankDebitType(currency)],
  });
  const charge = buildCharge({
    id: input.chargeId,
    created,
    amount,
    currency,
    customer: null,
    paymentIntent: intent.id,
    paymentMethod,
    method: input.delayed ? "bank_debit" : "card",
    email,
    description: null,
    metadata,
  });
  const balance = { balance_transaction: newId("balanceTransaction") };
  return {
    charge: { ...charge, ...balance, amount_captured: amount, paid: true, status: "succeeded" },
    paymentIntent: {
      ...intent,
      amount_received: amount,
      latest_charge: charge.id,
      payment_method: paymentMethod,
      status: "succeeded",
    },
  };
}

/** A succeeded refund of `amount`. */
export function newRefund(input: SaleInput, amount: number): Refund {
  return buildRefund({
    id: newId(input.delayed ? "paymentRefund" : "refund"),
    created: input.created,
    amount,
    currency: input.currency,
    charge: input.chargeId,
    paymentIntent: input.paymentIntentId,
    balanceTransaction: newId("balanceTransaction"),
    status: "succeeded",
  });
}

/** A dispute over all of the charge that waits for an answer. */
export function newDispute(input: SaleInput, charge: Charge): Dispute {
  const id = newId("dispute");
  const { amount, currency, created } = input;
  const withdrawal = buildBalanceTransaction({
    kind: "dispute",
    source: id,
    amount: -amount,
    fee: 1500,
    currency,
    created,
  });
  return buildDispute({
    id,
    created,
    amount,
    charge,
    reason: "fraudulent",
    inquiry: false,
    balanceTransactions: [withdrawal],
  });
}
