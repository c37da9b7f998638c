import type Stripe from "stripe";
import type { Charge, PaymentMethodKind, Timestamp } from "./types.ts";

/** What a charge is made of; `amount` in the currency's smallest unit. */
export interface ChargeInput {
  id: string;
  created: Timestamp;
  amount: number;
  currency: string;
  customer: string | null;
  paymentIntent: string;
  paymentMethod: string;
  method: PaymentMethodKind;
  email: string | null;
  description: string | null;
  metadata: Record<string, string>;
}

const NULLS = {
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  on_behalf_of: null,
  receipt_email: null,
  receipt_number: null,
  receipt_url: null,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} satisfies Partial<Charge>;

/** A full charge that is still pending: neither paid nor failed. */
export function buildCharge(input: ChargeInput): Charge {
  return structuredClone({
    ...NULLS,
    id: input.id,
    object: "charge",
    amount: input.amount,
    amount_captured: 0,
    amount_refunded: 0,
    billing_details: {
      address: { city: null, country: "US", line1: null, line2: null, postal_code: "12345", state: null },
      email: input.email,
      name: "Test Buyer",
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: input.method === "card" ? "STRIPE STAND-IN" : null,
    captured: true,
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    description: input.description,
    disputed: false,
    fraud_details: {},
    livemode: false,
    metadata: input.metadata,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: "approved_by_network",
      reason: null,
      risk_level: "normal",
      risk_score: 3,
      seller_message: "Payment complete.",
      type: "authorized",
    },
    paid: false,
    payment_intent: input.paymentIntent,
    payment_method: input.paymentMethod,
    payment_method_details: methodDetails(input),
    radar_options: {},
    refunded: false,
    status: "pending",
  });
}

/** The kind of bank debit Stripe would offer in this currency. */
export function bankDebitType(currency: string): "sepa_debit" | "us_bank_account" {
  return currency === "eur" ? "sepa_debit" : "us_bank_account";
}

function methodDetails(input: ChargeInput): Stripe.Charge.PaymentMethodDetails {
  if (input.method === "card") return { card: cardDetails(input.amount), type: "card" };
  if (bankDebitType(input.currency) === "sepa_debit") {
    return {
      sepa_debit: {
        bank_code: "37040044",
        branch_code: null,
        country: "DE",
        fingerprint: "vifs0Ho7vwRn1Miu",
        last4: "3000",
        mandate: null,
      },
      type: "sepa_debit",
    };
  }
  return {
    type: "us_bank_account",
    us_bank_account: {
      account_holder_type: "individual",
      account_type: "checking",
      bank_name: "STRIPE TEST BANK",
      fingerprint: "FFDMA0xfhBjWSZLu",
      last4: "6789",
      payment_reference: null,
      routing_number: "110000000",
    },
  };
}

function cardDetails(amount: number): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: amount,
    authorization_code: "123456",
    brand: "visa",
    checks: { address_line1_check: null, address_postal_code_check: "pass", cvc_check: "pass" },
    country: "US",
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: 2034,
    extended_authorization: { status: "disabled" },
    fingerprint: "Xt5EWLLDS7FJjR1c",
    funding: "credit",
    incremental_authorization: { status: "unavailable" },
    installments: null,
    last4: "4242",
    mandate: null,
    multicapture: { status: "unavailable" },
    network: "visa",
    network_token: { used: false },
    network_transaction_id: "104102978678771",
    overcapture: { maximum_amount_capturable: amount, status: "unavailable" },
    regulated_status: "unregulated",
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
