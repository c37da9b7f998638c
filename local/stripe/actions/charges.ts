import type Stripe from "stripe";
import { randomToken } from "../ids.ts";
import { buildBalanceTransaction, processingFee } from "../objects/balance_transaction.ts";
import type { RequestOf } from "../objects/event.ts";
import { paymentError } from "../objects/payment_intent.ts";
import type { Charge, PaymentIntent } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";

/** One try to take the money for a payment intent, and the request that its events name. */
export interface Attempt {
  intent: PaymentIntent;
  charge: Charge;
  request: RequestOf;
}

/** The money is taken: charge and payment intent succeed together. */
export function succeedCharge(standIn: StandIn, { intent, charge, request }: Attempt): void {
  const paid: Charge = {
    ...charge,
    amount_captured: charge.amount,
    paid: true,
    receipt_url: `${standIn.publicUrl}/receipts/${randomToken(24)}`,
    status: "succeeded",
  };
  standIn.state.charges.set(charge.id, paid);
  emit(standIn, "charge.succeeded", paid, { request });
  const succeeded: PaymentIntent = {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    processing: null,
    status: "succeeded",
  };
  standIn.state.paymentIntents.set(intent.id, succeeded);
  emit(standIn, "payment_intent.succeeded", succeeded, { request });
}

/** The money reaches the balance a moment after the payment, and only then the charge names the movement. */
export function settleCharge(standIn: StandIn, id: string): void {
  const charge = standIn.state.charges.get(id)!;
  const movement = buildBalanceTransaction({
    kind: charge.payment_method_details.type === "card" ? "charge" : "payment",
    source: charge.id,
    amount: charge.amount,
    fee: processingFee(charge.amount),
    currency: charge.currency,
    created: standIn.now(),
  });
  standIn.state.balanceTransactions.set(movement.id, movement);
  const settled: Charge = { ...charge, balance_transaction: movement.id };
  standIn.state.charges.set(charge.id, settled);
  emit(standIn, "charge.updated", settled, { previous: { balance_transaction: null } });
}

/** The bank was asked and has not answered yet. */
export function startProcessing(standIn: StandIn, { intent, charge, request }: Attempt): void {
  standIn.state.charges.set(charge.id, charge);
  emit(standIn, "charge.pending", charge, { request });
  const processing: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    status: "processing",
  };
  standIn.state.paymentIntents.set(intent.id, processing);
  emit(standIn, "payment_intent.processing", processing, { request });
}

/** The bank said no; the payment intent waits for another payment method. */
export function failCharge(
  standIn: StandIn,
  { intent, charge, request }: Attempt,
  code: string,
  message: string,
): void {
  const outcome: Stripe.Charge.Outcome = {
    ...charge.outcome!,
    network_decline_code: "05",
    network_status: "declined_by_network",
    reason: "generic_decline",
    seller_message: "The bank did not return any further details with this decline.",
    type: "issuer_declined",
  };
  const failed: Charge = {
    ...charge,
    failure_code: code,
    failure_message: message,
    outcome,
    status: "failed",
  };
  standIn.state.charges.set(charge.id, failed);
  emit(standIn, "charge.failed", failed, { request });
  const waiting: PaymentIntent = {
    ...intent,
    last_payment_error: paymentError(charge.id, code, message),
    latest_charge: charge.id,
    payment_method: null,
    status: "requires_payment_method",
  };
  standIn.state.paymentIntents.set(intent.id, waiting);
  emit(standIn, "payment_intent.payment_failed", waiting, { request });
}
