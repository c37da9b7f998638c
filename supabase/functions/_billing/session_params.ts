/**
 * What Stripe is asked to sell: a session for exactly one purchase.
 *
 * @module
 */
import type Stripe from "stripe";
import { checkoutOptions, projects } from "./deployment.ts";
import { withParameter } from "./return_to.ts";

/** A purchase that is about to be paid. */
export interface Order {
  purchase_id: string;
  user_id: string;
  pack_id: string;
  pack_name: string;
  credits: number;
  /** In the smallest unit of `currency`. */
  amount_cents: number;
  currency: string;
  /** A price that was made at Stripe. */
  stripe_price_id: string | null;
  allow_promotion_codes: boolean | null;
}

/** The session of `order`, which `customer` pays and which sends the browser back to `returnTo`. */
export function sessionFor(
  order: Order,
  customer: string,
  returnTo: string,
): Stripe.Checkout.SessionCreateParams {
  const options = checkoutOptions();
  const metadata = metadataOf(order);
  const own = order.stripe_price_id;
  return {
    mode: "payment",
    line_items: [{ ...(own === null ? describedPrice(order) : { price: own }), quantity: 1 }],
    // A price may have several currencies, of which Stripe would choose by where the browser is.
    ...(own === null ? {} : { currency: order.currency }),
    client_reference_id: order.purchase_id,
    customer,
    metadata,
    payment_intent_data: { metadata },
    success_url: successUrl(returnTo),
    cancel_url: withParameter(returnTo, "checkout=cancelled"),
    // Said even where it is off: otherwise a switch in Stripe's dashboard decides.
    adaptive_pricing: { enabled: options.has("adaptive_pricing") },
    ...(order.allow_promotion_codes ? { allow_promotion_codes: true } : {}),
    ...(options.has("automatic_tax") ? { automatic_tax: { enabled: true } } : {}),
    // Stripe keeps what its page asks for with a customer that is there already only where it is told to.
    ...(options.has("automatic_tax") ? { customer_update: { address: "auto" } } : {}),
    ...(options.has("tax_id_collection")
      ? {
        tax_id_collection: { enabled: true },
        customer_update: { address: "auto", name: "auto" },
      }
      : {}),
    ...(options.has("invoice_creation")
      ? { invoice_creation: { enabled: true, invoice_data: { metadata } } }
      : {}),
  };
}

/** A subscription that is about to be paid. */
export interface Start {
  user_id: string;
  /** A price that was made at Stripe. */
  stripe_price_id: string;
  trial_days: number;
}

/** The session in which `customer` subscribes, and which sends the browser back to `returnTo`. */
export function subscriptionSessionFor(
  { user_id, stripe_price_id, trial_days }: Start,
  customer: string,
  returnTo: string,
): Stripe.Checkout.SessionCreateParams {
  const options = checkoutOptions();
  const metadata = { project: projects()[0], user_id };
  return {
    mode: "subscription",
    line_items: [{ price: stripe_price_id, quantity: 1 }],
    customer,
    metadata,
    // The customer says whose it is; the tag tells environments apart.
    subscription_data: { metadata, ...(trial_days > 0 ? { trial_period_days: trial_days } : {}) },
    success_url: successUrl(returnTo),
    cancel_url: withParameter(returnTo, "checkout=cancelled"),
    ...(options.has("automatic_tax")
      ? { automatic_tax: { enabled: true }, customer_update: { address: "auto" } }
      : {}),
    ...(options.has("tax_id_collection")
      ? { tax_id_collection: { enabled: true }, customer_update: { address: "auto", name: "auto" } }
      : {}),
  };
}

/** Where the session that returns to `returnTo` sends whoever has paid. */
export function successUrl(returnTo: string): string {
  return withParameter(returnTo, "checkout=success");
}

/** All that the purchase's row says: Stripe signs it in each event, so that a lost row can be made again from it. */
function metadataOf(order: Order): Stripe.MetadataParam {
  return {
    project: projects()[0],
    purchase_id: order.purchase_id,
    user_id: order.user_id,
    pack_id: order.pack_id,
    credits: Number(order.credits).toFixed(2),
    amount: String(order.amount_cents),
    currency: order.currency,
  };
}

function describedPrice({ currency, amount_cents, pack_name }: Order) {
  return { price_data: { currency, unit_amount: amount_cents, product_data: { name: pack_name } } };
}
