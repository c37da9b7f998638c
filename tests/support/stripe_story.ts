/**
 * Everything that can happen to a purchase of 10 credits for 10.00 usd, step by step, in full-size events.
 *
 * @module
 */
import type Stripe from "stripe";
import * as event from "../../local/stripe/fixtures.ts";

/** One thing that happens: an event of Stripe's, or something the user or the checkout does meanwhile. */
export type Step =
  | { step: "event"; event: Stripe.Event }
  | { step: "attach"; user: string; purchase: string; session: string }
  | { step: "hold" | "spend"; user: string; job: string; amount: number }
  | { step: "confirm" | "release"; user: string; job: string };

/** The price, in cents. */
export const CENTS = 1000;

/** The steps of one sale, each event in full size. */
export function story(user: string, purchase: string) {
  const sold = event.sale({
    amount: CENTS,
    metadata: { purchase_id: purchase },
  });
  const later = { created: Math.floor(Date.now() / 1000) + 60 };
  const refunds = { first: sold.refund(400), second: sold.refund(300), all: sold.refund(CENTS) };
  const dispute = sold.dispute();
  const told = (one: Stripe.Event): Step => ({ step: "event", event: one });
  const job = crypto.randomUUID();
  return {
    attach: { step: "attach", user, purchase, session: sold.session.id } satisfies Step,
    paid: told(event.checkoutCompletedEvent({ object: sold.session })),
    tooLittle: told(event.checkoutCompletedEvent({ object: { ...sold.session, amount_total: CENTS - 1 } })),
    unpaid: told(event.checkoutCompletedEvent({ object: sold.unpaidSession })),
    arrived: told(event.checkoutAsyncSucceededEvent({ object: sold.session, ...later })),
    failed: told(event.checkoutAsyncFailedEvent({ object: sold.unpaidSession, ...later })),
    expired: told(event.checkoutExpiredEvent({ object: sold.expiredSession })),
    beside: told(event.paymentIntentSucceededEvent({ object: sold.paymentIntent })),
    charge: (total: number) => told(event.chargeRefundedEvent({ object: sold.chargeRefunded(total) })),
    refund: (which: keyof typeof refunds, status = "succeeded") =>
      told(event.refundCreatedEvent({ object: { ...refunds[which], status } })),
    refundUpdated: (which: keyof typeof refunds, status = "succeeded") =>
      told(event.refundUpdatedEvent({ object: { ...refunds[which], status }, ...later })),
    refundFailed: (which: keyof typeof refunds) =>
      told(event.refundFailedEvent({ object: sold.failedRefund(refunds[which]), ...later })),
    disputed: (status: Stripe.Dispute.Status = "needs_response") =>
      told(event.disputeCreatedEvent({ object: { ...dispute, status } })),
    withdrawn: told(event.disputeFundsWithdrawnEvent({ object: { ...dispute, status: "needs_response" } })),
    reinstated: told(event.disputeFundsReinstatedEvent({ object: { ...dispute, status: "won" }, ...later })),
    closed: (status: "won" | "lost") =>
      told(event.disputeClosedEvent({ object: { ...dispute, status }, ...later })),
    spend: { step: "spend", user, job, amount: 8 } satisfies Step,
    hold: { step: "hold", user, job, amount: 6 } satisfies Step,
    confirm: { step: "confirm", user, job } satisfies Step,
    release: { step: "release", user, job } satisfies Step,
  };
}

/** The steps of one sale. */
export type Story = ReturnType<typeof story>;
