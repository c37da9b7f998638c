import { Hono } from "hono";
import { createSession, expireSession } from "../actions/sessions.ts";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { readParams, retrieveParams } from "../api/params.ts";
import type { StandIn } from "../stand_in.ts";
import {
  createParams,
  customerOf,
  echoed,
  given,
  listLines,
  listSessions,
  subscriptionOf,
  toggles,
} from "./checkout_params.ts";

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
        subscription: subscriptionOf(input),
        echoed: given(echoed, input),
        toggles: given(toggles, input),
      });
      return c.json(expanded(standIn, session, input.expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listSessions);
      const found = [...standIn.state.sessions.values()].filter((session) =>
        (query.customer ?? session.customer) === session.customer &&
        (query.subscription ?? session.subscription) === session.subscription &&
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
