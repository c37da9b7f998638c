import { Hono } from "hono";
import { z } from "zod";
import { findCustomer } from "../actions/customers.ts";
import { catchUp, nextDue } from "../billing/due.ts";
import { replaceCard } from "../billing/cards.ts";
import { invalidRequest } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";
import { readJson } from "./routes.ts";

const move = z.union([
  z.strictObject({ to: z.int() }),
  z.strictObject({ advance: z.int().min(0) }),
]);

const dashboard = z.strictObject({
  api_version: z.string().regex(/^\d{4}-\d{2}-\d{2}/).optional(),
  retry_days: z.array(z.int().min(1)).max(10).optional(),
  exhausted: z.enum(["canceled", "unpaid", "past_due"]).optional(),
  portal_proration: z.enum(["none", "always_invoice"]).optional(),
});

/** `/_test`: what time, the dashboard and cards do to subscriptions. */
export function billingTestRoutes(standIn: StandIn) {
  const time = () => ({ now: standIn.now(), next_due: nextDue(standIn) });
  return new Hono()
    .get("/clock", (c) => c.json(time()))
    .post("/clock", async (c) => {
      const wanted = await readJson(c, move);
      const seconds = "to" in wanted ? wanted.to - standIn.now() : wanted.advance;
      if (seconds < 0) throw invalidRequest("The clock only moves on.", undefined, "to");
      standIn.state.clock.set("moved", (standIn.state.clock.get("moved") ?? 0) + seconds);
      standIn.changed();
      catchUp(standIn);
      await standIn.delivery.idle();
      return c.json(time());
    })
    .get("/dashboard", (c) => c.json(standIn.dashboard))
    .post("/dashboard", async (c) => {
      Object.assign(standIn.dashboard, await readJson(c, dashboard));
      return c.json(standIn.dashboard);
    })
    .post("/customers/:id/card", async (c) => {
      const { declines } = await readJson(c, z.strictObject({ declines: z.boolean().default(false) }));
      return c.json(replaceCard(standIn, findCustomer(standIn, c.req.param("id")), declines));
    });
}
