/**
 * What of a signed event goes to Postgres: what its effect is computed from, in a form that Postgres can keep whatever was
 * in it.
 *
 * Stripe delivers a refused event for three days and may then disable the endpoint, so nothing that it signs is refused: a
 * name with a NUL in it must not cost a payment. `credits_private.without_personal_data` leaves out the same fields again,
 * for events that come another way.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { call, type Result } from "../_shared/database/client.ts";
import type { Json } from "../_shared/database/types.ts";
import { list } from "../_shared/env.ts";
import { log } from "../_shared/log.ts";
import { livemode, projects } from "./deployment.ts";
import { planFields } from "./plan_objects.ts";

/** The fields of `data.object` that an effect is computed from, or that are kept to be looked up; each is a scalar. */
const FIELDS = [
  ...["id", "object", "livemode", "amount", "amount_subtotal", "amount_total", "amount_refunded"],
  ...["allow_promotion_codes", "currency", "payment_intent", "payment_status", "status", "mode", "created"],
  ...["charge", "billing_reason"],
];
/** The same inside of fields that are objects. */
const INSIDE: Record<string, string[]> = {
  metadata: ["purchase_id", "user_id", "credits", "amount", "currency", "pack_id", "project"],
  total_details: ["amount_discount"],
  presentment_details: ["presentment_amount", "presentment_currency"],
};

/** An event as `apply_stripe_event` takes it. */
export type KeptEvent = {
  id: string;
  type: string;
  created: number;
  data: { object: Record<string, Json> };
  [field: string]: Json;
};

const MOST = 255;
/** The end of the year 9999, in seconds: no event is later. */
const LATEST = 253_402_300_799;

/**
 * The event that `value`, the signed `body`, stands for. What has no id of its own is kept under the digest of its body.
 */
export function keptEvent(value: unknown, body: string): KeptEvent {
  const { id, type, created, livemode, account, data } = record(value);
  const object = record(record(data).object);
  const inside = Object.entries(INSIDE).map(([field, names]) => [field, picked(record(object[field]), names)])
    .filter(([, found]) => Object.keys(found).length > 0);
  return {
    id: name(id) ?? `unreadable_${createHash("sha256").update(body).digest("hex")}`,
    object: "event",
    type: name(type) ?? "unreadable",
    created: Number.isSafeInteger(created) && Number(created) >= 0 && Number(created) <= LATEST
      ? Number(created)
      : 0,
    livemode: typeof livemode === "boolean" ? livemode : null,
    account: account === undefined || account === null ? null : name(account) ?? "unreadable",
    data: {
      object: {
        ...picked(object, FIELDS),
        ...Object.fromEntries(inside),
        ...storableAll(planFields(object)),
      },
    },
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** A text that can be a key. */
function name(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= MOST ? storable(value) : undefined;
}

/** `fields` of `from` as they are; one that is no scalar, or too long, says so and so is held by its name. */
function picked(from: Record<string, unknown>, fields: string[]): Record<string, Json> {
  const known = fields.filter((field) => Object.hasOwn(from, field));
  return Object.fromEntries(known.map((field) => [field, scalar(from[field])]));
}

function scalar(value: unknown): Json {
  if (typeof value === "string") return value.length <= MOST ? storable(value) : [];
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  return [];
}

/** The texts inside of `fields`, as they can be kept. */
function storableAll<T extends Json>(fields: T): T {
  return JSON.parse(
    JSON.stringify(fields),
    (_, value) => typeof value === "string" ? storable(value) : value,
  );
}

/** Postgres has no NUL, and no half of a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/**
 * Hands an event to Postgres. Live events count where the deployment has a live key, test
 * events where it has a test key; those of connected accounts where `STRIPE_ACCOUNTS` names the account; those that another
 * project tagged do not.
 *
 * @throws {ApiError} when Stripe had better deliver it again.
 */
export async function applyEvent(event: KeptEvent): Promise<Result<"apply_stripe_event">> {
  return await call("apply_stripe_event", {
    p_event: event,
    p_livemode: livemode(),
    p_accounts: list("STRIPE_ACCOUNTS"),
    p_projects: projects(),
  });
}

/** What needs nobody: others sell with the same account, and some events wait for those that come before them. */
const NO_NEWS = [null, "not_ours", "other_project", "waits_for_payment", "unpaid"];

/** Writes down an event that had no effect, where a person may want to know why. */
export function logEffect(
  { id, type }: KeptEvent,
  { outcome, reason }: Result<"apply_stripe_event">,
): void {
  if (!["held", "ignored"].includes(outcome ?? "") || NO_NEWS.includes(reason)) return;
  log("warn", `stripe_event_${outcome}`, { event_id: id, type, reason });
}
