import { failCharge, settleCharge, succeedCharge } from "../actions/charges.ts";
import { newId } from "../ids.ts";
import { buildCharge } from "../objects/charge.ts";
import type { RequestOf } from "../objects/event.ts";
import type { Card, Invoice, Subscription } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { DAY } from "./calendar.ts";
import { endNow } from "./end_now.ts";
import { cardOf, hasEnded, intentOf, subscriptionOf, turnInvoice, updateSubscription } from "./records.ts";

/** How an invoice is tried to be paid. */
interface Try {
  /** Instead of the subscription's card. */
  card?: Card;
  /** Whether somebody asked for it, so that the schedule of retries goes on as it was. */
  isManual?: boolean;
  request?: RequestOf;
}

const SYSTEM: RequestOf = { id: null, idempotency_key: null };

/** Asks the card for what an open invoice is about. */
export function attempt(standIn: StandIn, invoice: Invoice, how: Try = {}): Invoice {
  const subscription = standIn.state.subscriptions.get(subscriptionOf(invoice))!;
  const card = how.card ?? cardOf(standIn, subscription);
  const request = how.request ?? SYSTEM;
  const intent = standIn.state.paymentIntents.get(intentOf(standIn, invoice.id)!)!;
  if (card === null) return fail(standIn, invoice, subscription, how);
  const charge = buildCharge({
    id: newId("charge"),
    created: standIn.now(),
    amount: intent.amount,
    currency: intent.currency,
    customer: invoice.customer,
    paymentIntent: intent.id,
    paymentMethod: card.id,
    method: "card",
    email: invoice.customer_email,
    description: intent.description,
    metadata: {},
  });
  if (card.declines) {
    failCharge(standIn, { intent, charge, request }, "card_declined", "Your card was declined.");
    return fail(standIn, invoice, subscription, how);
  }
  succeedCharge(standIn, { intent, charge, request });
  const paid = markPaid(standIn, invoice, request, 1);
  settleCharge(standIn, charge.id);
  return paid;
}

/** An invoice is paid, by a payment or because nothing of it is due; its subscription is well again. */
export function markPaid(standIn: StandIn, invoice: Invoice, request?: RequestOf, attempts = 0): Invoice {
  const now = standIn.now();
  for (const payment of standIn.state.invoicePayments.values()) {
    if (payment.invoice !== invoice.id) continue;
    const paid = {
      ...payment,
      amount_paid: payment.amount_requested,
      status: "paid",
      status_transitions: { ...payment.status_transitions, paid_at: now },
    };
    standIn.state.invoicePayments.set(paid.id, paid);
    emit(standIn, "invoice_payment.paid", paid, { request });
  }
  const paid = turnInvoice(
    standIn,
    invoice,
    {
      amount_paid: invoice.amount_due,
      amount_remaining: 0,
      attempt_count: invoice.attempt_count + attempts,
      attempted: true,
      auto_advance: false,
      next_payment_attempt: null,
      status: "paid",
      status_transitions: { ...invoice.status_transitions, paid_at: now },
    },
    ["invoice.paid", "invoice.payment_succeeded"],
    request,
  );
  recover(standIn, paid, request);
  return paid;
}

/** Nothing of a subscription's last invoice is owed any more: it counts again. */
export function recover(standIn: StandIn, invoice: Invoice, request?: RequestOf): void {
  const subscription = standIn.state.subscriptions.get(subscriptionOf(invoice))!;
  const waits = ["incomplete", "past_due", "unpaid", "paused"].includes(subscription.status);
  if (waits && subscription.latest_invoice === invoice.id) {
    updateSubscription(standIn, subscription, { status: "active" }, request);
  }
}

/**
 * A try to pay failed: the next one is as many days later as the dashboard says, and after the last the subscription is
 * what the dashboard says as well. https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
function fail(standIn: StandIn, invoice: Invoice, subscription: Subscription, how: Try): Invoice {
  const { retry_days, exhausted } = standIn.dashboard;
  const isFirst = ["incomplete", "paused"].includes(subscription.status);
  const isOver = isFirst || hasEnded(subscription);
  const wait = isOver ? undefined : retry_days[invoice.attempt_count];
  const next = how.isManual
    ? invoice.next_payment_attempt
    : wait === undefined
    ? null
    : standIn.now() + wait * DAY;
  const failed = turnInvoice(
    standIn,
    invoice,
    {
      attempt_count: invoice.attempt_count + 1,
      attempted: true,
      auto_advance: next !== null,
      next_payment_attempt: next,
    },
    ["invoice.payment_failed", "invoice.updated"],
    how.request,
  );
  if (isOver) return failed;
  const gaveUp = next === null && !how.isManual;
  if (gaveUp && exhausted === "canceled") {
    endNow(standIn, subscription, "payment_failed");
  } else if (subscription.latest_invoice === invoice.id) {
    const status = gaveUp ? exhausted : subscription.status === "unpaid" ? "unpaid" : "past_due";
    updateSubscription(standIn, subscription, { status }, how.request);
  }
  return failed;
}
