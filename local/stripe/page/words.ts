import type Stripe from "stripe";
import type { Timestamp } from "../objects/types.ts";

/** A day as people read it, in UTC. */
export function day(at: Timestamp): string {
  return new Date(at * 1000).toLocaleDateString("en", { dateStyle: "medium", timeZone: "UTC" });
}

/** How often a price is paid: `a month`, `every 3 months`. */
export function rhythm({ interval, interval_count }: Stripe.Price.Recurring): string {
  return interval_count === 1 ? `a ${interval}` : `every ${interval_count} ${interval}s`;
}
