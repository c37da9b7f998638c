import { Hono } from "hono";
import { z } from "zod";
import { findCustomer } from "../actions/customers.ts";
import { createSession, expireSession } from "../actions/sessions.ts";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import {
  amount,
  boolean,
  currency,
  expand,
  integer,
  listParams,
  metadata,
  readParams,
  retrieveParams,
  webUrl,
} from "../api/params.ts";
import { invalidRequest } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";

const line = z.strictObject({
  price: z.string().optional(),
  price_data: z.strictObject({
    currency,
    unit_amount: amount,
    product: z.string().optional(),
    product_data: z.strictObject({
      name: z.string().min(1),
      description: z.string().optional(),
      images: z.array(z.string()).max(8).optional(),
      metadata: metadata.optional(),
    }).optional(),
  }).optional(),
  quantity: integer.pipe(z.number().int().min(1).max(999_999)),
  metadata: metadata.optional(),
});

const echoed = {
  allow_promotion_codes: boolean.optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  locale: z.string().max(10).optional(),
  origin_context: z.enum(["mobile_app", "web"]).optional(),
  payment_method_types: z.array(z.string()).optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay"]).optional(),
};

const toggle = z.strictObject({ enabled: boolean }).optional();

const toggles = {
  adaptive_pricing: toggle,
  automatic_tax: toggle,
  invoice_creation: z.strictObject({
    enabled: boolean,
    invoice_data: z.strictObject({ metadata: metadata.optional() }).optional(),
  }).optional(),
  tax_id_collection: toggle,
};

const autoOrNever = z.enum(["auto", "never"]).optional();

const createParams = z.strictObject({
  ...echoed,
  ...toggles,
  currency: currency.optional(),
  mode: z.literal("payment"),
  ui_mode: z.literal("hosted_page").optional(),
  customer_update: z.strictObject({ address: autoOrNever, name: autoOrNever, shipping: autoOrNever })
    .optional(),
  line_items: z.array(line).min(1).max(100),
  success_url: webUrl,
  cancel_url: webUrl.optional(),
  client_reference_id: z.string().max(200).optional(),
  customer: z.string().optional(),
  customer_email: z.email().max(800).optional(),
  expires_at: integer.optional(),
  metadata: metadata.optional(),
  payment_intent_data: z.strictObject({
    description: z.string().max(1000).optional(),
    metadata: metadata.optional(),
  }).optional(),
  expand,
});

const listSessions = z.strictObject({
  ...listParams,
  payment_intent: z.string().optional(),
  status: z.enum(["open", "complete", "expired"]).optional(),
});

const listLines = z.strictObject({
  limit: listParams.limit,
  starting_after: listParams.starting_after,
  ending_before: listParams.ending_before,
  expand,
});

/** `/v1/checkout/sessions`: create, retrieve, list, expire, line items. */
export function sessionRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const input = await readParams(c, createParams);
      const session = createSession(standIn, {
        lines: input.line_items,
        currency: input.currency,
        successUrl: input.success_url,
        cancelUrl: input.cancel_url ?? null,
        clientReferenceId: input.client_reference_id ?? null,
        customer: customerOf(standIn, input),
        customerEmail: input.customer_email ?? null,
        expiresAt: input.expires_at,
        metadata: input.metadata ?? {},
        paymentData: {
          description: input.payment_intent_data?.description ?? null,
          metadata: input.payment_intent_data?.metadata ?? {},
        },
        echoed: given(echoed, input),
        toggles: given(toggles, input),
      });
      return c.json(expanded(standIn, session, input.expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listSessions);
      const found = [...standIn.state.sessions.values()].filter((session) =>
        (query.payment_intent ?? session.payment_intent) === session.payment_intent &&
        (query.status ?? session.status) === session.status &&
        matchesCreated(session.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/checkout/sessions"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "sessions", c.req.param("id")), expand));
    })
    .post("/:id/expire", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      const session = find(standIn, "sessions", c.req.param("id"));
      return c.json(expanded(standIn, expireSession(standIn, session, requestOf(c)), expand));
    })
    .get("/:id/line_items", async (c) => {
      const query = await readParams(c, listLines);
      const { id } = find(standIn, "sessions", c.req.param("id"));
      const items = standIn.state.lineItems.get(id) ?? [];
      const page = listPage(items, query, `/v1/checkout/sessions/${id}/line_items`, "as given");
      return c.json(expanded(standIn, page, query.expand));
    });
}

/** Those of `names` that `input` says something about. */
function given<N extends object, I extends object>(names: N, input: I): Pick<I, keyof I & keyof N> {
  const found = Object.entries(input).filter(([name, value]) => name in names && value !== undefined);
  return Object.fromEntries(found) as Pick<I, keyof I & keyof N>;
}

function customerOf(standIn: StandIn, input: z.infer<typeof createParams>): string | null {
  if (input.customer === undefined) {
    if (input.customer_update) throw invalidRequest("`customer_update` can only be used with `customer`.");
    return null;
  }
  const other = (["customer_email", "customer_creation"] as const).find((name) => input[name] !== undefined);
  if (other) throw invalidRequest(`You may only specify one of these parameters: customer, ${other}.`);
  return findCustomer(standIn, input.customer, "customer").id;
}
