/** Breaks of the queue: who gets a job, when it is tried again, and that its end is its reservation's end. */
import { always, append, argument, drop, never, swap, value } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "jobs/delivery": {
    "a job claimed twice": swap("claimed-once", "<> 'queued'", "not in ('queued', 'generating')"),
    "a sign of life from an old attempt": never("heartbeat-fenced"),
    "a job that fails and keeps its credits": value("failed-for-nothing", "null"),
    "a retry at once": drop("retried-later"),
    "retries without end": never("tried-at-most"),
    "a waiting job whose credits are swept": swap("waiting-is-held", "24 hours", "1 minute"),
    "a long queue that hides its end from the sweep": swap("waiting-is-held", "24 hours", "12 minutes"),
    "work that cannot be paid for any more": never("can-be-charged"),
    "a job that waits for ever": never("waits-at-most"),
    "a sweep that one account stops": swap("requeue-goes-on", "warning", "exception"),
  },
  "jobs/endings": {
    "a charge by hand that nobody delivers and nobody returns": never("charged-by-hand-returns"),
    "a late delivery that could still be charged after it failed": never("given-up-after-sweep"),
    "a job that was charged by hand and is not delivered": swap(
      "charged-by-hand-delivers",
      ", 'already_confirmed'",
      "",
    ),
    "an answer of an old attempt that is stored": never("answer-fenced"),
    "fewer pages for the whole price": argument("share-of-price", 2, "least"),
    "somebody else's job cancelled": always("own-job"),
    "a file that takes the place of the one that was paid for": never("one-file"),
    "a file under any name": swap("path-by-digest", "-[0-9a-f]{64}[.]pdf$", ""),
    "the files of another book deleted": always("files-of-one"),
  },
  "jobs/attempts": {
    "unpaid work that nobody counts": append("unpaid-counts", " * 0"),
    "our own faults counted against a user": never("our-faults"),
    "unpaid work that is never forgotten": always("unpaid-window"),
    "unpaid work without end": never("unpaid-budget"),
    "one unfinished job too many": swap("max-unfinished", ">=", ">"),
    "work that is charged although the policy counts it": never("cancelled-counted"),
    "work that is not charged although the policy says so": never("cancelled-charged"),
  },
  "jobs/operations": {
    "a worker that may be silent": swap("silent-worker", "5 minutes", "50 minutes"),
    "a job that nobody takes up": swap("nobody-came", "10 minutes", "50 minutes"),
    "a job that nobody ends": swap("undelivered", "10 minutes", "11 minutes"),
    "work that is mostly unpaid": swap("mostly-unpaid", ">", "<"),
    "attempts under way that are deleted": always("ended-attempts-only"),
    "all attempts in one step": drop("attempts-limit"),
  },
});
