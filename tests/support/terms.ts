/**
 * What the running stack sells, gives and allows, as its database has it: a test that writes such a number down a second
 * time turns red when somebody changes the first.
 *
 * @module
 */
import postgres from "postgres";
import { stack } from "./people.ts";

/** Prices, limits, bonus and packs of the running stack. Amounts are in credits. */
export interface Terms {
  /** What a confirmed e-mail brings. */
  bonus: number;
  /** What a unit of an action costs, such as a `story_page`. */
  prices: Record<string, number>;
  /** How often a user may do what within how many minutes. */
  limits: Record<string, { max_requests: number; window_minutes: number }>;
  /** What is sold, in the order of the shop. */
  packs: { id: string; name: string; credits: number; amount_cents: number; currency: string }[];
}

/** Reads them. */
export async function readTerms(): Promise<Terms> {
  const sql = postgres(stack("DB_URL"), { max: 1 });
  try {
    const [terms] = await sql<[Terms]>`
      select
        (select to_jsonb(signup_bonus_amount) from credits_private.credit_settings) as bonus,
        (select jsonb_object_agg(action, credits) from public.credit_pricing) as prices,
        (select jsonb_object_agg(action, to_jsonb(p)) from public.rate_limit_policies p) as limits,
        (select jsonb_agg(to_jsonb(p) order by position) from public.credit_packs p where active) as packs`;
    return terms;
  } finally {
    await sql.end();
  }
}

/** An amount as people read it: `12.50`. */
export const inWords = (credits: number) => credits.toFixed(2);
