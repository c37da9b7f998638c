import { newId } from "../ids.ts";
import { bankDebitType, buildCharge } from "../objects/charge.ts";
import type { RequestOf } from "../objects/event.ts";
import { buildPaymentIntent } from "../objects/payment_intent.ts";
import { completeSession } from "../objects/session.ts";
import type { CheckoutSession, PaymentIntent, PaymentMethodKind } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import type { EventRecord } from "../state.ts";
import { rememberEmail } from "./customers.ts";
import { subscribeOnPage } from "./subscribing.ts";
import { type Attempt, failCharge, settleCharge, startProcessing, succeedCharge } from "./charges.ts";

/** What the buyer does on the payment page. */
export type PageOutcome = "paid" | "delayed" | "declined";

/**
 * The buyer's click on an open session. `delayed` completes it unpaid, `declined` leaves it open for another
 * try. Answers the event that tells the shop, or null when nothing was completed.
 */
export function payOnPage(
  standIn: StandIn,
  session: CheckoutSession,
  outcome: PageOutcome,
  email: string | null,
): EventRecord | null {
  const known = standIn.state.customers.get(session.customer ?? "")?.email ?? null;
  email = known ?? email;
  if (session.mode === "subscription") return subscribeOnPage(standIn, session, outcome === "paid", email);
  const attempt = startAttempt(standIn, session, outcome === "delayed" ? "bank_debit" : "card", email);
  if (outcome === "declined") {
    failCharge(standIn, attempt, "card_declined", "Your card was declined.");
    standIn.state.sessions.set(session.id, { ...session, payment_intent: attempt.intent.id });
    return null;
  }
  if (outcome === "paid") succeedCharge(standIn, attempt);
  else startProcessing(standIn, attempt);
  const completed = completeSession(session, attempt.intent.id, outcome === "paid", email);
  standIn.state.sessions.set(session.id, completed);
  rememberEmail(standIn, session.customer, email);
  const event = emit(standIn, "checkout.session.completed", completed, { request: attempt.request });
  if (outcome === "paid") settleCharge(standIn, attempt.charge.id);
  return event;
}

/** Whether a delayed payment has started and not ended. */
export function awaitsBank(standIn: StandIn, session: CheckoutSession): boolean {
  return standIn.state.paymentIntents.get(session.payment_intent ?? "")?.status === "processing";
}

/** The end of a delayed payment, days later in reality. The session must await the bank. */
export function settleDelayed(
  standIn: StandIn,
  session: CheckoutSession,
  succeeded: boolean,
): CheckoutSession {
  const intent = standIn.state.paymentIntents.get(session.payment_intent ?? "")!;
  const charge = standIn.state.charges.get(intent.latest_charge ?? "")!;
  const attempt = { intent, charge, request: { id: null, idempotency_key: null } };
  if (!succeeded) {
    failCharge(standIn, attempt, "insufficient_funds", "The bank account has insufficient funds.");
    emit(standIn, "checkout.session.async_payment_failed", session);
    return session;
  }
  succeedCharge(standIn, attempt);
  const paid: CheckoutSession = { ...session, payment_status: "paid" };
  standIn.state.sessions.set(session.id, paid);
  emit(standIn, "checkout.session.async_payment_succeeded", paid);
  settleCharge(standIn, charge.id);
  return paid;
}

function startAttempt(
  standIn: StandIn,
  session: CheckoutSession,
  method: PaymentMethodKind,
  email: string | null,
): Attempt {
  const request = { id: newId("request"), idempotency_key: crypto.randomUUID() };
  const former = standIn.state.paymentIntents.get(session.payment_intent ?? "");
  const intent = former ?? newIntent(standIn, session, request);
  const charge = buildCharge({
    id: newId(method === "card" ? "charge" : "payment"),
    created: standIn.now(),
    amount: intent.amount,
    currency: intent.currency,
    paymentIntent: intent.id,
    paymentMethod: newId("paymentMethod"),
    method,
    email: session.customer_email ?? email,
    customer: intent.customer,
    description: intent.description,
    metadata: intent.metadata,
  });
  return { intent, charge, request };
}

function newIntent(standIn: StandIn, session: CheckoutSession, request: RequestOf): PaymentIntent {
  const data = standIn.state.paymentData.get(session.id);
  const intent = buildPaymentIntent({
    id: newId("paymentIntent"),
    created: standIn.now(),
    amount: session.amount_total,
    currency: session.currency,
    customer: session.customer,
    description: data?.description ?? null,
    metadata: data?.metadata ?? {},
    methodTypes: ["card", bankDebitType(session.currency)],
  });
  standIn.state.paymentIntents.set(intent.id, intent);
  emit(standIn, "payment_intent.created", intent, { request });
  return intent;
}
