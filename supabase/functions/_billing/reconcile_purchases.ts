/**
 * Purchases against Stripe's sessions: what was paid and given back there must be what is written here.
 *
 * @module
 */
import type Stripe from "stripe";
import type { Database } from "../_shared/database/types.ts";
import { read, serviceClient } from "../_shared/database/client.ts";
import { inPages } from "./reconcile_events.ts";

/** Where a purchase and Stripe disagree. */
export interface Difference {
  problem:
    | "not_granted"
    | "not_paid"
    | "unknown_session"
    | "unknown_purchase"
    | "other_session"
    | "amount_differs"
    | "reversal_differs";
  purchase_id: string | null;
  session_id: string | null;
  /** In cents, or in a word. */
  here: string;
  stripe: string;
}

type Purchase = Pick<
  Database["public"]["Tables"]["credit_purchases"]["Row"],
  "id" | "status" | "stripe_session_id" | "paid_cents" | "reversed_cents"
>;

const COLUMNS = "id, status, stripe_session_id, paid_cents, reversed_cents";

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

/** The purchases of a page of sessions, by the session's id and by their own. */
async function purchasesOf(sessions: Stripe.Checkout.Session[]): Promise<Map<string, Purchase>> {
  const client = serviceClient();
  const purchases = () => client.from("credit_purchases").select(COLUMNS);
  const named = sessions.map(nameOf).filter((id) => id !== null);
  const rows = [
    ...await read("credit_purchases", purchases().in("id", named)) ?? [],
    ...await read("credit_purchases", purchases().in("stripe_session_id", sessions.map(({ id }) => id))) ??
      [],
  ];
  return new Map(rows.flatMap((row) => [[row.id, row], [row.stripe_session_id ?? row.id, row]]));
}

/** The purchase that a session was made for, as the session has it. */
function nameOf({ metadata, client_reference_id }: Stripe.Checkout.Session): string | null {
  const name = metadata?.purchase_id ?? client_reference_id ?? "";
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? name : null;
}

async function compare(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
  purchases: Map<string, Purchase>,
): Promise<Difference[]> {
  const name = nameOf(session);
  const purchase = purchases.get(session.id) ?? (name === null ? undefined : purchases.get(name));
  const paid = session.payment_status === "paid" ? session.amount_total ?? 0 : 0;
  const is = (problem: Difference["problem"], here: string | number, there: string | number) => [
    difference(problem, purchase, session, here, there),
  ];
  if (purchase === undefined) {
    // A session that names neither a purchase nor credits sold something else.
    const ours = name !== null || session.metadata?.credits !== undefined;
    return paid > 0 && ours ? is("unknown_session", "no purchase", paid) : [];
  }
  const own = purchase.stripe_session_id === null || purchase.stripe_session_id === session.id;
  if (paid === 0) {
    return own && purchase.paid_cents > 0 ? is("not_paid", purchase.paid_cents, session.payment_status) : [];
  }
  const reversed = Math.min(await reversedAt(stripe, session), paid);
  if (!own || purchase.paid_cents === 0) {
    // Money that bought nothing and went back is settled.
    if (reversed === paid) return [];
    return own
      ? is("not_granted", purchase.status, paid)
      : is("other_session", purchase.stripe_session_id ?? "", paid);
  }
  if (purchase.paid_cents !== paid) return is("amount_differs", purchase.paid_cents, paid);
  return reversed === purchase.reversed_cents
    ? []
    : is("reversal_differs", purchase.reversed_cents, reversed);
}

/** Cents that went back to the payer, by refunds and by disputes that are open or lost. */
async function reversedAt(stripe: Stripe, { payment_intent }: Stripe.Checkout.Session): Promise<number> {
  const charge = typeof payment_intent === "object" ? payment_intent?.latest_charge : null;
  if (charge === null || typeof charge !== "object") return 0;
  if (!charge.disputed) return charge.amount_refunded;
  const disputes = await stripe.disputes.list({ charge: charge.id });
  return charge.amount_refunded + disputes.data
    .filter(({ status }) => ["needs_response", "under_review", "lost"].includes(status))
    .reduce((sum, { amount }) => sum + amount, 0);
}

const ROWS = 1000;

/** A session can be paid for a day, and one that was made elsewhere has its purchase only from then on. */
const SESSION_SECONDS = 24 * 60 * 60;

/** Every purchase that counts as paid here and whose session must have been made since then. */
async function paidSince(since: number): Promise<Purchase[]> {
  const all: Purchase[] = [];
  // Ids are time-ordered, so that the older ones need not be read.
  let after = firstIdOf((since + SESSION_SECONDS) * 1000);
  while (all.length % ROWS === 0) {
    const purchases = serviceClient().from("credit_purchases").select(COLUMNS);
    const page = await read(
      "credit_purchases",
      purchases.gt("paid_cents", 0).gt("id", after).order("id").limit(ROWS),
    );
    if (!page?.length) break;
    all.push(...page);
    after = page[page.length - 1].id;
  }
  return all;
}

/** The lowest identifier of RFC 9562, version 7, that a moment (in milliseconds) can have. */
function firstIdOf(milliseconds: number): string {
  const time = milliseconds.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
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
