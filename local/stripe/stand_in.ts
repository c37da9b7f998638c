import { cutLists } from "./api/included.ts";
import { asOfVersion } from "./api/versions.ts";
import { newId } from "./ids.ts";
import { API_VERSION, buildEvent, type EventType, type ObjectOf, type RequestOf } from "./objects/event.ts";
import type { Timestamp } from "./objects/types.ts";
import type { EventRecord, State } from "./state.ts";
import type { Delivery } from "./webhooks/delivery.ts";

/** What every route and action works on. */
export interface StandIn {
  state: State;
  delivery: Delivery;
  /** Unix seconds; tests move it. */
  now(): Timestamp;
  /** While something is done that was due earlier, the time at which it was. */
  clock: { at?: Timestamp };
  dashboard: Dashboard;
  /** Where a browser finds the payment pages, without a trailing slash. */
  publicUrl: string;
  /** Where events are delivered. */
  webhookUrl: string;
  /** The types the webhook is subscribed to; `*` is all of them. */
  webhookEvents: string[];
  /** To be called after every change of the state. */
  changed(): void;
}

/** What is set in Stripe's dashboard and not by its API. */
export interface Dashboard {
  /** The version of the API that events are rendered in. */
  api_version: string;
  /** How many days after each failure of a renewal the next try is. */
  retry_days: number[];
  /** What a subscription is after the last of them. */
  exhausted: "canceled" | "unpaid" | "past_due";
  /** Whether what is unused of the old plan is set off against a larger one that begins in the portal. */
  portal_proration: "none" | "always_invoice";
}

/** Three tries within two weeks, and then the end. */
export const DASHBOARD: Dashboard = {
  api_version: API_VERSION,
  retry_days: [3, 5, 7],
  exhausted: "canceled",
  portal_proration: "none",
};

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
  const apiVersion = standIn.dashboard.api_version;
  const pendingWebhooks = subscribed ? 1 : 0;
  const event = asOfVersion(
    standIn,
    apiVersion,
    cutLists(buildEvent({ id, type, apiVersion, created, object, pendingWebhooks, ...details })),
  );
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
