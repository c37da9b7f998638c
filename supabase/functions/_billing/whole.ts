/**
 * Invoices and subscriptions with all of their lines and items: Stripe includes the first ten, in an event as in a list.
 *
 * @module
 */
import Stripe from "stripe";
import { MOST_ENTRIES } from "./plan_objects.ts";
import { connect, providerError } from "./stripe.ts";

interface Short {
  id: string;
  object: "invoice" | "subscription";
}

/**
 * A signed event with the whole of its object, so that a plan's line is found wherever it stands. Where nothing is left out,
 * Stripe is not asked.
 *
 * @throws {ApiError} `payment_provider_unavailable`, after which Stripe delivers the event again.
 */
export async function wholeEvent<T extends Stripe.Event | undefined>(event: T): Promise<T> {
  const object: unknown = event?.data?.object;
  if (event === undefined || !isShort(object)) return event;
  return { ...event, data: { ...event.data, object: await wholeObject(object, event.account) } };
}

/**
 * An invoice with all of its lines, or a subscription with all of its items; any other object is whole. What Stripe does not
 * have any more stays as it was said.
 *
 * @throws {ApiError} `payment_provider_unavailable`
 */
export async function wholeObject<T extends object>(object: T, stripeAccount?: string): Promise<T> {
  if (!isShort(object)) return object;
  const field = object.object === "invoice" ? "lines" : "items";
  const data = await entries(object, stripeAccount).catch((error) => {
    if (error instanceof Stripe.errors.StripeError && error.code === "resource_missing") return undefined;
    throw providerError(error);
  });
  return data === undefined ? object : { ...object, [field]: { object: "list", data, has_more: false } };
}

function entries({ id, object }: Short, stripeAccount?: string): Promise<unknown[]> {
  const [stripe, limit, options] = [connect(), 100, stripeAccount ? { stripeAccount } : {}];
  const list = object === "invoice"
    ? stripe.invoices.listLineItems(id, { limit }, options)
    : stripe.subscriptionItems.list({ subscription: id, limit }, options);
  return list.autoPagingToArray({ limit: MOST_ENTRIES });
}

function isShort(value: unknown): value is Short {
  const { id, object, lines, items } = (value ?? {}) as Record<string, unknown>;
  const list = object === "invoice" ? lines : object === "subscription" ? items : undefined;
  return typeof id === "string" && (list as { has_more?: unknown } | null | undefined)?.has_more === true;
}
