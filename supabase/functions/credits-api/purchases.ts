/**
 * `GET /purchases`: what was bought, and what of it went back.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { amount, Credits } from "../_shared/http/amounts.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { ownRows, read } from "../_shared/database/client.ts";
import { errors, json, Timestamp } from "../_shared/http/schemas.ts";
import { forUser } from "../_shared/auth/users.ts";
import { Money } from "./shop.ts";

const Bought = z.object({
  id: z.guid(),
  pack_id: z.guid().nullable(),
  credits: Credits,
  ...Money,
  status: z.string(),
  created_at: Timestamp,
});

/** A purchase as the table has it. */
const Row = z.object({
  ...Bought.shape,
  reversed_cents: z.int(),
  revoked_credits: z.number().or(z.string()),
  reversed_at: Timestamp.nullable(),
});

/** A purchase as it is answered. */
export const Purchase = z.object({
  ...Bought.shape,
  reversed: z.object({
    reason: z.enum(["refund", "dispute"]),
    amount_cents: Money.amount_cents,
    credits: Credits,
    at: Timestamp,
  }).nullable().openapi({
    description: "What went back to the payer, the credits that took, and when; else null",
  }),
});

const route = createRoute({
  method: "get",
  path: "/purchases",
  ...forUser(),
  responses: {
    200: json(z.object({ items: z.array(Purchase) }), "The newest hundred purchases"),
    ...errors("unauthorized"),
  },
});

/** Adds the list of purchases. */
export function addPurchases(app: App): void {
  app.openapi(route, async (c) => {
    const query = purchasesOf(caller(c).token).order("id", { ascending: false }).limit(100);
    return c.json({ items: z.array(Row).parse(await read("credit_purchases", query)).map(answered) }, 200);
  });
}

/** The purchase called `id` of the owner of `token`, if there is one. */
export async function purchaseOf(token: string, id: string): Promise<z.infer<typeof Purchase> | undefined> {
  const rows = await read("credit_purchases", purchasesOf(token).eq("id", id));
  return z.array(Row).parse(rows).map(answered)[0];
}

const purchasesOf = (token: string) => ownRows(token, "credit_purchases", Row);

function answered(
  { reversed_cents, revoked_credits, reversed_at, ...bought }: z.infer<typeof Row>,
): z.infer<typeof Purchase> {
  const reversed = reversed_at === null ? null : {
    reason: bought.status === "disputed" ? "dispute" as const : "refund" as const,
    amount_cents: reversed_cents,
    credits: amount(Number(revoked_credits)),
    at: reversed_at,
  };
  return { ...bought, reversed };
}
