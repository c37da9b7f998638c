import { type Context, Hono } from "hono";
import { z } from "zod";
import { seedPrices } from "../actions/catalog.ts";
import { appealDispute, closeDispute, createDispute } from "../actions/disputes.ts";
import { awaitsBank, payOnPage, settleDelayed } from "../actions/payments.ts";
import { changeRefund } from "../actions/refunds.ts";
import { expireSession } from "../actions/sessions.ts";
import { find } from "../api/find.ts";
import { invalidRequest } from "../errors.ts";
import type { Charge } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";

/** The prices that a seed names; amounts in the currency's smallest unit. */
export const priceSeeds = z.array(z.strictObject({
  id: z.string().min(1),
  unit_amount: z.int().min(1),
  currency: z.string().length(3),
  product_name: z.string().min(1),
  interval: z.enum(["day", "week", "month", "year"]).optional(),
}));

const seed = z.strictObject({ prices: priceSeeds });
const payment = z.strictObject({
  outcome: z.enum(["paid", "delayed", "declined"]).default("paid"),
  email: z.email().nullable().default(null),
});
const settlement = z.strictObject({ outcome: z.enum(["succeeded", "failed"]) });
const refundChange = z.strictObject({
  status: z.enum(["pending", "requires_action", "succeeded", "failed", "canceled"]),
  failure_reason: z.string().optional(),
});
const complaint = z.strictObject({
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
  amount: z.int().min(1).optional(),
  reason: z.string().optional(),
  inquiry: z.boolean().optional(),
});
const verdict = z.strictObject({ outcome: z.enum(["won", "lost"]) });

/** `/_test`: what buyers, banks and time do to payments. Bodies are JSON; nothing here exists at Stripe. */
export function testRoutes(standIn: StandIn) {
  const sessionOf = (c: Context) => find(standIn, "sessions", c.req.param("id") ?? "");
  return new Hono()
    .post("/seed", async (c) => c.json({ prices: seedPrices(standIn, (await readJson(c, seed)).prices) }))
    .post("/sessions/:id/pay", async (c) => {
      const { outcome, email } = await readJson(c, payment);
      const session = sessionOf(c);
      if (session.status !== "open") throw invalidRequest(`This session is ${session.status}, not open.`);
      payOnPage(standIn, session, outcome, email);
      return c.json(sessionOf(c));
    })
    .post("/sessions/:id/settle", async (c) => {
      const { outcome } = await readJson(c, settlement);
      const session = sessionOf(c);
      if (!awaitsBank(standIn, session)) throw invalidRequest("This session waits for no delayed payment.");
      return c.json(settleDelayed(standIn, session, outcome === "succeeded"));
    })
    .post("/sessions/:id/expire", (c) => c.json(expireSession(standIn, sessionOf(c))))
    .post("/refunds/:id", async (c) => {
      const { status, failure_reason } = await readJson(c, refundChange);
      const refund = find(standIn, "refunds", c.req.param("id"));
      return c.json(changeRefund(standIn, refund, status, failure_reason));
    })
    .post("/disputes", async (c) => {
      const input = await readJson(c, complaint);
      return c.json(createDispute(standIn, chargeOf(standIn, input), input));
    })
    .post("/disputes/:id/appeal", (c) => {
      return c.json(appealDispute(standIn, find(standIn, "disputes", c.req.param("id"))));
    })
    .post("/disputes/:id/close", async (c) => {
      const { outcome } = await readJson(c, verdict);
      return c.json(closeDispute(standIn, find(standIn, "disputes", c.req.param("id")), outcome));
    });
}

/** Reads and checks a JSON body; no body at all counts as `{}`. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch {
    throw invalidRequest("The body is not JSON.");
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalidRequest(issue.message, undefined, issue.path.join("."));
}

function chargeOf(standIn: StandIn, named: { charge?: string; payment_intent?: string }): Charge {
  if (named.charge !== undefined) return find(standIn, "charges", named.charge);
  const intent = find(standIn, "paymentIntents", named.payment_intent ?? "");
  return find(standIn, "charges", intent.latest_charge ?? "");
}
