import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { listParams, readParams, retrieveParams } from "../api/params.ts";
import type { StandIn } from "../stand_in.ts";

const listIntents = z.strictObject(listParams);
const listCharges = z.strictObject({ ...listParams, payment_intent: z.string().optional() });

/** `/v1/payment_intents`: retrieve, list. Only the payment page makes them. */
export function paymentIntentRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const query = await readParams(c, listIntents);
      const found = [...standIn.state.paymentIntents.values()].filter((intent) =>
        matchesCreated(intent.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/payment_intents"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "paymentIntents", c.req.param("id")), expand));
    });
}

/** `/v1/charges`: retrieve, list. */
export function chargeRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const query = await readParams(c, listCharges);
      const found = [...standIn.state.charges.values()].filter((charge) =>
        (query.payment_intent ?? charge.payment_intent) === charge.payment_intent &&
        matchesCreated(charge.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/charges"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "charges", c.req.param("id")), expand));
    });
}

/** `/v1/balance_transactions`: retrieve. */
export function balanceTransactionRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "balanceTransactions", c.req.param("id")), expand));
    });
}
