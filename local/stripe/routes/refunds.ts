import { Hono } from "hono";
import { z } from "zod";
import { changeRefund, createRefund } from "../actions/refunds.ts";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { expand, integer, listParams, metadata, readParams, retrieveParams } from "../api/params.ts";
import { invalidRequest } from "../errors.ts";
import type { Charge } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";

const createParams = z.strictObject({
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
  amount: integer.optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  metadata: metadata.optional(),
  expand,
});

const listRefunds = z.strictObject({
  ...listParams,
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
});

/** `/v1/refunds`: create, retrieve, list, cancel. */
export function refundRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const input = await readParams(c, createParams);
      const refund = createRefund(standIn, chargeOf(standIn, input), input, requestOf(c));
      return c.json(expanded(standIn, refund, input.expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listRefunds);
      const found = [...standIn.state.refunds.values()].filter((refund) =>
        (query.charge ?? refund.charge) === refund.charge &&
        (query.payment_intent ?? refund.payment_intent) === refund.payment_intent &&
        matchesCreated(refund.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/refunds"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "refunds", c.req.param("id")), expand));
    })
    .post("/:id/cancel", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      const refund = find(standIn, "refunds", c.req.param("id"));
      if (refund.status !== "requires_action") {
        throw invalidRequest(
          `You cannot cancel a refund that is ${refund.status}; only one that requires action.`,
        );
      }
      const canceled = changeRefund(standIn, refund, "canceled", undefined, requestOf(c));
      return c.json(expanded(standIn, canceled, expand));
    });
}

function chargeOf(standIn: StandIn, input: z.infer<typeof createParams>): Charge {
  if (input.charge !== undefined) return find(standIn, "charges", input.charge, "charge");
  if (input.payment_intent === undefined) {
    throw invalidRequest("One of the following params should be provided: payment_intent or charge.");
  }
  const intent = find(standIn, "paymentIntents", input.payment_intent, "payment_intent");
  const charge = standIn.state.charges.get(intent.latest_charge ?? "");
  if (charge !== undefined && intent.status === "succeeded") return charge;
  throw invalidRequest(
    `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
    "payment_intent_unexpected_state",
  );
}
