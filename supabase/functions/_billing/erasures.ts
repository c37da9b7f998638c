/**
 * Customers of erased users, deleted at Stripe.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import Stripe from "stripe";
import { asService, call, dataApi, read } from "../_shared/database/client.ts";
import { describe, log } from "../_shared/log.ts";
import { livemode } from "./deployment.ts";
import { providerError } from "./stripe.ts";

/** What was done, by the customers' ids. */
export const Erasures = z.object({ deleted: z.array(z.string()), pending: z.array(z.string()) });
export type Erasures = z.infer<typeof Erasures>;

/** As many as PostgREST gives at once; the next run finds the others. */
const MOST = 1000;

/** Deletes what is to be deleted, those that wait longest first, or only lists it. What fails stays, for the next run. */
export async function eraseCustomers(stripe: Stripe, apply: boolean): Promise<Erasures> {
  const waiting = dataApi().from("stripe_customers").select("customer_id").eq("livemode", livemode() ?? false)
    .not("erase_at", "is", null).is("erased_at", null).order("erase_at").limit(MOST);
  const ids = (await read("stripe_customers", asService(waiting)) ?? []).map((row) => row.customer_id);
  const erasures: Erasures = { deleted: [], pending: [] };
  for (const id of ids) {
    const isDone = apply && await erase(stripe, id);
    (isDone ? erasures.deleted : erasures.pending).push(id);
  }
  return erasures;
}

async function erase(stripe: Stripe, id: string): Promise<boolean> {
  try {
    await stripe.customers.del(id).catch((error) => {
      // Deleted before, by a run that ended before it could say so, or by hand.
      if (!isMissing(error)) throw providerError(error);
    });
    await call("complete_customer_erasure", { p_customer_id: id });
    return true;
  } catch (error) {
    log("warn", "stripe_customer_not_erased", { customer_id: id, error: describe(error) });
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === "resource_missing";
}
