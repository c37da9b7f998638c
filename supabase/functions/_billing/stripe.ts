/**
 * Stripe, through its own SDK, and its signed events.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import Stripe from "stripe";
import { list, optional, required } from "../_shared/env.ts";
import type { Callers } from "../_shared/http/callers.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { BILLING_ERRORS } from "./errors.ts";

/**
 * Opens the billing portal for `customer`, whose own pages lead back to `returnTo`.
 *
 * @throws {ApiError} `payment_provider_unavailable`, also where the portal was never set up in Stripe's dashboard.
 */
export async function openPortal(customer: string, returnTo: string): Promise<string> {
  const visit = { customer, return_url: returnTo };
  const { url } = await connect().billingPortal.sessions.create(visit).catch((error) => {
    throw providerError(error);
  });
  return url;
}

/** `error` as an answer: whatever Stripe said, or that it said nothing, is 502; its own words stay in the log. */
export function providerError(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  return new ApiError(BILLING_ERRORS.payment_provider_unavailable, { cause: withoutText(error) });
}

/** Parts of a `Stripe-Signature`: when it was made, in Unix seconds, and a signature of the one scheme that counts. */
const TIMESTAMP = /(?:^|,)t=(\d{1,12})(?:,|$)/;
const SIGNATURE = /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/;

/** For Stripe, whose signature the handler verifies; `more` runs once the header may be Stripe's. */
export function forStripe(...more: MiddlewareHandler[]): Callers {
  return { "x-callers": "stripe", "x-limits": [], middleware: [requireSignatureHeader, ...more] };
}

/**
 * Refuses a request that cannot be Stripe's by its header alone, before a byte of its body is read: whoever has no
 * signature costs no memory.
 *
 * @throws {ApiError} `invalid_signature` when the header is missing, malformed, or more than five minutes off.
 */
const requireSignatureHeader: MiddlewareHandler = async (c, next) => {
  const header = c.req.header("stripe-signature") ?? "";
  const age = Date.now() / 1000 - Number(TIMESTAMP.exec(header)?.[1]);
  if (!(Math.abs(age) <= TOLERANCE) || !SIGNATURE.test(header)) {
    throw new ApiError(BILLING_ERRORS.invalid_signature);
  }
  await next();
};

/**
 * The event in `body`, signed by Stripe with one of the configured secrets; `undefined` when what is signed is no JSON.
 *
 * @throws {ApiError} `invalid_signature`
 */
export async function verifyEvent(body: string, signature: string): Promise<Stripe.Event | undefined> {
  const secrets = list("STRIPE_WEBHOOK_SECRET");
  if (secrets.length === 0) required("STRIPE_WEBHOOK_SECRET");
  const crypto = Stripe.createSubtleCryptoProvider();
  for (const secret of secrets) {
    try {
      return await Stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE, crypto);
    } catch (error) {
      // Only what carries a valid signature is parsed.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return undefined;
    }
  }
  throw new ApiError(BILLING_ERRORS.invalid_signature);
}

/** Seconds between signing and arrival after which an event counts as replayed. */
const TOLERANCE = 300;

/** The SDK. `STRIPE_API_URL` points to a stand-in during development; unset means Stripe itself. */
export function connect(): Stripe {
  const standIn = optional("STRIPE_API_URL");
  const url = standIn === undefined ? undefined : new URL(standIn);
  return new Stripe(required("STRIPE_SECRET_KEY"), {
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 2,
    timeout: 10_000,
    telemetry: false,
    ...(url === undefined ? {} : {
      protocol: url.protocol === "http:" ? "http" : "https",
      host: url.hostname,
      port: url.port,
    }),
  });
}

/** Stripe's messages may repeat what was sent, so the log gets type, code and Stripe's request id. */
function withoutText(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { type, code, param, statusCode, requestId } = error;
  return Object.assign(new Error([type, code, statusCode, requestId].filter(Boolean).join(" ")), {
    code,
    param,
  });
}
