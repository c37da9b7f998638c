import Stripe from "stripe";
import type { DeliveryAttempt, EventRecord } from "../state.ts";

/** Where events go and with which secret they are signed. */
export interface Endpoint {
  url: string;
  secret: string;
}

const TIMEOUT_MS = 30_000;
const KEPT_RESPONSE_LENGTH = 10_000;

/**
 * Posts the event's exact text once, freshly signed, and says what came back; it never throws.
 * The signature carries the real time, because the receiver compares it with its own clock.
 */
export async function postEvent(
  record: EventRecord,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<DeliveryAttempt> {
  const at = Math.floor(Date.now() / 1000);
  try {
    const signature = await Stripe.webhooks.generateTestHeaderStringAsync({
      payload: record.payload,
      secret: endpoint.secret,
      timestamp: at,
    });
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: {
        "accept": "*/*; q=0.5, application/xml",
        "cache-control": "no-cache",
        "content-type": "application/json; charset=utf-8",
        "stripe-signature": signature,
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      },
      body: record.payload,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = (await response.text()).slice(0, KEPT_RESPONSE_LENGTH);
    return { at, status: response.status, response: text, error: null };
  } catch (error) {
    return { at, status: null, response: "", error: error instanceof Error ? error.message : String(error) };
  }
}

/** Stripe counts any 2xx as received, and nothing else, not even a redirect. */
export function received(attempt: DeliveryAttempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
}
