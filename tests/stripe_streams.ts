/**
 * What can happen to a purchase of 10 credits for 10.00 usd, as streams of steps that may arrive in any order.
 *
 * @module
 */
import type Stripe from "stripe";
import * as event from "../local/stripe/fixtures.ts";

/** One thing that happens: an event of Stripe's, or something the user or the checkout does meanwhile. */
export type Step =
  | { step: "event"; event: Stripe.Event }
  | { step: "attach"; user: string; purchase: string; session: string }
  | { step: "hold" | "spend"; user: string; job: string; amount: number }
  | { step: "confirm" | "release"; user: string; job: string };

/** Where every order must end. Amounts are credits. */
export interface Ending {
  status: string;
  /** Credits that the reversals took back. */
  revoked: number;
  /** Whether the purchase was paid at all, true when absent. */
  paid?: false;
  /** Reasons of the events that stay held. */
  held?: string[];
}

/** A buyer and what happens to the purchase; `bonus` credits were there before. */
export interface Stream {
  name: string;
  user: string;
  purchase: string;
  bonus: number;
  steps: Step[];
  ending: Ending;
}

const CENTS = 1000;

/** The steps of one sale, each event in full size. */
function story(user: string, purchase: string) {
  const sold = event.sale({
    amount: CENTS,
    clientReferenceId: purchase,
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

type Story = ReturnType<typeof story>;

function stream(name: string, ending: Ending, tell: (story: Story) => Step[], bonus = 0): Stream {
  const [user, purchase] = [crypto.randomUUID(), crypto.randomUUID()];
  return { name, user, purchase, bonus, ending, steps: tell(story(user, purchase)) };
}

const PAID: Ending = { status: "paid", revoked: 0 };
const REFUNDED: Ending = { status: "refunded", revoked: 10 };
const DISPUTED: Ending = { status: "disputed", revoked: 10 };
const PART: Ending = { status: "partially_refunded", revoked: 7 };
const REST: Ending = { status: "partially_refunded", revoked: 3 };

/** The streams of one purchase; none is longer than seven steps. */
export const STREAMS: Stream[] = [
  stream("paid before or after the session was attached", PAID, (s) => [s.attach, s.paid, s.beside, s.spend]),
  stream("a delayed payment that arrives, then a refund", REFUNDED, (s) => [
    s.attach,
    s.unpaid,
    s.arrived,
    s.refund("all"),
    s.charge(CENTS),
    s.refundUpdated("all"),
  ]),
  stream("a delayed payment that does not arrive", { status: "failed", revoked: 0, paid: false }, (s) => [
    s.attach,
    s.unpaid,
    s.failed,
  ]),
  stream("nobody pays", { status: "expired", revoked: 0, paid: false }, (s) => [s.attach, s.expired]),
  stream("paid although it had expired", PAID, (s) => [s.attach, s.expired, s.paid, s.spend]),
  stream("two refunds that add up, told by charge and by refund", PART, (s) => [
    s.paid,
    s.refund("first"),
    s.charge(400),
    s.refund("second"),
    s.charge(700),
    s.refundUpdated("first"),
  ]),
  stream("two refunds while credits are spent", PART, (s) => [
    s.paid,
    s.spend,
    s.refund("first", "pending"),
    s.refundUpdated("first"),
    s.refund("second"),
    s.charge(700),
  ]),
  stream("a refund that fails", PAID, (s) => [
    s.paid,
    s.spend,
    s.refund("all", "pending"),
    s.refundFailed("all"),
    s.refundUpdated("all", "failed"),
    s.charge(CENTS),
  ]),
  stream("a refund that fails and one that does not", REST, (s) => [
    s.paid,
    s.refund("first"),
    s.charge(400),
    s.refundFailed("first"),
    s.refund("second"),
    s.charge(700),
  ]),
  stream("a refund while credits are held, which are then charged", REFUNDED, (s) => [
    s.paid,
    s.hold,
    s.refund("all"),
    s.charge(CENTS),
    s.confirm,
  ]),
  stream("a refund that fails while credits are held, which then come back", PAID, (s) => [
    s.paid,
    s.hold,
    s.refund("all"),
    s.release,
    s.refundFailed("all"),
  ]),
  stream("a dispute that is lost", DISPUTED, (s) => [
    s.attach,
    s.paid,
    s.spend,
    s.disputed(),
    s.withdrawn,
    s.closed("lost"),
  ]),
  stream("a dispute that is won", PAID, (s) => [
    s.paid,
    s.spend,
    s.disputed(),
    s.withdrawn,
    s.reinstated,
    s.closed("won"),
  ]),
  stream("an inquiry that becomes a dispute and is lost", DISPUTED, (s) => [
    s.paid,
    s.spend,
    s.disputed("warning_needs_response"),
    s.withdrawn,
    s.closed("lost"),
  ]),
  stream("a refund after a dispute was won", REFUNDED, (s) => [
    s.paid,
    s.disputed(),
    s.closed("won"),
    s.reinstated,
    s.refund("all"),
    s.charge(CENTS),
  ], 5),
  stream("a part refunded, the whole disputed and lost, with other credits to take", DISPUTED, (s) => [
    s.paid,
    s.spend,
    s.refund("first"),
    s.charge(400),
    s.disputed(),
    s.closed("lost"),
  ], 3),
  stream("a delayed payment disputed at once", DISPUTED, (s) => [
    s.attach,
    s.unpaid,
    s.arrived,
    s.disputed(),
    s.withdrawn,
    s.spend,
  ]),
  stream("too little money, given back", {
    status: "open",
    revoked: 0,
    paid: false,
    held: ["amount_too_small", "unknown_purchase", "unknown_purchase"],
  }, (s) => [s.attach, s.tooLittle, s.refund("all"), s.charge(CENTS)]),
];
