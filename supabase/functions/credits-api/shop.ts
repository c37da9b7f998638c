/**
 * `GET /pricing`, `GET /packs`, `GET /pack-prices` and `GET /plans`, read with the user's own rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { Credits } from "../_shared/http/amounts.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { ownRows, read } from "../_shared/database/client.ts";
import { errors, json } from "../_shared/http/schemas.ts";
import { forUser } from "../_shared/auth/users.ts";

const Price = z.object({ action: z.string(), credits: Credits, unit: z.string() });

/** An ISO 4217 code as Stripe writes it. */
export const Currency = z.string().regex(/^[a-z]{3}$/).openapi({ example: "usd" });

/** An amount of money. */
export const Money = {
  amount_cents: z.int().openapi({ description: "In the currency's smallest unit" }),
  currency: Currency,
};

const Pack = z.object({ id: z.guid(), name: z.string(), credits: Credits, ...Money });

const PackPrice = z.object({ pack_id: z.guid(), ...Money });

/** A plan at one of its prices. */
const Plan = z.object({
  plan_id: z.guid(),
  name: z.string(),
  description: z.string(),
  credits: Credits.openapi({ description: "What comes each time" }),
  drip: z.enum(["period", "month"]).openapi({
    description: "Whether credits come once a period, or each month also of a year",
  }),
  trial_credits: Credits,
  interval: z.enum(["month", "year"]),
  price_id: z.string(),
  ...Money,
  trial_days: z.int(),
});

/** As many rows as PostgREST gives at once. */
const ALL = 1000;

/** What is listed, and in which order. */
const LISTS = [
  {
    path: "/pricing",
    table: "credit_pricing",
    item: Price,
    by: "action",
    about: "What is offered, and what it costs",
  },
  {
    path: "/packs",
    table: "credit_packs",
    item: Pack,
    by: "position",
    about: "What can be bought, in this order",
  },
  {
    path: "/pack-prices",
    table: "credit_pack_prices",
    item: PackPrice,
    by: "pack_id",
    about: "What packs cost in currencies other than their own",
  },
  {
    path: "/plans",
    table: "plan_offers",
    item: Plan,
    by: "position",
    about: "What can be subscribed to, a plan once for each of its prices",
  },
];

/** Adds the routes about prices and packs. */
export function addShopRoutes(app: App): void {
  for (const { path, table, item, by, about } of LISTS) {
    const items = z.array(item);
    const route = createRoute({
      method: "get",
      path,
      ...forUser(),
      responses: { 200: json(z.object({ items }), about), ...errors("unauthorized") },
    });
    app.openapi(route, async (c) => {
      const query = ownRows(caller(c).token, table, item).order(by).limit(ALL);
      return c.json({ items: items.parse(await read(table, query)) }, 200);
    });
  }
}
