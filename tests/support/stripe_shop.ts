/**
 * A buyer at the running stack's shop, and its Stripe stand-in.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ask, type Problem } from "./calls.ts";
import { as, type Person, stack } from "./people.ts";
import { sdk } from "./stripe_stand_in.ts";

/** Stripe's own SDK, pointed at the stack's stand-in. */
export const stripe = sdk(stack("STRIPE_API_URL"), stack("STRIPE_SECRET_KEY"));

/** Tells the stand-in what buyers, banks and the network do. */
export async function control<T>(path: string, body: unknown = {}): Promise<T> {
  const response = await fetch(`${stack("STRIPE_API_URL")}/_test${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, await response.clone().text());
  return await response.json();
}

/** Runs `happening` while no event reaches the webhook, whatever Stripe tries. */
export async function undelivered<T>(happening: () => Promise<T>): Promise<T> {
  await control("/delivery/wait");
  await control("/delivery", { drop: 1000 });
  try {
    return await happening();
  } finally {
    await control("/delivery", { drop: 0 });
  }
}

/** What can be bought. */
export interface Pack {
  id: string;
  credits: number;
  amount_cents: number;
}

/** A purchase as the shop shows it. */
export interface Bought {
  id: string;
  status: string;
  credits: number;
  reversed: { reason: string; amount_cents: number; credits: number; at: string } | null;
}

/** A checkout that was begun. */
export interface Checkout {
  purchase: string;
  session: string;
  pack: Pack;
}

/** The way back that the shop gives. */
export const SHOP = "https://talehop.com/shop";

/** Begins to buy the pack at `position`, counted from 0. */
export async function checkOut(person: Person, position = 0): Promise<Checkout> {
  const { items } = (await ask<{ items: Pack[] }>("GET", "credits-api/packs", as(person))).body;
  const pack = items[position];
  const order = { pack_id: pack.id, return_to: SHOP };
  const { status, body } = await ask<{ url: string; purchase_id: string }>(
    "POST",
    "credits-api/checkout",
    as(person),
    order,
  );
  assert.equal(status, 200, JSON.stringify(body));
  const session = new URL(body.url).pathname.split("/").at(-1) ?? "";
  return { purchase: body.purchase_id, session, pack };
}

/** Pays it on Stripe's page. */
export async function pay({ session }: Checkout, outcome = "paid"): Promise<{ payment_intent: string }> {
  return await control(`/sessions/${session}/pay`, { outcome });
}

/** Asks what became of a purchase, as the page does that Stripe leads back to. */
export function refresh(person: Person, { purchase }: Checkout) {
  return ask<Bought & Problem>("POST", `credits-api/checkout/${purchase}/refresh`, as(person));
}

/** What a person has, and what they owe. */
export async function balance(person: Person): Promise<{ balance: number; debt: number }> {
  return (await ask<{ balance: number; debt: number }>("GET", "credits-api/balance", as(person))).body;
}
