import type Stripe from "stripe";
import type { StandIn } from "../stand_in.ts";

/** The billing portal as this stand-in's pages are; its products are only there where somebody asks for them. */
export function portalConfiguration(
  { state, dashboard }: StandIn,
  withProducts: boolean,
): Stripe.BillingPortal.Configuration {
  const prices = [...state.prices.values()].filter(({ recurring, active }) => recurring !== null && active);
  const products = Object.entries(Object.groupBy(prices, ({ product }) => product)).map((
    [product, sold = []],
  ) => ({
    product,
    prices: sold.map(({ id }) => id),
    adjustable_quantity: { enabled: false, maximum: null, minimum: 1 },
  }));
  return {
    id: "bpc_standin",
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: 0,
    default_return_url: null,
    features: {
      customer_update: { allowed_updates: [], enabled: false },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true, payment_method_configuration: null },
      subscription_cancel: {
        cancellation_reason: { enabled: false, feedback_options: null, options: [] },
        enabled: true,
        mode: "at_period_end",
        proration_behavior: "none",
      },
      subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
      subscription_update: {
        billing_cycle_anchor: "now",
        default_allowed_updates: ["price"],
        enabled: true,
        ...(withProducts ? { products } : {}),
        proration_behavior: dashboard.portal_proration,
        schedule_at_period_end: {
          conditions: [{ type: "decreasing_item_amount" }, { type: "shortening_interval" }],
        },
        trial_update_behavior: "end_trial",
      },
    },
    is_default: true,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: 0,
  };
}
