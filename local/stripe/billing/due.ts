import { expireSession } from "../actions/sessions.ts";
import type { Invoice, Subscription, Timestamp } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { DAY, HOUR } from "./calendar.ts";
import { attempt } from "./collection.ts";
import { cancelSubscription, expireIncomplete } from "./ends.ts";
import { finalizeInvoice } from "./invoices.ts";
import { currentPeriod } from "./periods.ts";
import { hasEnded } from "./records.ts";
import { renew } from "./renewals.ts";

/** Something that time does. */
interface Due {
  at: Timestamp;
  run(): void;
}

const INCOMPLETE_SECONDS = 23 * HOUR;
const TRIAL_NOTICE_SECONDS = 3 * DAY;

/** Does what has become due, each thing at its own time and in the order of these. */
export function catchUp(standIn: StandIn): void {
  const until = standIn.now();
  try {
    for (;;) {
      const next = earliest(allDue(standIn));
      if (next === undefined || next.at > until) return;
      standIn.clock.at = next.at;
      next.run();
    }
  } finally {
    standIn.clock.at = undefined;
  }
}

/** When something becomes due next; null when nothing waits for its time. */
export function nextDue(standIn: StandIn): Timestamp | null {
  return earliest(allDue(standIn))?.at ?? null;
}

/** Of those at the same time the first. */
function earliest(all: Iterable<Due>): Due | undefined {
  let first: Due | undefined;
  for (const due of all) if (first === undefined || due.at < first.at) first = due;
  return first;
}

function* allDue(standIn: StandIn): Generator<Due> {
  const { sessions, subscriptions, invoices } = standIn.state;
  for (const session of sessions.values()) {
    if (session.status === "open") {
      yield { at: session.expires_at, run: () => expireSession(standIn, session) };
    }
  }
  for (const subscription of subscriptions.values()) yield* ofSubscription(standIn, subscription);
  for (const invoice of invoices.values()) yield* ofInvoice(standIn, invoice);
}

function* ofSubscription(standIn: StandIn, subscription: Subscription): Generator<Due> {
  const { id, status, created, cancel_at, trial_end } = subscription;
  if (hasEnded(subscription)) return;
  if (status === "incomplete") {
    yield { at: created + INCOMPLETE_SECONDS, run: () => expireIncomplete(standIn, subscription) };
    return;
  }
  if (status === "trialing" && trial_end !== null && standIn.state.trialsTold.get(id) !== trial_end) {
    const at = Math.max(created, trial_end - TRIAL_NOTICE_SECONDS);
    yield { at, run: () => tellTrialsEnd(standIn, subscription, trial_end) };
  }
  // Before the renewal at the same time, which then never comes.
  if (cancel_at !== null) yield { at: cancel_at, run: () => cancelSubscription(standIn, subscription) };
  if (status !== "paused") {
    yield { at: currentPeriod(subscription).end, run: () => renew(standIn, subscription) };
  }
}

function* ofInvoice(standIn: StandIn, invoice: Invoice): Generator<Due> {
  const { status, automatically_finalizes_at, next_payment_attempt } = invoice;
  if (status === "draft" && automatically_finalizes_at !== null) {
    yield { at: automatically_finalizes_at, run: () => finalizeInvoice(standIn, invoice) };
  }
  if (status === "open" && next_payment_attempt !== null) {
    yield { at: next_payment_attempt, run: () => attempt(standIn, invoice) };
  }
}

function tellTrialsEnd(standIn: StandIn, subscription: Subscription, trialEnd: Timestamp): void {
  standIn.state.trialsTold.set(subscription.id, trialEnd);
  emit(standIn, "customer.subscription.trial_will_end", subscription);
}
