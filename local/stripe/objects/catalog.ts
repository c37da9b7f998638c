import type Stripe from "stripe";
import type { LineItem, Price, Product, Timestamp } from "./types.ts";

/** A full product; `id` and `name` are what a caller chooses. */
export function buildProduct(
  input: {
    id: string;
    name: string;
    description?: string | null;
    images?: string[];
    metadata?: Record<string, string>;
    active?: boolean;
    created: Timestamp;
  },
): Product {
  return {
    id: input.id,
    object: "product",
    active: input.active ?? true,
    created: input.created,
    default_price: null,
    description: input.description ?? null,
    images: input.images ?? [],
    livemode: false,
    marketing_features: [],
    metadata: input.metadata ?? {},
    name: input.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: input.created,
    url: null,
  };
}

/** How often a price is paid: every `count` days, weeks, months or years. */
export interface Recurrence {
  interval: "day" | "week" | "month" | "year";
  count: number;
}

/** A full price per unit, one-time unless it recurs. `unitAmount` is in the currency's smallest unit. */
export function buildPrice(
  input: {
    id: string;
    product: string;
    unitAmount: number;
    currency: string;
    recurrence?: Recurrence;
    active?: boolean;
    nickname?: string | null;
    lookupKey?: string | null;
    metadata?: Record<string, string>;
    created: Timestamp;
  },
): Price {
  return {
    id: input.id,
    object: "price",
    active: input.active ?? true,
    billing_scheme: "per_unit",
    created: input.created,
    currency: input.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: input.lookupKey ?? null,
    metadata: input.metadata ?? {},
    nickname: input.nickname ?? null,
    product: input.product,
    recurring: recurring(input.recurrence),
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: input.recurrence === undefined ? "one_time" : "recurring",
    unit_amount: input.unitAmount,
    unit_amount_decimal: String(input.unitAmount),
  };
}

function recurring(recurrence: Recurrence | undefined): Stripe.Price.Recurring | null {
  if (recurrence === undefined) return null;
  return {
    interval: recurrence.interval,
    interval_count: recurrence.count,
    meter: null,
    trial_period_days: null,
    usage_type: "licensed",
  };
}

/** A full line of a Checkout session: `quantity` times `price`, without taxes or discounts. */
export function buildLineItem(
  input: {
    id: string;
    price: Price;
    quantity: number;
    description: string;
    metadata?: Record<string, string>;
  },
): LineItem {
  const total = input.price.unit_amount * input.quantity;
  return {
    id: input.id,
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: input.price.currency,
    description: input.description,
    metadata: input.metadata ?? {},
    price: input.price,
    quantity: input.quantity,
  };
}
