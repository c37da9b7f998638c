/**
 * Deliveries to the webhook in front of a stand-in for the database. Nothing that is deployed imports this.
 *
 * @module
 */
import Stripe from "stripe";
import { captureLogs, type Received, withEnv, withServer } from "./functions.ts";
import { app } from "../../supabase/functions/stripe-webhook/app.ts";

/** An event as Stripe sends it, with somebody's address in it. */
export const EVENT = {
  id: "evt_1",
  object: "event",
  type: "checkout.session.completed",
  api_version: "2026-01-01",
  created: 1,
  data: {
    object: { id: "cs_1", object: "checkout.session", customer_email: "ana@example.com", amount_total: 500 },
  },
};

/** Unix seconds. */
export const now = () => Math.floor(Date.now() / 1000);

/** The header Stripe sends with `payload`. */
export function sign(payload: string, secret = "whsec_new", timestamp = now()): Promise<string> {
  return Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
    timestamp,
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
}

/** What became of a delivery. */
export interface Delivery {
  answer: { status: number; code?: string; outcome?: string };
  rpcs: Received[];
  logs: string[];
}

/** Delivers `body` and returns the answer, what Postgres was asked and what was logged. */
export async function deliver(
  body: string,
  signature: string | undefined,
  result: Response | Record<string, unknown> = { outcome: "applied", event_id: "evt_1", reason: null },
  env: Record<string, string | undefined> = {},
): Promise<Delivery> {
  let answer: Delivery["answer"] = { status: 0 };
  let rpcs: Received[] = [];
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (signature !== undefined) headers["stripe-signature"] = signature;
  const logs = await captureLogs(async () => {
    rpcs = await withServer(
      () => result instanceof Response ? result.clone() : Response.json(result),
      (url) =>
        withEnv({ SUPABASE_URL: url, ...env }, async () => {
          const response = await app.request("/stripe-webhook", { method: "POST", body, headers });
          answer = { ...await response.json(), status: response.status };
        }),
    );
  });
  return { answer, rpcs, logs };
}
