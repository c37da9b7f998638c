import { newId } from "./ids.ts";
import { completeSession } from "./objects/session.ts";
import type { Charge, CheckoutSession, Dispute, PaymentIntent, Refund } from "./objects/types.ts";
import { newDispute, newRefund, openSession, paid, type SaleInput } from "./sale_objects.ts";

export type { SaleInput };

/** The objects of one sale, which name each other by their ids. */
export interface Sale {
  /** Complete and paid. */
  session: CheckoutSession;
  /** Complete, while the bank has not answered. */
  unpaidSession: CheckoutSession;
  expiredSession: CheckoutSession;
  paymentIntent: PaymentIntent;
  charge: Charge;
  /** The charge once `total` of it is refunded. */
  chargeRefunded(total: number): Charge;
  /** A new refund of `amount` (default: all), succeeded unless `overrides` says otherwise. */
  refund(amount?: number, overrides?: Partial<Refund>): Refund;
  /** The same refund, or a new one of all, after the bank sent the money back. */
  failedRefund(refund?: Refund): Refund;
  /** A new dispute over the whole charge. */
  dispute(overrides?: Partial<Dispute>): Dispute;
}

/** One sale with everything that Stripe knows of it. */
export function sale(wanted: Partial<SaleInput> = {}): Sale {
  const input = withDefaults(wanted);
  const open = openSession(input);
  const { charge, paymentIntent } = paid(input);
  const refund = (amount = input.amount, overrides: Partial<Refund> = {}): Refund => ({
    ...newRefund(input, amount),
    ...overrides,
  });
  return {
    session: completeSession(open, input.paymentIntentId, true, input.email),
    unpaidSession: completeSession(open, input.paymentIntentId, false, input.email),
    expiredSession: { ...open, status: "expired", url: null },
    paymentIntent,
    charge,
    chargeRefunded: (total) => ({ ...charge, amount_refunded: total, refunded: total === charge.amount }),
    refund,
    failedRefund: (failed = refund()) => ({
      ...failed,
      status: "failed",
      failure_reason: "expired_or_canceled_card",
      failure_balance_transaction: newId("balanceTransaction"),
    }),
    dispute: (overrides = {}) => ({ ...newDispute(input, charge), ...overrides }),
  };
}

function withDefaults(wanted: Partial<SaleInput>): SaleInput {
  return {
    amount: 1000,
    currency: "usd",
    clientReferenceId: null,
    metadata: {},
    email: "buyer@example.com",
    created: Math.floor(Date.now() / 1000),
    delayed: false,
    sessionId: newId("session"),
    paymentIntentId: newId("paymentIntent"),
    chargeId: newId(wanted.delayed ? "payment" : "charge"),
    ...wanted,
  };
}
