/**
 * What can happen to a purchase of 10 credits for 10.00 usd, as streams of steps that may arrive in any order.
 *
 * @module
 */
import { CENTS, type Step, type Story, story } from "./stripe_story.ts";

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

function stream(name: string, ending: Ending, tell: (story: Story) => Step[], bonus = 0): Stream {
  const [user, purchase] = [crypto.randomUUID(), crypto.randomUUID()];
  return { name, user, purchase, bonus, ending, steps: tell(story(user, purchase)) };
}

const PAID: Ending = { status: "paid", revoked: 0 };
const REFUNDED: Ending = { status: "refunded", revoked: 10 };
const DISPUTED: Ending = { status: "disputed", revoked: 10 };
const PART: Ending = { status: "partially_refunded", revoked: 7 };
const REST: Ending = { status: "partially_refunded", revoked: 3 };

/** The streams of one purchase; none is longer than six steps. */
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
  ]),
  stream("a refund that fails", PAID, (s) => [
    s.paid,
    s.spend,
    s.refund("all", "pending"),
    s.refundFailed("all"),
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
    s.disputed(),
    s.closed("lost"),
  ], 3),
  stream("a delayed payment disputed at once", DISPUTED, (s) => [
    s.unpaid,
    s.arrived,
    s.disputed(),
    s.withdrawn,
    s.spend,
  ]),
  stream("too little money, given back", {
    status: "processing",
    revoked: 0,
    paid: false,
    held: ["amount_too_small"],
  }, (s) => [s.attach, s.tooLittle, s.refund("all"), s.charge(CENTS)]),
];
