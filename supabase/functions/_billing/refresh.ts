/**
 * A Checkout session asked of Stripe, and applied as the event that Stripe should have sent about it.
 *
 * @module
 */
import { applyEvent, keptEvent, logEffect } from "./event.ts";
import { connect, providerError } from "./stripe.ts";

/**
 * Applies what Stripe says of the session now. Every state of a session is one event, so that asking again, or the webhook
 * before or after it, changes nothing. An open session says nothing.
 *
 * @throws {ApiError} `payment_provider_unavailable`, or as `applyEvent` does.
 */
export async function refreshSession(id: string): Promise<void> {
  const session = await connect().checkout.sessions.retrieve(id).catch((error) => {
    throw providerError(error);
  });
  const { status, payment_status, livemode } = session;
  if (status !== "complete" && status !== "expired") return;
  const event = keptEvent({
    id: `refresh_${session.id}_${status}_${payment_status}`,
    type: status === "complete" ? "checkout.session.completed" : "checkout.session.expired",
    created: Math.floor(Date.now() / 1000),
    livemode,
    data: { object: session },
  }, session.id);
  logEffect(event, await applyEvent(event));
}
