import { find } from "../api/find.ts";
import { invalidRequest } from "../errors.ts";
import { newId } from "../ids.ts";
import { buildBalanceTransaction } from "../objects/balance_transaction.ts";
import { buildDispute } from "../objects/dispute.ts";
import type { RequestOf } from "../objects/event.ts";
import type { Charge, Dispute } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";

/** What a cardholder's complaint is about; `amount` (default: what was not refunded) in the smallest unit. */
export interface NewDispute {
  amount?: number;
  reason?: string;
  /** The bank only asks: no money moves. */
  inquiry?: boolean;
}

const DISPUTE_FEE = 1500;
const CLOSED = ["won", "lost", "warning_closed"];

/** Opens a dispute and, unless it is an inquiry, takes the money and Stripe's fee off the balance. */
export function createDispute(standIn: StandIn, charge: Charge, input: NewDispute): Dispute {
  const amount = disputable(standIn, charge, input.amount);
  const id = newId("dispute");
  const created = standIn.now();
  const inquiry = input.inquiry ?? false;
  const balanceTransactions = inquiry ? [] : [withdrawal(standIn, id, charge, amount)];
  const reason = input.reason ?? "fraudulent";
  const dispute = buildDispute({ id, created, amount, charge, reason, inquiry, balanceTransactions });
  standIn.state.disputes.set(id, dispute);
  standIn.state.charges.set(charge.id, { ...charge, disputed: true });
  emit(standIn, "charge.dispute.created", dispute);
  if (!inquiry) emit(standIn, "charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

/**
 * Ends a dispute. Won returns the money (Stripe's fee stays); lost changes nothing more. An inquiry ends as
 * `warning_closed` in both cases.
 */
export function closeDispute(
  standIn: StandIn,
  dispute: Dispute,
  outcome: "won" | "lost",
  request?: RequestOf,
): Dispute {
  if (CLOSED.includes(dispute.status)) {
    throw invalidRequest("This dispute is already closed", "dispute_closed");
  }
  const inquiry = dispute.status.startsWith("warning");
  const status = inquiry ? "warning_closed" as const : outcome;
  const returned = status === "won" ? [reinstatement(standIn, dispute)] : [];
  const balance_transactions = [...dispute.balance_transactions, ...returned];
  const closed: Dispute = {
    ...dispute,
    status,
    balance_transactions,
    is_charge_refundable: status !== "lost",
  };
  standIn.state.disputes.set(dispute.id, closed);
  standIn.changed();
  if (status === "won") emit(standIn, "charge.dispute.funds_reinstated", closed, { request });
  emit(standIn, "charge.dispute.closed", closed, { previous: { status: dispute.status }, request });
  return closed;
}

/** The bank appeals against a dispute that was won: the money goes again, until the appeal is closed. */
export function appealDispute(standIn: StandIn, dispute: Dispute): Dispute {
  if (dispute.status !== "won") throw invalidRequest("Only a dispute that was won can be appealed against.");
  const charge = find(standIn, "charges", dispute.charge);
  const movement = withdrawal(standIn, dispute.id, charge, dispute.amount);
  const appealed: Dispute = {
    ...dispute,
    status: "appeal_needs_response",
    balance_transactions: [...dispute.balance_transactions, movement],
    is_charge_refundable: false,
  };
  standIn.state.disputes.set(dispute.id, appealed);
  standIn.changed();
  emit(standIn, "charge.dispute.funds_withdrawn", appealed);
  return appealed;
}

/** Whether an open or lost dispute has this charge's money: a refund would pay the buyer twice. */
export function chargedBack(standIn: StandIn, charge: string): boolean {
  return [...standIn.state.disputes.values()].some((dispute) =>
    dispute.charge === charge && !dispute.is_charge_refundable
  );
}

function disputable(standIn: StandIn, charge: Charge, wanted: number | undefined): number {
  const left = charge.amount - charge.amount_refunded;
  const amount = wanted ?? left;
  const taken = chargedBack(standIn, charge.id);
  if (charge.status !== "succeeded" || taken || amount <= 0 || amount > charge.amount) {
    const message = `Charge ${charge.id} cannot be disputed for ${amount}: it must have succeeded, not be ` +
      `charged back already, and be at least as large.`;
    throw invalidRequest(message, undefined, "amount");
  }
  return amount;
}

function withdrawal(standIn: StandIn, dispute: string, charge: Charge, amount: number) {
  const movement = buildBalanceTransaction({
    kind: "dispute",
    source: dispute,
    amount: -amount,
    fee: DISPUTE_FEE,
    currency: charge.currency,
    description: `Chargeback withdrawal for ${charge.id}`,
    created: standIn.now(),
  });
  standIn.state.balanceTransactions.set(movement.id, movement);
  return movement;
}

function reinstatement(standIn: StandIn, dispute: Dispute) {
  const movement = buildBalanceTransaction({
    kind: "dispute_reversal",
    source: dispute.id,
    amount: dispute.amount,
    currency: dispute.currency,
    description: `Chargeback reversal for ${dispute.charge}`,
    created: standIn.now(),
  });
  standIn.state.balanceTransactions.set(movement.id, movement);
  return movement;
}
