/**
 * Stripe events with a valid signature and whatever inside: Postgres must keep, ignore or refuse each of them.
 *
 * @module
 */
import fc from "fast-check";
import Stripe from "stripe";
import * as fixtures from "../../../local/stripe/fixtures.ts";
import { stack } from "../people.ts";
import type { Sent } from "./requests.ts";
import { encode, hostile } from "./values.ts";

const events = Object.entries(fixtures).filter(([name]) => name.endsWith("Event"))
  .map(([, make]) => make as () => unknown);

/** The way to a place in a value. */
export type Path = (string | number)[];

/** Every place in `value` that holds something. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

/** A copy of `value` with `by` in one place of it. */
export function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined || typeof value !== "object" || value === null) return by;
  const copy: Record<string, unknown> = { ...value };
  copy[first] = replaced(copy[first], rest, by);
  return copy;
}

/** Places that the rules read, which are spoiled as often as all others together. */
const READ = ["id", "type", "created", "livemode"].map((name): Path => [name]).concat(
  [
    "id",
    "amount_total",
    "currency",
    "payment_status",
    "payment_intent",
    "client_reference_id",
    "metadata",
    "charge",
    "amount",
    "amount_refunded",
    "status",
    "refunds",
    "created",
  ].map((name): Path => ["data", "object", name]),
  ["purchase_id", "user_id", "credits"].map((name): Path => ["data", "object", "metadata", name]),
);

/** A signed event of any kind, whole or with up to three things in it replaced. */
export function signedEvents(ids: string[]): fc.Arbitrary<Promise<Sent>> {
  // Thousands of levels are left out: no object of Stripe's has them, and nobody else can sign.
  const signable = hostile.filter((value) => !String(value).startsWith("@deep"));
  const value = fc.oneof(signable, fc.constantFrom(...ids), fc.constant(undefined));
  return fc.constantFrom(...events).chain((make) => {
    const event = make();
    const place = fc.oneof(fc.constantFrom(...READ), fc.constantFrom(...placesIn(event)));
    return fc.array(fc.tuple(place, value), { maxLength: 3 }).map((changes) =>
      signed(encode(changes.reduce((changed, [path, by]) => replaced(changed, path, by), event)))
    );
  });
}

async function signed(payload: string): Promise<Sent> {
  const secret = stack("STRIPE_WEBHOOK_SECRET").split(",")[0];
  const cryptoProvider = Stripe.createSubtleCryptoProvider();
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, cryptoProvider });
  const headers = { "stripe-signature": signature, "content-type": "application/json" };
  return { method: "POST", url: "http://localhost/stripe-webhook", headers, body: payload };
}
