import { newId } from "./ids.ts";
import { buildEvent, type EventType, type ObjectOf, type RequestOf } from "./objects/event.ts";
import type { Timestamp } from "./objects/types.ts";
import type { EventRecord, State } from "./state.ts";
import type { Delivery } from "./webhooks/delivery.ts";

/** What every route and action works on. */
export interface StandIn {
  state: State;
  delivery: Delivery;
  /** Unix seconds; tests move it. */
  now(): Timestamp;
  /** Where a browser finds the payment pages, without a trailing slash. */
  publicUrl: string;
  /** Where events are delivered. */
  webhookUrl: string;
  /** The types the webhook is subscribed to; `*` is all of them. */
  webhookEvents: string[];
  /** To be called after every change of the state. */
  changed(): void;
}

/** What is said about an event beside its object. */
export interface EventDetails {
  /** The former values of what changed, for the `*.updated` types. */
  previous?: Record<string, unknown>;
  request?: RequestOf;
}

/** Keeps a new event and hands it to the delivery if the webhook is subscribed to its type. */
export function emit<T extends EventType>(
  standIn: StandIn,
  type: T,
  object: ObjectOf<T>,
  details: EventDetails = {},
): EventRecord {
  const subscribed = standIn.webhookEvents.some((wanted) => wanted === "*" || wanted === type);
  const id = newId("event");
  const created = standIn.now();
  const event = buildEvent({ id, type, created, object, pendingWebhooks: subscribed ? 1 : 0, ...details });
  const record: EventRecord = {
    id,
    type,
    created,
    payload: JSON.stringify(event),
    delivery: subscribed ? "pending" : "unsubscribed",
    attempts: [],
  };
  standIn.state.events.set(id, record);
  standIn.changed();
  if (subscribed) standIn.delivery.send(record);
  return record;
}
