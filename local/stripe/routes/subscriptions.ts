import { Hono } from "hono";
import { z } from "zod";
import { findCustomer } from "../actions/customers.ts";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import {
  boolean,
  expand,
  integer,
  listParams,
  metadata,
  readParams,
  retrieveParams,
  trialSettings,
} from "../api/params.ts";
import { grantDiscount } from "../billing/discounts.ts";
import { cancelSubscription, resumeSubscription } from "../billing/ends.ts";
import { recurringPrice } from "../billing/records.ts";
import { createSubscription } from "../billing/subscriptions.ts";
import { changeSubscription, planCancellation } from "../billing/updates.ts";
import type { Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";

const quantity = integer.pipe(z.number().min(1).max(999_999)).optional();
/** An empty text is how a form says that a value goes. */
const time = z.union([integer, z.literal("").transform(() => null)]).optional();

/** An object since the API of 2026-09-30, and a word before: https://docs.stripe.com/changelog/endive/2026-09-30/polymorphic-billing-cycle-anchor */
const anchor = z.strictObject({ type: z.enum(["now", "unchanged"]) });

const createParams = z.strictObject({
  customer: z.string(),
  items: z.array(z.strictObject({ price: z.string(), quantity })).min(1).max(20),
  cancel_at: time,
  cancel_at_period_end: boolean.optional(),
  default_payment_method: z.string().optional(),
  description: z.string().max(500).optional(),
  discounts: z.array(z.strictObject({ coupon: z.string() })).max(1).optional(),
  metadata: metadata.optional(),
  payment_behavior: z.enum(["allow_incomplete", "default_incomplete"]).optional(),
  trial_end: integer.optional(),
  trial_period_days: integer.optional(),
  trial_settings: trialSettings.optional(),
  expand,
});

const updateParams = z.strictObject({
  items: z.array(z.strictObject({ id: z.string().optional(), price: z.string().optional(), quantity }))
    .length(1)
    .optional(),
  billing_cycle_anchor: anchor.default({ type: "unchanged" }),
  cancel_at: time,
  cancel_at_period_end: boolean.optional(),
  default_payment_method: z.string().optional(),
  description: z.string().max(500).optional(),
  metadata: metadata.optional(),
  proration_behavior: z.enum(["create_prorations", "always_invoice", "none"]).default("create_prorations"),
  trial_end: z.literal("now").optional(),
  expand,
});

const STATUSES = [
  "active",
  "all",
  "canceled",
  "ended",
  "incomplete",
  "incomplete_expired",
  "past_due",
  "paused",
];

const listSubscriptions = z.strictObject({
  ...listParams,
  customer: z.string().optional(),
  price: z.string().optional(),
  status: z.enum([...STATUSES, "trialing", "unpaid"]).optional(),
});

const resumeParams = z.strictObject({ billing_cycle_anchor: anchor.optional(), expand });

/** `/v1/subscriptions`: create, retrieve, update, list, resume, cancel. */
export function subscriptionRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const input = await readParams(c, createParams);
      const customer = findCustomer(standIn, input.customer, "customer").id;
      const card = input.default_payment_method;
      if (card !== undefined) find(standIn, "cards", card, "default_payment_method");
      const made = createSubscription(standIn, {
        customer,
        defaultPaymentMethod: card ?? null,
        description: input.description ?? null,
        discounts: (input.discounts ?? []).map(({ coupon }) =>
          grantDiscount(standIn, coupon, customer, null)
        ),
        items: input.items.map(({ price, quantity = 1 }, index) => ({
          price: recurringPrice(standIn, price, `items[${index}][price]`),
          quantity,
        })),
        metadata: input.metadata ?? {},
        trial: { days: input.trial_period_days, end: input.trial_end },
        withoutCard: input.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice",
        collect: input.payment_behavior === "default_incomplete" ? "later" : "at once",
      }, requestOf(c));
      return c.json(expanded(standIn, planCancellation(standIn, made, input, requestOf(c)), input.expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listSubscriptions);
      const found = [...standIn.state.subscriptions.values()].filter((subscription) =>
        (query.customer ?? subscription.customer) === subscription.customer &&
        (query.price === undefined ||
          subscription.items.data.some(({ price }) => price.id === query.price)) &&
        matchesStatus(subscription, query.status) &&
        matchesCreated(subscription.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/subscriptions"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "subscriptions", c.req.param("id")), expand));
    })
    .post("/:id", async (c) => {
      const input = await readParams(c, updateParams);
      const subscription = find(standIn, "subscriptions", c.req.param("id"));
      const changed = changeSubscription(standIn, subscription, input, requestOf(c));
      return c.json(expanded(standIn, changed, input.expand));
    })
    .post("/:id/resume", async (c) => {
      const { expand } = await readParams(c, resumeParams);
      const subscription = find(standIn, "subscriptions", c.req.param("id"));
      return c.json(expanded(standIn, resumeSubscription(standIn, subscription, requestOf(c)), expand));
    })
    .delete("/:id", (c) => {
      const subscription = find(standIn, "subscriptions", c.req.param("id"));
      return c.json(cancelSubscription(standIn, subscription, requestOf(c)));
    });
}

/** Without a wanted status, all that are not canceled. */
function matchesStatus({ status }: Subscription, wanted: string | undefined): boolean {
  if (wanted === "all") return true;
  if (wanted === "ended") return status === "canceled" || status === "incomplete_expired";
  return wanted === undefined ? status !== "canceled" : status === wanted;
}
