import { invalidRequest } from "../errors.ts";
import { newId, PREFIX } from "../ids.ts";
import { buildBalanceTransaction } from "../objects/balance_transaction.ts";
import type { RequestOf } from "../objects/event.ts";
import { buildRefund } from "../objects/refund.ts";
import type { Charge, Refund, RefundStatus } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { amountToRefund } from "./refundable.ts";

/** Pays back `amount` (default: all that is left) of a charge, in its currency's smallest unit. */
export interface NewRefund {
  amount?: number;
  reason?: Refund["reason"];
  metadata?: Record<string, string>;
}

/**
 * Refunds a charge. A card's refund succeeds at once and its bank reference follows; a bank payment's is
 * pending until a test control settles it. Over-refunds and disputed charges are refused as Stripe refuses them.
 */
export function createRefund(standIn: StandIn, charge: Charge, input: NewRefund, request: RequestOf): Refund {
  const amount = amountToRefund(standIn, charge, input.amount);
  const byBank = charge.id.startsWith(PREFIX.payment);
  const id = newId(byBank ? "paymentRefund" : "refund");
  const refund = buildRefund({
    id,
    created: standIn.now(),
    amount,
    currency: charge.currency,
    charge: charge.id,
    paymentIntent: charge.payment_intent,
    balanceTransaction: move(standIn, "refund", id, -amount, charge.currency),
    reason: input.reason,
    metadata: input.metadata,
    status: byBank ? "pending" : "succeeded",
  });
  standIn.state.refunds.set(id, refund);
  emit(standIn, "refund.created", refund, { request });
  const former = { amount_refunded: charge.amount_refunded, refunded: charge.refunded };
  const refunded = addRefunded(standIn, charge, amount);
  const previous = former.refunded === refunded.refunded
    ? { amount_refunded: former.amount_refunded }
    : former;
  emit(standIn, "charge.refunded", refunded, { previous, request });
  return byBank ? refund : addReference(standIn, refund);
}

/**
 * Moves a refund to another status, with the events that Stripe sends for it. A refund that failed or was
 * cancelled no longer counts as refunded on its charge, and its money is back on the balance.
 */
export function changeRefund(
  standIn: StandIn,
  refund: Refund,
  status: RefundStatus,
  failureReason = "unknown",
  request?: RequestOf,
): Refund {
  if (isOver(refund) || refund.status === status) {
    throw invalidRequest(`This refund is ${refund.status} and cannot become ${status}.`, undefined, "status");
  }
  const changed: Refund = { ...refund, status };
  delete changed.pending_reason;
  if (status === "failed" || status === "canceled") takeBack(standIn, changed);
  if (status === "failed") changed.failure_reason = failureReason;
  standIn.state.refunds.set(refund.id, changed);
  if (status === "failed") emit(standIn, "refund.failed", changed, { request });
  emitUpdated(standIn, changed, { status: refund.status }, request);
  return changed;
}

function isOver(refund: Refund): boolean {
  return refund.status === "failed" || refund.status === "canceled";
}

function addRefunded(standIn: StandIn, charge: Charge, amount: number): Charge {
  const amountRefunded = charge.amount_refunded + amount;
  const changed = { ...charge, amount_refunded: amountRefunded, refunded: amountRefunded === charge.amount };
  standIn.state.charges.set(charge.id, changed);
  standIn.changed();
  return changed;
}

function takeBack(standIn: StandIn, refund: Refund): void {
  const charge = standIn.state.charges.get(refund.charge)!;
  addRefunded(standIn, charge, -refund.amount);
  refund.failure_balance_transaction = move(
    standIn,
    "refund_failure",
    refund.id,
    refund.amount,
    refund.currency,
  );
}

/** The bank's confirmation of a card refund, which Stripe adds to the refund after it was made. */
function addReference(standIn: StandIn, refund: Refund): Refund {
  const card = refund.destination_details?.card;
  if (card === undefined) return refund;
  const destination_details = {
    card: { ...card, reference: "7420000000000000000000", reference_status: "available" },
    type: "card",
  };
  const changed: Refund = { ...refund, destination_details };
  standIn.state.refunds.set(refund.id, changed);
  emitUpdated(standIn, changed, {
    destination_details: { card: { reference: null, reference_status: "pending" } },
  });
  return changed;
}

function emitUpdated(
  standIn: StandIn,
  refund: Refund,
  previous: Record<string, unknown>,
  request?: RequestOf,
): void {
  emit(standIn, "refund.updated", refund, { previous, request });
  emit(standIn, "charge.refund.updated", refund, { previous, request });
}

function move(
  standIn: StandIn,
  kind: "refund" | "refund_failure",
  source: string,
  amount: number,
  currency: string,
): string {
  const movement = buildBalanceTransaction({ kind, source, amount, currency, created: standIn.now() });
  standIn.state.balanceTransactions.set(movement.id, movement);
  return movement.id;
}
