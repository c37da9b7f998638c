/**
 * `GET /pricing`, `GET /packs` and `GET /purchases`, read with the user's own rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { amount, Credits } from "../_shared/http/amounts.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { read, userClient } from "../_shared/database/client.ts";
import { errors, json, Timestamp } from "../_shared/http/schemas.ts";
import { requireUser } from "../_shared/auth/users.ts";

const Price = z.object({ action: z.string(), credits: Credits, unit: z.string() });

const Money = {
  amount_cents: z.int().openapi({ description: "In the currency's smallest unit" }),
  currency: z.string().openapi({ example: "usd" }),
};

const Pack = z.object({ id: z.guid(), name: z.string(), credits: Credits, ...Money });

const Purchase = z.object({
  id: z.guid(),
  pack_id: z.guid().nullable(),
  credits: Credits,
  ...Money,
  status: z.string(),
  created_at: Timestamp,
});

/** A route that lists what the user may see. */
function listRoute<P extends string, S extends z.ZodType>(path: P, item: S, description: string) {
  return createRoute({
    method: "get",
    path,
    middleware: [requireUser] as const,
    responses: { 200: json(z.object({ items: z.array(item) }), description), ...errors("unauthorized") },
  });
}

const pricingRoute = listRoute("/pricing", Price, "What each action costs");
const packsRoute = listRoute("/packs", Pack, "What can be bought, in the order to show it");
const purchasesRoute = listRoute("/purchases", Purchase, "The newest hundred purchases of the user");

/** Adds the routes about prices, packs and purchases. */
export function addShopRoutes(app: App): void {
  app.openapi(pricingRoute, async (c) => {
    const query = userClient(caller(c).token).from("credit_pricing").select("action, credits, unit").order(
      "action",
    );
    return c.json({ items: exact(await read("credit_pricing", query)) }, 200);
  });

  app.openapi(packsRoute, async (c) => {
    const query = userClient(caller(c).token).from("credit_packs")
      .select("id, name, credits, amount_cents, currency").order("position");
    return c.json({ items: exact(await read("credit_packs", query)) }, 200);
  });

  app.openapi(purchasesRoute, async (c) => {
    const query = userClient(caller(c).token).from("credit_purchases")
      .select("id, pack_id, credits, amount_cents, currency, status, created_at")
      .order("id", { ascending: false }).limit(100);
    const items = exact(await read("credit_purchases", query));
    const dated = items.map((item) => ({ ...item, created_at: Timestamp.parse(item.created_at) }));
    return c.json({ items: dated }, 200);
  });
}

function exact<T extends { credits: number }>(rows: T[] | null): T[] {
  return (rows ?? []).map((row) => ({ ...row, credits: amount(row.credits) }));
}
