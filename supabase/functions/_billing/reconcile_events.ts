/**
 * Events that Stripe has and the inbox does not: fetched from Stripe and taken in as if they had been delivered.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type Stripe from "stripe";
import { asService, dataApi, read } from "../_shared/database/client.ts";
import { describe, log } from "../_shared/log.ts";
import { applyEvent, keptEvent } from "./event.ts";
import { wholeEvent } from "./whole.ts";

/** The event types that have an effect. */
export const EVENT_TYPES = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "charge.refunded",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "charge.dispute.closed",
  "radar.early_fraud_warning.created",
  "customer.subscription.created",
  "customer.subscription.updated",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.deleted",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.voided",
  "invoice.marked_uncollectible",
  "invoice_payment.paid",
] as const satisfies Stripe.Event["type"][];

/** The same in parts: twenty is the most that Stripe takes in one request. */
export const EVENT_TYPE_PAGES: Stripe.Event["type"][][] = [EVENT_TYPES.slice(0, 20), EVENT_TYPES.slice(20)];

/** What to look for. */
export interface Search {
  /** Unix seconds; Stripe keeps events for 30 days. */
  since: number;
  /** Every event, or only those that Stripe could not deliver. */
  all: boolean;
  /** Whether to take in what is missing; otherwise it is only reported. */
  apply: boolean;
}

/** An event that the inbox did not have. */
export const MissingEvent = z.object({
  id: z.string(),
  type: z.string(),
  created: z.int().openapi({ description: "Unix seconds" }),
  outcome: z.string().openapi({
    description: "`missing` when only looked for, else `applied`, `ignored`, `held`, `duplicate` or `failed`",
  }),
  reason: z.string().nullable().openapi({ description: "Why it was held, or a word on why it failed" }),
});
export type MissingEvent = z.infer<typeof MissingEvent>;

/** Stripe's pages, which are also how many ids one question to the database carries. */
const PAGE = 100;

/** Looks for events that the inbox lacks; `onEvent` is told about each event that was looked at. */
export async function reconcileEvents(
  stripe: Stripe,
  { since, all, apply }: Search,
  onEvent: () => void,
): Promise<{ checked: number; missing: MissingEvent[] }> {
  const missing: MissingEvent[] = [];
  let checked = 0;
  for (const types of EVENT_TYPE_PAGES) {
    const query = { types, created: { gte: since }, limit: PAGE };
    const found = stripe.events.list({ ...query, ...(all ? {} : { delivery_success: false }) });
    for await (const page of inPages(found)) {
      const known = await knownOf(page.map(({ id }) => id));
      for (const event of page) {
        checked++;
        if (!known.has(event.id)) missing.push(await takeIn(event, apply));
        onEvent();
      }
    }
  }
  return { checked, missing };
}

/** Collects what arrives one by one into pages. */
export async function* inPages<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const item of items) {
    if (page.push(item) < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function knownOf(ids: string[]): Promise<Set<string>> {
  const events = dataApi().from("stripe_events").select("id").in("id", ids);
  const rows = await read("stripe_events", asService(events));
  return new Set(rows?.map(({ id }) => id));
}

async function takeIn(event: Stripe.Event, apply: boolean): Promise<MissingEvent> {
  const { id, type, created } = event;
  if (!apply) return { id, type, created, outcome: "missing", reason: null };
  try {
    const result = await applyEvent(keptEvent(await wholeEvent(event), JSON.stringify(event)));
    return { id, type, created, outcome: result.outcome ?? "unknown", reason: result.reason };
  } catch (error) {
    // What could not be delivered may not be applicable either: the events behind it are not to blame.
    log("error", "stripe_event_failed", { stripe_event_id: id, error: describe(error) });
    return { id, type, created, outcome: "failed", reason: "could not be taken in" };
  }
}
