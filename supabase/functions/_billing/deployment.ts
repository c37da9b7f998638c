/**
 * Which payments are this deployment's, and what its payment pages offer.
 *
 * @module
 */
import { derived, list, listed, notConfigured, required } from "../_shared/env.ts";

/** Whether the deployment's own key is a live one; undefined where it does not say. */
export const livemode = derived("STRIPE_SECRET_KEY", (key = "") => {
  const said = /^[a-z]+_(live|test)_/.exec(key)?.[1];
  return said === undefined ? undefined : said === "live";
});

/**
 * The tags of this deployment in the metadata of what it makes at Stripe, where others may share the account: the first is
 * written, all are known. `STRIPE_PROJECT` names them; unset, it is the host of the project.
 */
export function projects(): string[] {
  const named = list("STRIPE_PROJECT");
  return named.length > 0 ? named : [new URL(required("SUPABASE_URL")).host];
}

/** Under Stripe's own names. */
const OPTIONS = ["adaptive_pricing", "automatic_tax", "invoice_creation", "tax_id_collection"] as const;

/**
 * What of Stripe's the payment page offers: those that `STRIPE_CHECKOUT` lists.
 *
 * @throws {ApiError} `not_configured` when it lists something else.
 */
export const checkoutOptions: () => Set<typeof OPTIONS[number]> = derived("STRIPE_CHECKOUT", (text) => {
  const wanted = listed(text);
  const known = OPTIONS.filter((option) => wanted.includes(option));
  if (known.length === new Set(wanted).size) return new Set(known);
  throw notConfigured(`STRIPE_CHECKOUT lists more than ${OPTIONS.join(", ")}`);
});
