/** Whether Stripe's billing portal changes plans in the way that their credits are counted by. */
import type Stripe from "stripe";
import { asService, dataApi, read } from "../../supabase/functions/_shared/database/client.ts";
import { type Finding, finding } from "./finding.ts";

type Portal = Pick<Stripe.BillingPortal.Configuration, "features">;

const SECTION = "customers-and-the-billing-portal";
const ADVICE = "set it at Stripe under Settings > Billing > Customer portal, as docs/plans.md says";

/** What is wrong with the portal for whoever subscribed at one of `prices`, one finding. */
export function checkPortal(portal: Portal | undefined, prices: string[]): Finding {
  if (portal === undefined) {
    return finding("stripe_portal", prices.length ? "alarm" : "warn", "it was never saved", ADVICE, SECTION);
  }
  const faults = prices.length ? [...faultsOf(portal, prices)] : [];
  return faults.length ? finding("stripe_portal", "warn", faults.join("; "), ADVICE, SECTION) : finding(
    "stripe_portal",
    "ok",
    prices.length ? "changes and ends plans as they are counted" : "saved",
    "",
    SECTION,
  );
}

function* faultsOf({ features }: Portal, prices: string[]): Generator<string> {
  const { subscription_cancel: cancel, subscription_update: update, payment_method_update: card } = features;
  if (!card.enabled) yield "a card that fails cannot be replaced";
  if (!cancel.enabled) yield "a plan cannot be cancelled";
  // Who gets money back for what is left of a period keeps the credits of all of it.
  else if (cancel.mode !== "at_period_end" && cancel.proration_behavior !== "none") {
    yield "who cancels at once is credited what is unused";
  }
  if (!update.enabled || !update.default_allowed_updates.includes("price")) {
    yield "a plan cannot be changed";
    return;
  }
  const offered = new Set(update.products?.flatMap((product) => product.prices));
  const missing = prices.filter((price) => !offered.has(price));
  if (missing.length) yield `it does not offer ${missing.join(", ")}`;
  if (update.billing_cycle_anchor !== "now") yield "an upgrade does not begin a new period";
  if (update.proration_behavior !== "none") yield `an upgrade is prorated (${update.proration_behavior})`;
  const waits = new Set(update.schedule_at_period_end.conditions.map(({ type }) => type));
  if (!waits.has("decreasing_item_amount")) yield "a downgrade does not wait for the period's end";
  if (!waits.has("shortening_interval")) {
    yield "a change from yearly to monthly does not wait for the period's end";
  }
}

/** Asks Stripe for the portal that customers are led to, and the database for what is sold. */
export async function findPortal(stripe: Stripe): Promise<Finding> {
  const { data: [portal] } = await stripe.billingPortal.configurations.list({
    active: true,
    is_default: true,
    limit: 1,
    expand: ["data.features.subscription_update.products"],
  });
  const offers = await read("plan_offers", asService(dataApi().from("plan_offers").select("price_id"))) ?? [];
  return checkPortal(portal, offers.flatMap(({ price_id }) => price_id ?? []));
}
