import { z } from "zod";
import { findCustomer } from "../actions/customers.ts";
import type { SubscriptionData } from "../state.ts";
import {
  amount,
  boolean,
  currency,
  expand,
  integer,
  listParams,
  metadata,
  recurring,
  trialSettings,
  webUrl,
} from "../api/params.ts";
import { invalidRequest } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";

const line = z.strictObject({
  price: z.string().optional(),
  price_data: z.strictObject({
    currency,
    unit_amount: amount,
    recurring: recurring.optional(),
    product: z.string().optional(),
    product_data: z.strictObject({
      name: z.string().min(1),
      description: z.string().optional(),
      images: z.array(z.string()).max(8).optional(),
      metadata: metadata.optional(),
    }).optional(),
  }).optional(),
  quantity: integer.pipe(z.number().int().min(1).max(999_999)),
  metadata: metadata.optional(),
});

export const echoed = {
  allow_promotion_codes: boolean.optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  locale: z.string().max(10).optional(),
  origin_context: z.enum(["mobile_app", "web"]).optional(),
  payment_method_collection: z.enum(["always", "if_required"]).optional(),
  payment_method_types: z.array(z.string()).optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay"]).optional(),
};

const toggle = z.strictObject({ enabled: boolean }).optional();

export const toggles = {
  adaptive_pricing: toggle,
  automatic_tax: toggle,
  invoice_creation: z.strictObject({
    enabled: boolean,
    invoice_data: z.strictObject({ metadata: metadata.optional() }).optional(),
  }).optional(),
  tax_id_collection: toggle,
};

const autoOrNever = z.enum(["auto", "never"]).optional();

const subscriptionData = z.strictObject({
  description: z.string().max(500).optional(),
  metadata: metadata.optional(),
  trial_end: integer.optional(),
  trial_period_days: integer.pipe(z.number().min(1).max(730)).optional(),
  trial_settings: trialSettings.optional(),
});

export const createParams = z.strictObject({
  ...echoed,
  ...toggles,
  currency: currency.optional(),
  mode: z.enum(["payment", "subscription"]),
  discounts: z.array(z.strictObject({ coupon: z.string() })).max(1).optional(),
  subscription_data: subscriptionData.optional(),
  ui_mode: z.literal("hosted_page").optional(),
  customer_update: z.strictObject({ address: autoOrNever, name: autoOrNever, shipping: autoOrNever })
    .optional(),
  line_items: z.array(line).min(1).max(100),
  success_url: webUrl,
  cancel_url: webUrl.optional(),
  client_reference_id: z.string().max(200).optional(),
  customer: z.string().optional(),
  customer_email: z.email().max(800).optional(),
  expires_at: integer.optional(),
  metadata: metadata.optional(),
  payment_intent_data: z.strictObject({
    description: z.string().max(1000).optional(),
    metadata: metadata.optional(),
  }).optional(),
  expand,
});

export const listSessions = z.strictObject({
  ...listParams,
  customer: z.string().optional(),
  payment_intent: z.string().optional(),
  subscription: z.string().optional(),
  status: z.enum(["open", "complete", "expired"]).optional(),
});

export const listLines = z.strictObject({
  limit: listParams.limit,
  starting_after: listParams.starting_after,
  ending_before: listParams.ending_before,
  expand,
});

/** Those of `names` that `input` says something about. */
export function given<N extends object, I extends object>(names: N, input: I): Pick<I, keyof I & keyof N> {
  const found = Object.entries(input).filter(([name, value]) => name in names && value !== undefined);
  return Object.fromEntries(found) as Pick<I, keyof I & keyof N>;
}

/** What a session in mode `subscription` is to make; null in the other mode. */
export function subscriptionOf(input: z.infer<typeof createParams>): SubscriptionData | null {
  const { mode, discounts, subscription_data: data = {} } = input;
  const foreign = mode === "payment"
    ? ["subscription_data", "discounts"] as const
    : ["payment_intent_data"] as const;
  const misplaced = foreign.find((name) => input[name] !== undefined);
  if (misplaced) {
    throw invalidRequest(`You can not pass \`${misplaced}\` in \`${mode}\` mode.`, undefined, misplaced);
  }
  if (mode === "payment") return null;
  return {
    coupon: discounts?.[0]?.coupon ?? null,
    cardCollection: input.payment_method_collection ?? "always",
    description: data.description ?? null,
    isDeclined: false,
    metadata: data.metadata ?? {},
    trial: { days: data.trial_period_days, end: data.trial_end },
    withoutCard: data.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
  };
}

/** The customer that a session names. */
export function customerOf(standIn: StandIn, input: z.infer<typeof createParams>): string | null {
  if (input.customer === undefined) {
    if (input.customer_update) throw invalidRequest("`customer_update` can only be used with `customer`.");
    return null;
  }
  const other = (["customer_email", "customer_creation"] as const).find((name) => input[name] !== undefined);
  if (other) throw invalidRequest(`You may only specify one of these parameters: customer, ${other}.`);
  return findCustomer(standIn, input.customer, "customer").id;
}
