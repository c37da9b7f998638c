/** Breaks of the credits: accounts and batches, grants and debts, reservations and how they end. */
import { always, append, argument, drop, never, swap, value } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "credits/accounts": {
    "a ledger that can be changed": "drop trigger credit_ledger_append_only on public.credit_ledger",
    "a ledger whose rows can be deleted": never("archived-first"),
    "the newest batch spent first": append("spending-order", " desc"),
    "what never expires spent first": swap("spending-order", ",", " nulls first,"),
    "more taken from a batch than is in it": argument("batch-at-most", 1, "least"),
    "expired credits that can be spent until the sweep": drop("expired-before-taken"),
    "batches that expire an instant late": swap("expired", "<=", "<"),
    "a sweep that expires nothing": drop("expiry-sweep"),
  },
  "credits/batches": {
    "a batch that stays when the account moves": never("batches-follow"),
    "a batch that is not the one to be spent first": swap("spending-order", ",", " desc,"),
    "what comes back to an expired batch and stays": drop("returned-can-expire"),
  },
  "credits/grants_and_debts": {
    "a grant key that grants twice": [
      "alter table public.user_credits drop constraint user_credits_user_id_grant_key_key",
      never("granted-once"),
    ],
    "a purchase's grant made by hand": never("keys-apart"),
    "debts that are not paid": value("grants-pay-debts", "0"),
    "the newest debt paid first": append("oldest-debt-first", " desc"),
    "returned credits that pay no debt": never("returns-pay-debts"),
    "an adjustment key that adjusts twice": [
      "alter table public.credit_revocations drop constraint credit_revocations_pkey",
      never("adjusted-once"),
    ],
  },
  "credits/signup_bonus": {
    "a bonus before the e-mail is confirmed": [
      "create trigger too_early after insert on auth.users for each row execute function credits_private.greet_user()",
      always("confirmed-address"),
    ],
    "a bonus for every confirmation": [
      value("one-signup-bonus", "gen_random_uuid()::text"),
      never("one-bonus-per-mailbox"),
    ],
    "a bonus that blocks a sign-up": swap("bonus-blocks-nothing", "warning", "exception"),
  },
  "credits/mailboxes": {
    "a bonus for every address of a mailbox": never("one-bonus-per-mailbox"),
    "tags that make another mailbox": argument("tags", 1, "split_part"),
    "dots that make another mailbox where they make none": argument("ignored-characters", 1, "translate"),
    "a provider's other name that makes another mailbox": argument("same-provider", 2, "coalesce"),
    "a bonus for a confirmation where it comes with a payment": always("bonus-when"),
  },
  "credits/reservations": {
    "metadata that keeps everything": argument("allowed-metadata", 1),
    "a job that reserves twice": [
      "alter table public.credit_usage_logs drop constraint credit_usage_logs_pkey",
      never("reserved-once"),
    ],
    "another amount that calls itself the same": never("same-amount"),
    "a reservation of more than there is": never("enough-available"),
    "a hold for a month less and more": always("no-months"),
  },
  "credits/additions": {
    "a stranger's job that grows": always("own-addition"),
    "a step that is added twice": never("added-once"),
    "an expired hold that grows": never("added-to-the-living"),
    "more added than there is": never("added-in-full"),
    "what returns from somebody else's job": always("own-entries"),
  },
  "credits/settlements": {
    "a reservation that a stranger confirms": always("own-confirm"),
    "a stranger's release that finds something": swap("own-release", "'not_found'", "'released'"),
    "a part that returns nothing": drop("rest-returns"),
    "more charged than was reserved": never("charged-at-most"),
    "a late confirmation that calls itself in time": value("confirmed-late", "false"),
    "a release that can be confirmed after all": swap("released-for-good", "distinct from 'expired'", "null"),
  },
  "credits/refunds": {
    "a stranger's job that is refunded": always("own-refund"),
    "a refund key that refunds twice": [
      "alter table public.credit_refunds drop constraint credit_refunds_pkey",
      never("refunded-once"),
    ],
    "more refunded than was charged": [
      "alter table public.credit_usage_logs drop constraint credit_usage_logs_check",
      never("refunded-at-most"),
    ],
    "a second refund to the batch of the first": drop("refund-goes-on"),
    "a refund for an erased user": never("erased-refunded-nothing"),
  },
  "credits/lifetime": {
    "a release that ends every swept reservation of its user": always("gives-up-one"),
    "what comes back goes to the first batch": swap("last-taken-first-returned", "desc", ""),
    "a release after the sweep that settles nothing": never("given-up-after-sweep"),
    "a hold that outlives its maximum": argument("longest-hold", 1),
    "an extension that shortens": value("never-shortened", "null"),
    "returned credits that outlive their batch": drop("returned-can-expire"),
    "a sweep that takes no heed of its time to live": value("stale-deadline", "credits_private.clock()"),
    "a sweep that takes what is alive": [always("stale-found"), always("stale-still")],
    "a caller's reason that opens the way to a late confirmation": swap(
      "only-the-sweep-expires",
      "'expired'",
      "'never'",
    ),
    "a sweep of everything at once": drop("sweep-limit"),
    "a user whose thousands of holds are released at once": always("sweep-few-of-one"),
    "an account that stops the sweep of all others": swap("sweep-goes-on", "warning", "exception"),
    "an expiry of everything at once": drop("expiry-limit"),
    "an account that stops the expiry of all others": swap("expiry-goes-on", "warning", "exception"),
  },
  "credits/verification": {
    "a verification without its ledger": append("verify-ledger", " where false"),
    "a verification without its accounts": append("verify-accounts", " where false"),
    "a verification without its batches": append("verify-batches", " where false"),
    "a verification without its reservations": append("verify-reservations", " where false"),
  },
  "credits/archive": {
    "what is held and archived": swap("held-stays", "9223372036854775807", "0"),
    "what is young and archived": always("archived-when-old"),
    "a reservation cut in two": always("reservations-whole"),
    "sums that do not grow": swap("sums-grow", "+", "-"),
    "months that forget a charge": swap("months-charge", "confirmed", "refunded"),
    "all users in one step": always("archive-limit"),
    "a verification that begins with nothing": append("verify-from-checkpoint", " and false"),
  },
  "credits/pricing": {
    "updated_at that stays": "drop trigger credit_pricing_touch on public.credit_pricing",
    "a price without its snapshot": drop("price-kept"),
  },
  "credits/reads": {
    "expired credits in the balance": never("balance-without-expired"),
    "a limit that is not clamped": swap("usage-limit", "100", "1000"),
    "metadata in the usage": append("usage-without-metadata", ", 'metadata', '{}'::jsonb"),
    "pages that repeat a row": swap("next-page", "<", "<="),
    "somebody else's usage": always("own-usage"),
  },
  "erasure": {
    "words of an erased user that stay": drop("words-erased"),
    "credits that an erased user spends": never("erased-spend-nothing"),
    "credits for an erased user": never("erased-get-nothing"),
    "a user who was erased and is listed as if they were not": always("erased-by-us"),
    "a deletion in Auth that fails with us": swap("deletion-goes-on", "warning", "exception"),
  },
});
