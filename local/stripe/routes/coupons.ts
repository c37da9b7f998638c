import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { amount, currency, expand, listParams, metadata, readParams, retrieveParams } from "../api/params.ts";
import { createCoupon } from "../billing/discounts.ts";
import { invalidRequest } from "../errors.ts";
import { randomToken } from "../ids.ts";
import type { StandIn } from "../stand_in.ts";

const createParams = z.strictObject({
  id: z.string().max(200).optional(),
  percent_off: z.coerce.number().gt(0).max(100).optional(),
  amount_off: amount.optional(),
  currency: currency.optional(),
  duration: z.enum(["once", "forever"]).default("once"),
  name: z.string().max(40).optional(),
  metadata: metadata.optional(),
  expand,
});

/** `/v1/coupons`: create, retrieve, list. */
export function couponRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const input = await readParams(c, createParams);
      if ((input.percent_off === undefined) === (input.amount_off === undefined)) {
        throw invalidRequest("Must specify either amount_off or percent_off.");
      }
      const coupon = createCoupon(standIn, {
        id: input.id ?? randomToken(8),
        percentOff: input.percent_off ?? null,
        amountOff: input.amount_off ?? null,
        currency: input.currency ?? null,
        duration: input.duration,
        name: input.name ?? null,
        metadata: input.metadata ?? {},
      });
      return c.json(expanded(standIn, coupon, input.expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, z.strictObject(listParams));
      const found = [...standIn.state.coupons.values()].filter((coupon) =>
        matchesCreated(coupon.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/coupons"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "coupons", c.req.param("id")), expand));
    });
}
