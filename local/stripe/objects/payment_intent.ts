import type Stripe from "stripe";
import { randomToken } from "../ids.ts";
import type { PaymentIntent, Timestamp } from "./types.ts";

/** What a payment intent is made of; `amount` in the currency's smallest unit. */
export interface PaymentIntentInput {
  id: string;
  created: Timestamp;
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  methodTypes: string[];
}

const NULLS = {
  allowed_payment_method_types: null,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  customer_account: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} satisfies Partial<PaymentIntent>;

/** A full payment intent as Checkout makes it, not yet confirmed. */
export function buildPaymentIntent(input: PaymentIntentInput): PaymentIntent {
  return structuredClone({
    ...NULLS,
    id: input.id,
    object: "payment_intent",
    amount: input.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    capture_method: "automatic_async",
    client_secret: `${input.id}_secret_${randomToken(25)}`,
    confirmation_method: "automatic",
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    description: input.description,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: input.metadata,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: "automatic",
      },
    },
    payment_method_types: input.methodTypes,
    status: "requires_payment_method",
  });
}

/** The error a payment intent keeps after its charge failed; Stripe nests the payment method, this does not. */
export function paymentError(
  charge: string,
  code: string,
  message: string,
): Stripe.PaymentIntent.LastPaymentError {
  return {
    charge,
    code,
    decline_code: code === "card_declined" ? "generic_decline" : undefined,
    doc_url: `https://stripe.com/docs/error-codes/${code}`,
    message,
    type: code === "card_declined" ? "card_error" : "invalid_request_error",
  };
}
