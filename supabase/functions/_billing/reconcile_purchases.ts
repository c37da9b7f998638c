/**
 * Purchases against Stripe's sessions: what was paid and given back there must be what is written here.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type Stripe from "stripe";
import { nameOf, paidSince, type Purchase, purchasesOf } from "./purchases.ts";
import { inPages } from "./reconcile_events.ts";

/** Where a purchase and Stripe disagree. */
export const Difference = z.object({
  problem: z.enum([
    "not_granted",
    "not_paid",
    "unknown_session",
    "unknown_purchase",
    "other_session",
    "amount_differs",
    "reversal_differs",
  ]),
  purchase_id: z.string().nullable(),
  session_id: z.string().nullable(),
  here: z.string().openapi({ description: "In cents, or in a word" }),
  stripe: z.string(),
});
export type Difference = z.infer<typeof Difference>;

/** Compares every session since `since` (Unix seconds) with its purchase; `onSession` is told about each. */
export async function reconcilePurchases(
  stripe: Stripe,
  since: number,
  onSession: () => void,
): Promise<{ compared: number; differences: Difference[] }> {
  const expand = ["data.payment_intent.latest_charge"];
  const sessions = stripe.checkout.sessions.list({ created: { gte: since }, limit: 100, expand });
  const differences: Difference[] = [];
  const seen = new Set<string>();
  for await (const page of inPages(sessions)) {
    const purchases = await purchasesOf(page);
    for (const session of page) {
      seen.add(session.id);
      differences.push(...await compare(stripe, session, purchases));
      onSession();
    }
  }
  differences.push(
    ...(await paidSince(since)).filter(({ stripe_session_id }) => !seen.has(stripe_session_id ?? ""))
      .map((purchase) => difference("unknown_purchase", purchase, null, purchase.status, "no such session")),
  );
  return { compared: seen.size, differences };
}

const PAID: string[] = ["paid", "no_payment_required"];

async function compare(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
  purchases: Map<string, Purchase>,
): Promise<Difference[]> {
  const name = nameOf(session);
  const purchase = purchases.get(session.id) ?? (name === null ? undefined : purchases.get(name));
  // A session that cost nothing is paid, too.
  const paid = PAID.includes(session.payment_status) ? session.amount_total ?? 0 : null;
  const is = (problem: Difference["problem"], here: string | number, there: string | number) => [
    difference(problem, purchase, session, here, there),
  ];
  if (purchase === undefined) {
    // A session that names neither a purchase nor credits sold something else.
    const ours = name !== null || session.metadata?.credits !== undefined;
    return paid !== null && ours ? is("unknown_session", "no purchase", paid) : [];
  }
  const own = purchase.stripe_session_id === null || purchase.stripe_session_id === session.id;
  if (paid === null) {
    return own && purchase.paid_at !== null
      ? is("not_paid", purchase.paid_cents, session.payment_status)
      : [];
  }
  const reversed = Math.min(await reversedAt(stripe, session), paid);
  if (!own || purchase.paid_at === null) {
    // Money that bought nothing and went back is settled.
    if (paid > 0 && reversed === paid) return [];
    return own
      ? is("not_granted", purchase.status, paid)
      : is("other_session", purchase.stripe_session_id ?? "", paid);
  }
  if (purchase.paid_cents !== paid) return is("amount_differs", purchase.paid_cents, paid);
  return reversed === purchase.reversed_cents
    ? []
    : is("reversal_differs", purchase.reversed_cents, reversed);
}

/** What a dispute's status is while the payer has the money. */
const TAKES: string[] = ["needs_response", "under_review", "lost"]
  .concat("appeal_needs_response", "appeal_under_review");

/** Cents that went back to the payer, by refunds and by disputes that are open or lost. */
async function reversedAt(
  stripe: Stripe,
  { payment_intent, amount_total, currency }: Stripe.Checkout.Session,
): Promise<number> {
  const charge = typeof payment_intent === "object" ? payment_intent?.latest_charge : null;
  if (charge === null || typeof charge !== "object") return 0;
  if (!charge.disputed) return charge.amount_refunded;
  const disputes = await stripe.disputes.list({ charge: charge.id });
  return charge.amount_refunded + disputes.data
    .filter(({ status }) => TAKES.includes(status))
    // In another currency its part of the payment cannot be told: it takes everything.
    .reduce((sum, dispute) => sum + (dispute.currency === currency ? dispute.amount : amount_total ?? 0), 0);
}

function difference(
  problem: Difference["problem"],
  purchase: Purchase | undefined,
  session: Stripe.Checkout.Session | null,
  here: string | number,
  stripe: string | number,
): Difference {
  return {
    problem,
    purchase_id: purchase?.id ?? null,
    session_id: session?.id ?? purchase?.stripe_session_id ?? null,
    here: String(here),
    stripe: String(stripe),
  };
}
