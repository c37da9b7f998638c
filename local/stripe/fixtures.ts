/**
 * Full-size events for tests that hand them to the database themselves. Nothing here needs a server.
 *
 * @example
 * ```ts
 * const bought = sale({ amount: 1000, clientReferenceId: purchaseId });
 * const completed = checkoutCompletedEvent({ object: bought.session });
 * const refunded = refundCreatedEvent({ object: bought.refund(400) });
 * ```
 * @module
 */
import { newId } from "./ids.ts";
import { buildEvent, type EventOf, type EventType, type ObjectOf } from "./objects/event.ts";
import { sale } from "./sale.ts";

export { type Sale, sale, type SaleInput } from "./sale.ts";

/** What a test wants to be different: fields of the event, fields of its object, fields to leave out. */
export interface Overrides<T extends EventType> {
  id?: string;
  created?: number;
  object?: Partial<ObjectOf<T>>;
  previous?: Record<string, unknown>;
  /** Fields of `data.object` that are missing, as in an event that is not what it should be. */
  omit?: (keyof ObjectOf<T>)[];
}

function fixture<T extends EventType>(type: T, base: ObjectOf<T>, overrides: Overrides<T>): EventOf<T> {
  const object = structuredClone(base);
  Object.assign(object, overrides.object);
  for (const field of overrides.omit ?? []) Reflect.deleteProperty(object, field);
  return buildEvent({
    id: overrides.id ?? newId("event"),
    type,
    created: overrides.created ?? Math.floor(Date.now() / 1000),
    object,
    previous: overrides.previous,
  });
}

/** The buyer finished the page; paid at once unless the object says otherwise. */
export const checkoutCompletedEvent = (overrides: Overrides<"checkout.session.completed"> = {}) =>
  fixture("checkout.session.completed", sale().session, overrides);

/** A delayed payment arrived. */
export const checkoutAsyncSucceededEvent = (
  overrides: Overrides<"checkout.session.async_payment_succeeded"> = {},
) => fixture("checkout.session.async_payment_succeeded", sale({ delayed: true }).session, overrides);

/** A delayed payment did not arrive. */
export const checkoutAsyncFailedEvent = (
  overrides: Overrides<"checkout.session.async_payment_failed"> = {},
) => fixture("checkout.session.async_payment_failed", sale({ delayed: true }).unpaidSession, overrides);

/** Nobody paid in time. */
export const checkoutExpiredEvent = (overrides: Overrides<"checkout.session.expired"> = {}) =>
  fixture("checkout.session.expired", sale().expiredSession, overrides);

/** A payment intent was paid; Stripe sends it beside the session's event. */
export const paymentIntentSucceededEvent = (overrides: Overrides<"payment_intent.succeeded"> = {}) =>
  fixture("payment_intent.succeeded", sale().paymentIntent, overrides);

/** A charge went through; Stripe sends it beside the session's event. */
export const chargeSucceededEvent = (overrides: Overrides<"charge.succeeded"> = {}) =>
  fixture("charge.succeeded", sale().charge, overrides);

/** The charge after a refund; `amount_refunded` is the sum of all its refunds. */
export const chargeRefundedEvent = (overrides: Overrides<"charge.refunded"> = {}) => {
  const sold = sale();
  const previous = { amount_refunded: 0, refunded: false };
  return fixture("charge.refunded", sold.chargeRefunded(sold.charge.amount), { previous, ...overrides });
};

/** A refund was made. */
export const refundCreatedEvent = (overrides: Overrides<"refund.created"> = {}) =>
  fixture("refund.created", sale().refund(), overrides);

/** Something about a refund changed, for example that a pending one succeeded. */
export const refundUpdatedEvent = (overrides: Overrides<"refund.updated"> = {}) =>
  fixture("refund.updated", sale().refund(), { previous: { status: "pending" }, ...overrides });

/** The older name of `refund.updated`, which Stripe sends as well for card payments. */
export const chargeRefundUpdatedEvent = (overrides: Overrides<"charge.refund.updated"> = {}) =>
  fixture("charge.refund.updated", sale().refund(), { previous: { status: "pending" }, ...overrides });

/** The bank could not pay the refund out; the money is back at the merchant. */
export const refundFailedEvent = (overrides: Overrides<"refund.failed"> = {}) =>
  fixture("refund.failed", sale().failedRefund(), overrides);

/** A cardholder complained to the bank. */
export const disputeCreatedEvent = (overrides: Overrides<"charge.dispute.created"> = {}) =>
  fixture("charge.dispute.created", sale().dispute(), overrides);

/** The disputed money was taken. */
export const disputeFundsWithdrawnEvent = (
  overrides: Overrides<"charge.dispute.funds_withdrawn"> = {},
) => fixture("charge.dispute.funds_withdrawn", sale().dispute(), overrides);

/** The disputed money came back. */
export const disputeFundsReinstatedEvent = (
  overrides: Overrides<"charge.dispute.funds_reinstated"> = {},
) => fixture("charge.dispute.funds_reinstated", sale().dispute({ status: "won" }), overrides);

/** The dispute ended; `status` of the object says how. */
export const disputeClosedEvent = (overrides: Overrides<"charge.dispute.closed"> = {}) =>
  fixture("charge.dispute.closed", sale().dispute({ status: "lost" }), {
    previous: { status: "under_review" },
    ...overrides,
  });
