/**
 * Payment pages: making one, handing one out again, and taking one back.
 *
 * @module
 */
import { createHash } from "node:crypto";
import Stripe from "stripe";
import { ApiError, type Problem } from "../_shared/http/errors.ts";
import { BILLING_ERRORS } from "./errors.ts";
import { connect, providerError } from "./stripe.ts";

/**
 * Opens a payment page, for a purchase or for a subscription. The same `purchaseId` and `params` yield the same page, however often it is asked for.
 *
 * @throws {ApiError} `misconfigured` when Stripe does not sell at the price that the pack or the plan names,
 * `payment_provider_unavailable` when it refuses or does not answer.
 */
export async function createSession(
  params: Stripe.Checkout.SessionCreateParams,
  purchaseId: string,
  misconfigured: Problem = BILLING_ERRORS.pack_misconfigured,
): Promise<Stripe.Checkout.Session> {
  const { sessions } = connect().checkout;
  // Nobody has seen the page of an earlier key, so the next one's takes its place.
  const page = createHash("sha256").update(params.success_url ?? "").digest("hex");
  const keys = [purchaseId, `${purchaseId} ${page}`];
  try {
    for (const idempotencyKey of keys) {
      try {
        return await sessions.create(params, { idempotencyKey });
      } catch (error) {
        if (!isSpent(error)) throw error;
      }
    }
    return await sessions.create(params, { idempotencyKey: `${purchaseId} ${crypto.randomUUID()}` });
  } catch (error) {
    const named = params.line_items?.[0].price !== undefined;
    const cause = providerError(error);
    const isOfPrice = named && isRefused(error) && error.param !== "customer";
    throw isOfPrice ? new ApiError(misconfigured, { cause }) : cause;
  }
}

/**
 * Whether a key is of no more use: it stands for a return to another page, or for a fault of Stripe's, which Stripe
 * repeats for a day ("Idempotent requests" in its API reference) however well it is by now.
 */
function isSpent(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError ||
    (error instanceof Stripe.errors.StripeError && error.headers?.["idempotent-replayed"] === "true");
}

function isRefused(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError;
}

/** A page that can be handed out again, or why there is none: its buyer has been through it, or nobody can pay in it. */
export type Page = { url: string } | { url: null; complete: boolean };

/**
 * The page of a session while Stripe says that it is open and that it returns to `successUrl`. One that is open and returns
 * elsewhere is expired.
 *
 * @throws {ApiError} `payment_provider_unavailable`
 */
export async function pageOf(sessionId: string, successUrl: string): Promise<Page> {
  const { sessions } = connect().checkout;
  try {
    const session = await sessions.retrieve(sessionId);
    if (session.status !== "open") return { url: null, complete: session.status === "complete" };
    if (session.success_url === successUrl && session.url !== null) return { url: session.url };
  } catch (error) {
    // One of another mode or account.
    if (isRefused(error)) return { url: null, complete: false };
    throw providerError(error);
  }
  return { url: null, complete: !await expireSession(sessionId) };
}

/**
 * Takes a page back, so that nobody can pay in it; false when somebody has been through it already.
 *
 * @throws {ApiError} `payment_provider_unavailable`
 */
export async function expireSession(sessionId: string): Promise<boolean> {
  try {
    await connect().checkout.sessions.expire(sessionId);
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw providerError(error);
  }
}
