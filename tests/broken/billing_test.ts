/** Breaks of what follows from money: purchases, payments, reversals, and the inbox of Stripe's events. */
import { always, argument, drop, never, swap, value } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "billing/purchases": {
    "a second click that makes a second purchase": never("still-open"),
    "a purchase found at another price": always("same-price"),
    "a purchase that is being paid and offered again": always("still-open"),
    "a session that has ended": always("session-lasts"),
    "a pack that is not sold": always("pack-on-sale"),
    "checkouts without a limit": never("checkout-limit"),
    "a session attached by anybody": always("own-purchase"),
    "a session that takes another's place": never("one-session"),
  },
  "billing/payments": {
    "too little money": never("covers-the-price"),
    "any currency": never("same-currency"),
    "a bonus that does not come with the first payment": drop("bonus-with-payment"),
    "a user who is gone": never("payer-is-there"),
    "another number of credits": value("credits-bought", "1"),
    "a session that is not paid": always("paid-for"),
    "a second session that is held unpaid": always("second-session-paid"),
    "a second session for one purchase": never("second-session"),
    "an end that undoes a payment": always("paid-stays-paid"),
    "credits cheaper than a hundred cents": value("baseline-price", "1"),
    "metadata that is no number": never("credits-are-a-number"),
    "a purchase made up beside one that is named": always("named-purchase"),
    "negative cents": swap("cents", "between 0", "between -99999"),
    // Either of two guards is enough, so both have to go.
    "a payment that is granted for each of its events": [
      never("paid-once"),
      value("purchase-granted-once", "'purchase:' || gen_random_uuid()"),
    ],
  },
  "billing/reversals": {
    "rounding against the user": swap("rounds-down", "trunc(", "round("),
    "more taken than was paid": swap("reversed-at-most", "least(", "greatest("),
    "others' credits taken first": never("own-batch-first"),
    "reinstated credits that are nobody's": never("reinstated-batch-too"),
    "a debt that outlives its reversal": always("forgives-first"),
    "a failed refund that still counts": swap("failed-refunds", "'failed', 'canceled'", "'never'"),
    "the last news of a refund": always("refunds-move-on"),
    "the last news of a dispute": always("disputes-move-on"),
    "refunds counted by charge and by refund": swap("refunds-counted-once", " - ", " * 2 - "),
    "an inquiry that takes credits": swap(
      "inquiries-take-nothing",
      "'needs_response', 'under_review', 'lost'",
      "'warning_needs_response'",
    ),
    "a lost dispute that was reinstated": swap("lost-stays-lost", "'lost'", "'never'"),
    "a dispute in any currency": never("dispute-currency"),
  },
  "billing/inbox": {
    "a copy taken for new": never("event-once"),
    "an event without an id": never("event-id"),
    "a replay of what was applied": never("replay-held"),
    "a refund of money that bought nothing": value("refund-finds-purchase", "null"),
    "a reversal of what was never paid": always("reversal-of-paid"),
    "a dismissal of what was applied": never("dismiss-held"),
    "held events that wait for ever": never("held-get-settled"),
    "an outcome that is not kept": never("effect-kept"),
    "a missing field without its name": drop("field-named"),
    "credits taken from nobody": never("reversal-of-somebody"),
    "a refund of an unknown payment": never("charge-of-purchase"),
    "money back that came before the money": drop("early-reversals"),
    "people in events": argument("no-people", 1),
  },
  "erasure": {
    "an event that names an erased user": swap("allowed-keys", "where", "where true or"),
    "an operator's words that outlive an erasure": swap(
      "keys-erased",
      "'purchase', 'signup_bonus'",
      "'purchase', 'promotion', 'adjustment'",
    ),
    "a name in Auth's own log that outlives an erasure": never("auth-log-erased"),
    "a payment of an erased user that is granted": [never("user-exists"), value("user-not-erased", "true")],
  },
});
