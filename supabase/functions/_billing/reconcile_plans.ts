/**
 * Plans against Stripe's own objects: every subscription, and every invoice that was paid, whether or not an event told of it.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type Stripe from "stripe";
import { asService, dataApi, read } from "../_shared/database/client.ts";
import { applyEvent, type KeptEvent, keptEvent } from "./event.ts";
import { inPages, type Search } from "./reconcile_events.ts";
import { wholeObject } from "./whole.ts";

/** Where a plan and Stripe disagree, or did until it was applied. */
export const PlanDifference = z.object({
  problem: z.enum(["subscription_differs", "invoice_missing"]),
  id: z.string(),
  here: z.string(),
  stripe: z.string(),
  outcome: z.string().openapi({
    description: "`missing` when only looked for, else `applied`, `held` or `ignored`",
  }),
});
export type PlanDifference = z.infer<typeof PlanDifference>;

/**
 * Compares subscriptions, and the invoices since `since` (Unix seconds), of all customers or of one; nothing is asked where no
 * plan is sold.
 */
export async function reconcilePlans(
  stripe: Stripe,
  { since, apply, customer }: Pick<Search, "since" | "apply"> & { customer?: string },
): Promise<{ compared: number; differences: PlanDifference[] }> {
  const prices = await soldPrices();
  const differences: PlanDifference[] = [];
  let compared = 0;
  if (prices.size === 0) return { compared, differences };
  const note = async (problem: PlanDifference["problem"], event: KeptEvent, here: string, there: string) => {
    const outcome = apply ? (await applyEvent(event)).outcome ?? "unknown" : "missing";
    differences.push({ problem, id: String(event.data.object.id), here, stripe: there, outcome });
  };
  const subscriptions = stripe.subscriptions.list({ customer, status: "all", limit: 100 });
  const now = timeOf((await subscriptions).lastResponse.headers);
  const older: string[] = [];
  for await (const page of inPages(subscriptions)) {
    const rows = await subscriptionsHere(page.map(({ id }) => id));
    for (const subscription of await Promise.all(page.map((one) => wholeObject(one)))) {
      if (!subscription.items.data.some(({ price }) => prices.has(price.id))) continue;
      compared++;
      const event = polled("customer.subscription.updated", subscription, now);
      const there = stateOf(event);
      const { state: here, isPaid } = rows.get(subscription.id) ?? { state: "nothing", isPaid: false };
      if (here !== there) await note("subscription_differs", event, here, there);
      const latest = subscription.latest_invoice;
      if (!isPaid && typeof latest === "string") older.push(latest);
    }
  }
  const paid = {
    customer,
    created: { gte: since },
    status: "paid",
    limit: 100,
    expand: ["data.payments"],
  } as const;
  const look = async (page: Stripe.Invoice[]) => {
    const known = await paidHere(page.map(({ id }) => id ?? ""));
    for (const invoice of await Promise.all(page.map((one) => wholeObject(one)))) {
      const event = polled("invoice.paid", invoice, now);
      if (!isOfPlan(event, prices)) continue;
      compared++;
      if (!known.has(invoice.id ?? "")) await note("invoice_missing", event, "not paid", "paid");
    }
  };
  for await (const page of inPages(stripe.invoices.list({ ...paid, expand: [...paid.expand] }))) {
    await look(page);
  }
  // A year's invoice may be older than what is looked through, and no event tells of it any more.
  for (const id of older) {
    const invoice = await stripe.invoices.retrieve(id, { expand: ["payments"] });
    if (invoice.status === "paid" && invoice.created < since) await look([invoice]);
  }
  return { compared, differences };
}

/**
 * When Stripe answered, in Unix seconds of its own clock: ours may be minutes off, and what is said later than it was would
 * outweigh the events that follow.
 */
function timeOf(headers: HeadersInit): number {
  const said = Date.parse(new Headers(headers).get("date") ?? "");
  return Math.floor((Number.isNaN(said) ? Date.now() : said) / 1000);
}

/** An object as the event that Stripe should have sent about it as it is now. */
function polled(type: string, object: Stripe.Subscription | Stripe.Invoice, now: number): KeptEvent {
  const id = `poll_${object.id}_${object.status}_${now}`;
  return keptEvent({ id, type, created: now, livemode: object.livemode, data: { object } }, id);
}

/** What of a subscription is compared. */
function stateOf({ data: { object } }: KeptEvent): string {
  const [item] = object.items as { end: number | null }[];
  return said(String(object.status), item?.end ? new Date(item.end * 1000) : null);
}

function said(status: string, end: Date | null): string {
  // What is over stays as it was when that was said.
  if (status === "canceled" || status === "incomplete_expired") return status;
  return `${status} until ${end?.toISOString() ?? "?"}`;
}

function isOfPlan({ data: { object } }: KeptEvent, prices: Set<string>): boolean {
  const lines = object.lines as { price: string | null; proration: boolean }[];
  return object.subscription !== null &&
    lines.some(({ price, proration }) => !proration && prices.has(price ?? ""));
}

async function soldPrices(): Promise<Set<string>> {
  const rows = await read("plan_prices", asService(dataApi().from("plan_prices").select("stripe_price_id")));
  return new Set(rows?.map(({ stripe_price_id }) => stripe_price_id));
}

async function subscriptionsHere(ids: string[]): Promise<Map<string, { state: string; isPaid: boolean }>> {
  const query = dataApi().from("subscriptions").select("id, status, period_end, unpaid_since").in("id", ids);
  const rows = await read("subscriptions", asService(query));
  return new Map(
    rows?.map(({ id, status, period_end, unpaid_since }) => {
      return [id, { state: said(status, new Date(period_end)), isPaid: unpaid_since === null }];
    }),
  );
}

async function paidHere(ids: string[]): Promise<Set<string>> {
  const query = dataApi().from("subscription_invoices").select("id").eq("status", "paid").in("id", ids);
  return new Set((await read("subscription_invoices", asService(query)))?.map(({ id }) => id));
}
