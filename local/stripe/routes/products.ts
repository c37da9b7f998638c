import { Hono } from "hono";
import { z } from "zod";
import { createProduct } from "../actions/catalog.ts";
import type { ApiEnv } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { boolean, expand, listParams, metadata, readParams, retrieveParams } from "../api/params.ts";
import type { StandIn } from "../stand_in.ts";

const createParams = z.strictObject({
  id: z.string().max(255).optional(),
  name: z.string().min(1),
  description: z.string().optional(),
  images: z.array(z.string()).max(8).optional(),
  active: boolean.optional(),
  metadata: metadata.optional(),
  expand,
});

const listProducts = z.strictObject({ ...listParams, active: boolean.optional() });

/** `/v1/products`: create, retrieve, list. */
export function productRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .post("/", async (c) => {
      const { expand, ...input } = await readParams(c, createParams);
      return c.json(expanded(standIn, createProduct(standIn, input), expand));
    })
    .get("/", async (c) => {
      const query = await readParams(c, listProducts);
      const found = [...standIn.state.products.values()].filter((product) =>
        (query.active ?? product.active) === product.active && matchesCreated(product.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/products"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "products", c.req.param("id")), expand));
    });
}
