import { Hono } from "hono";
import { z } from "zod";
import { closeDispute } from "../actions/disputes.ts";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { listParams, readParams, retrieveParams } from "../api/params.ts";
import type { StandIn } from "../stand_in.ts";

const listDisputes = z.strictObject({
  ...listParams,
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
});

/** `/v1/disputes`: retrieve, list, close (which gives up: the dispute is lost). */
export function disputeRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const query = await readParams(c, listDisputes);
      const found = [...standIn.state.disputes.values()].filter((dispute) =>
        (query.charge ?? dispute.charge) === dispute.charge &&
        (query.payment_intent ?? dispute.payment_intent) === dispute.payment_intent &&
        matchesCreated(dispute.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/disputes"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "disputes", c.req.param("id")), expand));
    })
    .post("/:id/close", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      const dispute = find(standIn, "disputes", c.req.param("id"));
      return c.json(expanded(standIn, closeDispute(standIn, dispute, "lost", requestOf(c)), expand));
    });
}
