import type { Charge, Dispute, Timestamp } from "./types.ts";

/** What a dispute is made of; `amount` in the currency's smallest unit. */
export interface DisputeInput {
  id: string;
  created: Timestamp;
  amount: number;
  charge: Pick<Charge, "id" | "currency" | "payment_intent" | "payment_method_details">;
  reason: string;
  /** An inquiry asks first and withdraws nothing. */
  inquiry: boolean;
  /** A partial or full refund can still be made while an inquiry is open. */
  balanceTransactions: Dispute["balance_transactions"];
}

const EVIDENCE_DUE_SECONDS = 9 * 24 * 60 * 60;

const NO_EVIDENCE: Dispute["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

/** A full dispute that waits for the merchant's answer. */
export function buildDispute(input: DisputeInput): Dispute {
  const card = input.charge.payment_method_details.card;
  return {
    id: input.id,
    object: "dispute",
    amount: input.amount,
    balance_transactions: input.balanceTransactions,
    charge: input.charge.id,
    created: input.created,
    currency: input.charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, enhanced_evidence: {} },
    evidence_details: {
      due_by: input.created + EVIDENCE_DUE_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "not_submitted",
    },
    intended_submission_method: null,
    is_charge_refundable: input.inquiry,
    livemode: false,
    metadata: {},
    ...(card === undefined ? {} : {
      network_reason_code: "10.4",
      payment_method_details: {
        card: {
          brand: card.brand ?? "visa",
          case_type: input.inquiry ? "inquiry" as const : "chargeback" as const,
          network: card.network ?? "visa",
          network_reason_code: "10.4",
        },
        type: "card" as const,
      },
    }),
    payment_intent: input.charge.payment_intent,
    reason: input.reason,
    status: input.inquiry ? "warning_needs_response" : "needs_response",
  };
}
