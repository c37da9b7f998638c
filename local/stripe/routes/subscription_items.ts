import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage } from "../api/list.ts";
import { listParams, readParams } from "../api/params.ts";
import type { StandIn } from "../stand_in.ts";

/** `/v1/subscription_items`: list. */
export function subscriptionItemRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>().get("/", async (c) => {
    const query = await readParams(c, z.strictObject({ ...listParams, subscription: z.string() }));
    const { items } = find(standIn, "subscriptions", query.subscription, "subscription");
    const page = listPage(items.data, query, "/v1/subscription_items", "as given");
    return c.json(expanded(standIn, page, query.expand));
  });
}
