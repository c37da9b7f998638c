/**
 * The purchases behind Stripe's sessions.
 *
 * @module
 */
import type Stripe from "stripe";
import { asService, dataApi, read } from "../_shared/database/client.ts";
import { livemode } from "./deployment.ts";
import type { Database } from "../_shared/database/types.ts";

/** What is compared of a purchase. */
export type Purchase = Pick<
  Database["public"]["Tables"]["credit_purchases"]["Row"],
  "id" | "status" | "stripe_session_id" | "paid_at" | "paid_cents" | "reversed_cents"
>;

const COLUMNS = "id, status, stripe_session_id, paid_at, paid_cents, reversed_cents";

const purchases = () => asService(dataApi().from("credit_purchases").select(COLUMNS));

/** The purchases of a page of sessions, by the session's id and by their own. */
export async function purchasesOf(sessions: Stripe.Checkout.Session[]): Promise<Map<string, Purchase>> {
  const named = sessions.map(nameOf).filter((id) => id !== null);
  const rows = [
    ...await read("credit_purchases", purchases().in("id", named)) ?? [],
    ...await read("credit_purchases", purchases().in("stripe_session_id", sessions.map(({ id }) => id))) ??
      [],
  ];
  return new Map(rows.flatMap((row) => [[row.id, row], [row.stripe_session_id ?? row.id, row]]));
}

/** The purchase that a session was made for, as the session has it. */
export function nameOf({ metadata }: Stripe.Checkout.Session): string | null {
  const name = metadata?.purchase_id ?? "";
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? name : null;
}

const ROWS = 1000;

/** A session can be paid for a day, and one that was made elsewhere has its purchase only from then on. */
const SESSION_SECONDS = 24 * 60 * 60;

/**
 * Every purchase that counts as paid here, not in the mode that the deployment has no key for, and whose session must have
 * been made since then.
 */
export async function paidSince(since: number): Promise<Purchase[]> {
  const all: Purchase[] = [];
  // Ids are time-ordered, so that the older ones need not be read.
  let after = firstIdOf((since + SESSION_SECONDS) * 1000);
  while (all.length % ROWS === 0) {
    const page = await read(
      "credit_purchases",
      purchases().not("paid_at", "is", null).or(ofOurMode()).gt("id", after).order("id").limit(ROWS),
    );
    if (!page?.length) break;
    all.push(...page);
    after = page[page.length - 1].id;
  }
  return all;
}

function ofOurMode(): string {
  return ["livemode.is.null", ...[livemode() ?? [true, false]].flat().map((mode) => `livemode.is.${mode}`)]
    .join();
}

/** The lowest identifier of RFC 9562, version 7, that a moment (in milliseconds) can have. */
function firstIdOf(milliseconds: number): string {
  const time = milliseconds.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
