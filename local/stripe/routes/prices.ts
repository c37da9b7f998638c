import { Hono } from "hono";
import { z } from "zod";
import { createPrice, createProduct } from "../actions/catalog.ts";
import type { ApiEnv } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import {
  amount,
  boolean,
  currency,
  expand,
  listParams,
  metadata,
  readParams,
  recurring,
  retrieveParams,
} from "../api/params.ts";
import { invalidRequest } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";

const createParams = z.strictObject({
  currency,
  unit_amount: amount,
  product: z.string().optional(),
  product_data: z.strictObject({ name: z.string().min(1), metadata: metadata.optional() }).optional(),
  recurring: recurring.optional(),
  active: boolean.optional(),
  nickname: z.string().optional(),
  lookup_key: z.string().max(200).optional(),
  metadata: metadata.optional(),
  expand,
});

const listPrices = z.strictObject({
  ...listParams,
  active: boolean.optional(),
  currency: currency.optional(),
  product: z.string().optional(),
  type: z.enum(["one_time", "recurring"]).optional(),
  lookup_keys: z.array(z.string()).max(10).optional(),
});

/** `/v1/prices`: create, retrieve, list. */
export function priceRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const input = await readParams(c, createParams);
      const price = createPrice(standIn, {
        product: productOf(standIn, input),
        unitAmount: input.unit_amount,
        currency: input.currency,
        recurrence: input.recurring,
        active: input.active,
        nickname: input.nickname,
        lookupKey: input.lookup_key,
        metadata: input.metadata,
      });
      return c.json(expanded(standIn, price, input.expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listPrices);
      const found = [...standIn.state.prices.values()].filter((price) =>
        (query.active ?? price.active) === price.active &&
        (query.currency ?? price.currency) === price.currency &&
        (query.product ?? price.product) === price.product &&
        (query.type ?? price.type) === price.type &&
        (query.lookup_keys?.includes(price.lookup_key ?? "") ?? true) &&
        matchesCreated(price.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/prices"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "prices", c.req.param("id")), expand));
    });
}

function productOf(standIn: StandIn, input: z.infer<typeof createParams>): string {
  if ((input.product === undefined) === (input.product_data === undefined)) {
    throw invalidRequest(
      "You must specify either `product` or `product_data`.",
      "parameter_missing",
      "product",
    );
  }
  return input.product ?? createProduct(standIn, input.product_data ?? { name: "" }).id;
}
