import { invalidRequest } from "../errors.ts";
import { formatMoney } from "../money.ts";
import type { Charge } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { chargedBack } from "./disputes.ts";

/** The amount a refund is for, or Stripe's refusal: unpaid, all refunded, charged back, or more than is left. */
export function amountToRefund(standIn: StandIn, charge: Charge, wanted: number | undefined): number {
  if (charge.status !== "succeeded") {
    throw invalidRequest(
      `Charge ${charge.id} has not succeeded and cannot be refunded.`,
      undefined,
      "charge",
    );
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, "charge_already_refunded");
  }
  if (chargedBack(standIn, charge.id)) {
    throw invalidRequest(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      "charge_disputed",
    );
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = wanted ?? left;
  if (amount <= 0) throw invalidRequest("Invalid positive integer", "parameter_invalid_integer", "amount");
  if (amount > left) {
    const [asked, rest] = [formatMoney(amount, charge.currency), formatMoney(left, charge.currency)];
    const message = `Refund amount (${asked}) is greater than unrefunded amount on charge (${rest})`;
    throw invalidRequest(message, undefined, "amount");
  }
  return amount;
}
