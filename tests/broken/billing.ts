/** Breaks of the rules about purchases and Stripe's events, for {@link BROKEN_RULES}. */
import type { Break } from "./rules.ts";

/** `file`: a function of it, what that does wrong then, and the piece of text that does. */
function inside(file: string, ...breaks: [of: string, what: string, from: string, to: string][]): Break[] {
  return breaks.map(([of, what, from, to]) => ({
    file,
    of,
    what,
    replace: [from, to] satisfies [string, string],
  }));
}

const purchases = inside(
  "purchases",
  [
    "private.open_purchase",
    "a second click that makes a second purchase",
    "and status = 'open'",
    "and false",
  ],
  [
    "private.open_purchase",
    "a purchase found at another price",
    "and amount_cents = p_pack.amount_cents",
    "",
  ],
  ["private.open_purchase", "a purchase that is being paid and offered again", "and status = 'open'", ""],
  [
    "private.open_purchase",
    "a session that has ended",
    "> private.clock() + interval '5 minutes'",
    "is not null",
  ],
  ["public.create_checkout", "a pack that is not sold", "and active", ""],
  ["public.create_checkout", "checkouts without a limit", "not v_check.allowed", "false"],
  ["public.attach_checkout_session", "a session attached by anybody", "and user_id = p_user_id", ""],
  [
    "public.attach_checkout_session",
    "a session that takes another's place",
    "v_purchase.stripe_session_id <> p_session_id",
    "false",
  ],
);

const payments = inside(
  "stripe_payments",
  ["private.pay_purchase", "too little money", "v_cents < p_purchase.amount_cents", "false"],
  ["private.pay_purchase", "any currency", "p_session ->> 'currency' <> p_purchase.currency", "false"],
  ["private.pay_purchase", "a user who is gone", "not private.lock_user(p_purchase.user_id)", "false"],
  [
    "private.pay_purchase",
    "credits as many as cents",
    "p_purchase.user_id, p_purchase.credits,",
    "p_purchase.user_id, v_cents,",
  ],
  ["private.apply_checkout_event", "a session that is not paid", "v_paid and p_type", "p_type"],
  [
    "private.apply_checkout_event",
    "a second session that is held unpaid",
    "when v_paid then private.held",
    "when true then private.held",
  ],
  [
    "private.apply_checkout_event",
    "a second session for one purchase",
    "v_purchase.stripe_session_id <> p_session ->> 'id'",
    "false",
  ],
  ["private.apply_checkout_event", "an end that undoes a payment", "status = 'open' or", "true or"],
  [
    "private.purchase_made_elsewhere",
    "credits cheaper than a hundred cents",
    "ceil(v_credits::numeric * 100)",
    "1",
  ],
  [
    "private.purchase_made_elsewhere",
    "metadata that is no number",
    "v_credits !~ '^[0-9]{1,7}([.][0-9]{1,2})?$'",
    "false",
  ],
  [
    "private.find_purchase",
    "a purchase made up beside one that is named",
    "and p_session #>> '{metadata,purchase_id}' is null",
    "",
  ],
  ["private.as_cents", "negative cents", "between 0 and", "between -99999 and"],
);

const reversals = inside(
  "stripe_reversals",
  ["private.apply_reversals", "rounding against the user", "trunc(", "round("],
  ["private.apply_reversals", "more taken than was paid", "least(coalesce(", "greatest(coalesce("],
  [
    "private.revoke_purchase",
    "others' credits taken first",
    "v_part, v_reference, v_batch.id",
    "v_part, v_reference",
  ],
  [
    "private.revoke_purchase",
    "reinstated credits that are nobody's",
    "or b.grant_key like v_reference || ':reinstated:%'",
    "",
  ],
  ["private.reinstate_credits", "a debt that outlives its reversal", "exit when v_left = 0;", "exit;"],
  [
    "private.refund_rank",
    "a failed refund that still counts",
    "in ('failed', 'canceled') then 2",
    "in ('never') then 2",
  ],
  [
    "private.record_refund",
    "the last news of a refund",
    "where private.refund_rank(excluded.status) > private.refund_rank(r.status)",
    "",
  ],
  [
    "private.record_dispute",
    "the last news of a dispute",
    "private.dispute_rank(excluded.status) > private.dispute_rank(d.status)",
    "true",
  ],
  [
    "private.reversed_cents",
    "refunds counted by charge and by refund",
    "p.charge_refunded_cents -",
    "2 * p.charge_refunded_cents -",
  ],
  [
    "private.reversed_cents",
    "an inquiry that takes credits",
    "'needs_response', 'under_review', 'lost'",
    "'warning_needs_response'",
  ],
  ["private.reversed_cents", "a lost dispute that was reinstated", "d.status = 'lost' or", ""],
  [
    "private.apply_dispute_event",
    "a dispute in any currency",
    "p_dispute ->> 'currency' <> v_purchase.currency",
    "false",
  ],
);

const inbox = inside(
  "stripe_inbox",
  ["public.apply_stripe_event", "a copy taken for new", "if not found then", "if false then"],
  ["public.apply_stripe_event", "an event without an id", "coalesce(p_event ->> 'id', '') = ''", "false"],
  ["public.replay_stripe_event", "a replay of what was applied", "v_event.outcome <> 'held'", "false"],
  [
    "private.apply_checkout_event",
    "a refund of money that bought nothing",
    "set purchase_id = v_purchase.id",
    "set purchase_id = purchase_id",
  ],
  [
    "private.apply_reversal",
    "a reversal of what was never paid",
    "v_paid and not private.lock_user",
    "true and not private.lock_user",
  ],
  ["public.dismiss_stripe_event", "a dismissal of what was applied", "v_event.outcome <> 'held'", "false"],
  ["private.settle_held_events", "held events that wait for ever", "outcome = 'held'", "false"],
  ["private.keep_effect", "an outcome that is not kept", "where id = p_event_id", "where false"],
  ["private.faulty_field", "a missing field without its name", "|| f.name", ""],
  [
    "private.apply_reversal",
    "credits taken from nobody",
    "not private.lock_user(p_purchase.user_id)",
    "false",
  ],
  ["private.apply_charge_event", "a refund of an unknown payment", "v_purchase.id is null", "false"],
  [
    "private.apply_checkout_event",
    "money back that came before the money",
    "perform private.settle_held_events(v_purchase.id, p_session ->> 'payment_intent')",
    "null",
  ],
);

/** Either of two guards is enough, so both have to go. */
const twice: Break = {
  what: "a payment that is granted for each of its events",
  file: "billing/payments",
  sql: `do $$ begin
    execute replace(
      replace(pg_get_functiondef('private.pay_purchase'::regproc), 'p_purchase.paid_cents > 0', 'false'),
      $_$'purchase:' || p_purchase.id$_$, $_$'purchase:' || private.uuid_v7()$_$
    );
  end $$`,
};

/** Each of them is noticed by its own pgTAP file. */
export const BROKEN_STRIPE_RULES: Break[] = [...purchases, ...payments, twice, ...reversals, ...inbox];
