import type Stripe from "stripe";
import type { Invoice, InvoiceLine, Timestamp } from "./types.ts";
import type { Period } from "./subscription.ts";

/** What an invoice of a subscription is made of; amounts in the currency's smallest unit. */
export interface InvoiceInput {
  id: string;
  created: Timestamp;
  customer: string;
  email: string | null;
  currency: string;
  subscription: string;
  /** The subscription's. */
  metadata: Record<string, string>;
  reason: Stripe.Invoice.BillingReason;
  /** What was before it: at a renewal the period that has ended, not the one that is paid for. */
  period: Period;
  lines: InvoiceLine[];
  discounts: string[];
  /** What of the sum the discounts take. */
  discounted: number;
  finalizesAt: Timestamp | null;
}

const NULLS = {
  account_country: null,
  account_name: null,
  account_tax_ids: null,
  application: null,
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_name: null,
  customer_phone: null,
  customer_shipping: null,
  default_payment_method: null,
  default_source: null,
  description: null,
  due_date: null,
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  last_finalization_error: null,
  latest_revision: null,
  next_payment_attempt: null,
  number: null,
  on_behalf_of: null,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  test_clock: null,
  webhooks_delivered_at: null,
} satisfies Partial<Invoice>;

/** A full invoice, still a draft. A negative sum is owed to the customer: nothing of it is due. */
export function buildInvoice(input: InvoiceInput): Invoice {
  const subtotal = input.lines.reduce((sum, line) => sum + line.amount, 0);
  const total = subtotal - input.discounted;
  const due = Math.max(total, 0);
  return structuredClone({
    ...NULLS,
    id: input.id,
    object: "invoice",
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: due,
    amount_shipping: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: input.finalizesAt,
    billing_reason: input.reason,
    collection_method: "charge_automatically",
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    customer_email: input.email,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_tax_rates: [],
    discounts: input.discounts,
    issuer: { type: "self" },
    lines: {
      object: "list",
      data: input.lines.map((line) => ({ ...line, invoice: input.id })),
      has_more: false,
      url: `/v1/invoices/${input.id}/lines`,
    },
    livemode: false,
    metadata: {},
    parent: {
      quote_details: null,
      subscription_details: { metadata: input.metadata, subscription: input.subscription },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.period.end,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    starting_balance: 0,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_discount_amounts: input.discounts.map((discount) => ({ amount: input.discounted, discount })),
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
  });
}
