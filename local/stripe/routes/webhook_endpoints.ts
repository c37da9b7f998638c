import { Hono } from "hono";
import Stripe from "stripe";
import { z } from "zod";
import type { ApiEnv } from "../api/env.ts";
import { listPage } from "../api/list.ts";
import { listParams, readParams } from "../api/params.ts";
import type { StandIn } from "../stand_in.ts";

const listEndpoints = z.strictObject(listParams);

/** `/v1/webhook_endpoints`: list, of the one endpoint there is. Its secret is shown to nobody, as with Stripe. */
export function webhookEndpointRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>().get("/", async (c) => {
    const query = await readParams(c, listEndpoints);
    const endpoint = {
      id: "we_stand_in",
      object: "webhook_endpoint",
      api_version: Stripe.API_VERSION,
      application: null,
      created: 0,
      description: null,
      enabled_events: standIn.webhookEvents,
      livemode: false,
      metadata: {},
      status: "enabled",
      url: standIn.webhookUrl,
    };
    return c.json(listPage([endpoint], query, "/v1/webhook_endpoints"));
  });
}
