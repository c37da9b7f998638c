/**
 * `GET /balance` and `GET /usage`.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { amount, Credits } from "../_shared/http/amounts.ts";
import type { App } from "../_shared/http/app.ts";
import { caller } from "../_shared/http/context.ts";
import { call, present } from "../_shared/database/client.ts";
import { TimedPageQuery, unknownCursor } from "../_shared/http/pagination.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, Timestamp } from "../_shared/http/schemas.ts";
import { forUser } from "../_shared/auth/users.ts";

const Balance = z.object({
  balance: Credits,
  reserved: Credits,
  debt: Credits.openapi({
    description:
      "Credits that a refund or dispute took back after they were spent; the next ones pay it first",
  }),
});

/** One reservation: held, spent or returned. */
const Usage = z.object({
  id: z.union([z.string(), z.number()]),
  job_id: z.string().nullable(),
  job_type: z.string(),
  credits_used: Credits,
  refunded_amount: Credits.openapi({ description: "How much of what was charged has been given back since" }),
  status: z.enum(["reserved", "confirmed", "refunded"]),
  description: z.string().nullable(),
  created_at: Timestamp,
});

const balanceRoute = createRoute({
  method: "get",
  path: "/balance",
  ...forUser("balance"),
  responses: {
    200: json(Balance, "What can be spent, what is held for jobs under way, and what is owed"),
    ...errors("unauthorized"),
  },
});

const usageRoute = createRoute({
  method: "get",
  path: "/usage",
  ...forUser("usage"),
  request: { query: TimedPageQuery },
  responses: {
    200: json(z.object({ items: z.array(Usage), next_cursor: z.string().nullable() }), "Newest first"),
    ...errors("invalid_request", "unauthorized"),
  },
});

/** Adds the routes about the user's own account. */
export function addAccountRoutes(app: App): void {
  app.openapi(balanceRoute, async (c) => {
    const result = await call("read_balance", { p_user_id: caller(c).id });
    applyRateLimit(c, "balance", result);
    const { balance, reserved, debt } = present(result, "balance", "reserved", "debt");
    return c.json({ balance: amount(balance), reserved: amount(reserved), debt: amount(debt) }, 200);
  });

  app.openapi(usageRoute, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const result = await call("read_usage", { p_user_id: caller(c).id, p_limit: limit, p_cursor: cursor });
    applyRateLimit(c, "usage", result);
    if (result.outcome === "invalid") throw unknownCursor();
    return c.json({ items: z.array(Usage).parse(result.items ?? []), next_cursor: result.next_cursor }, 200);
  });
}
