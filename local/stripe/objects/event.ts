import Stripe from "stripe";
import type { Timestamp } from "./types.ts";

/** The types of event that Stripe knows, for example `refund.created`. */
export type EventType = Stripe.Event["type"];
/** The SDK's type of one event, found by its `type`. */
export type EventOf<T extends EventType> = Extract<Stripe.Event, { type: T }>;
/** What an event of this type carries in `data.object`. */
export type ObjectOf<T extends EventType> = EventOf<T>["data"]["object"];
/** The API request behind an event; nulls where Stripe itself was the cause. */
export type RequestOf = { id: string | null; idempotency_key: string | null };

/** The version that the pinned SDK speaks: what everything is kept in, and rendered in unless another is asked for. */
export const API_VERSION: string = Stripe.API_VERSION;

/** A full event around a snapshot of `object`; the compiler checks that type and object belong together. */
export function buildEvent<T extends EventType>(
  input: {
    id: string;
    type: T;
    /** Which version `object` is rendered in. */
    apiVersion?: string;
    created: Timestamp;
    object: ObjectOf<T>;
    previous?: Record<string, unknown>;
    pendingWebhooks?: number;
    request?: RequestOf;
  },
): EventOf<T> {
  const event = {
    id: input.id,
    object: "event" as const,
    api_version: input.apiVersion ?? API_VERSION,
    created: input.created,
    data: {
      object: structuredClone(input.object),
      ...(input.previous === undefined ? {} : { previous_attributes: structuredClone(input.previous) }),
    },
    livemode: false,
    pending_webhooks: input.pendingWebhooks ?? 1,
    request: input.request ?? { id: null, idempotency_key: null },
    type: input.type,
  };
  // The compiler cannot see that a generic `type` and its object pick one member of the union.
  return event as unknown as EventOf<T>;
}
