import type Stripe from "stripe";
import type { Subscription, SubscriptionItem, Timestamp } from "./types.ts";

/** From one moment to another; what comes next begins where it ends. */
export interface Period {
  start: Timestamp;
  end: Timestamp;
}

/** What a subscription is made of, beside its items. */
export interface SubscriptionInput {
  id: string;
  created: Timestamp;
  customer: string;
  currency: string;
  anchor: Timestamp;
  /** The end of the trial that it begins with. */
  trialEnd: Timestamp | null;
  defaultPaymentMethod: string | null;
  discounts: string[];
  metadata: Record<string, string>;
  description: string | null;
  withoutCard: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod;
  items: SubscriptionItem[];
}

const NULLS = {
  application: null,
  application_fee_percent: null,
  billing_cycle_anchor_config: null,
  billing_thresholds: null,
  cancel_at: null,
  canceled_at: null,
  customer_account: null,
  days_until_due: null,
  default_source: null,
  ended_at: null,
  latest_invoice: null,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  test_clock: null,
  transfer_data: null,
} satisfies Partial<Subscription>;

/** A full subscription whose first invoice is not paid. */
export function buildSubscription(input: SubscriptionInput): Subscription {
  return structuredClone({
    ...NULLS,
    id: input.id,
    object: "subscription",
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: input.anchor,
    billing_mode: { flexible: null, type: "classic" },
    billing_schedules: [],
    cancel_at_period_end: false,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    default_payment_method: input.defaultPaymentMethod,
    default_tax_rates: [],
    description: input.description,
    discounts: input.discounts,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: {
      object: "list",
      data: input.items,
      has_more: false,
      url: `/v1/subscription_items?subscription=${input.id}`,
    },
    livemode: false,
    metadata: input.metadata,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: "off",
    },
    start_date: input.created,
    status: "incomplete",
    trial_end: input.trialEnd,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: input.withoutCard },
    },
    trial_start: input.trialEnd === null ? null : input.created,
  });
}
