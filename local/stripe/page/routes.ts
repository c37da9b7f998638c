import { type Context, Hono } from "hono";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { expireDueSessions } from "../actions/sessions.ts";
import { awaitsBank, payOnPage, settleDelayed } from "../actions/payments.ts";
import type { CheckoutSession } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { paymentPage, successUrl, unknownSessionPage } from "./render.ts";

/** Stripe holds the buyer back so long at most, so that the shop already knows of the payment. */
const WAIT_FOR_WEBHOOK_MS = 10_000;
const STYLE = new URL("./style.css", import.meta.url);

const choice = z.object({
  outcome: z.enum(["paid", "delayed", "declined"]),
  email: z.email().max(800).nullable().catch(null),
});

const bankAnswer = z.object({ outcome: z.enum(["succeeded", "failed"]) });

/** `/pay/:session`: the page behind a session's `url`. Links are relative, so that a proxy may add a path. */
export function pageRoutes(standIn: StandIn) {
  return new Hono()
    .get("/style.css", sendStyle)
    .get("/:session", (c) => show(c, standIn, c.req.param("session")))
    .post("/:session", async (c) => {
      expireDueSessions(standIn);
      const session = standIn.state.sessions.get(c.req.param("session"));
      if (session?.status === "open") {
        const form = choice.safeParse(await c.req.parseBody());
        if (!form.success) return c.text("Choose how to pay.", 400);
        await pay(standIn, session, form.data);
      }
      const now = standIn.state.sessions.get(c.req.param("session"));
      return now?.status === "complete"
        ? c.redirect(successUrl(now), 303)
        : c.redirect(pageOf(standIn, c.req.param("session")), 303);
    })
    .post("/:session/settle", async (c) => {
      const answer = bankAnswer.safeParse(await c.req.parseBody());
      if (!answer.success) return c.text("Choose what the bank answers.", 400);
      const session = standIn.state.sessions.get(c.req.param("session"));
      // Sent twice, the second one finds a bank that has answered.
      if (session && awaitsBank(standIn, session)) {
        settleDelayed(standIn, session, answer.data.outcome === "succeeded");
      }
      return c.redirect(pageOf(standIn, c.req.param("session")), 303);
    });
}

/** The style of every page. */
export async function sendStyle(c: Context) {
  return c.body(await Deno.readTextFile(STYLE), 200, { "content-type": "text/css" });
}

function pageOf(standIn: StandIn, id: string): string {
  return `${standIn.publicUrl}/pay/${id}`;
}

async function pay(standIn: StandIn, session: CheckoutSession, form: z.infer<typeof choice>): Promise<void> {
  const completed = payOnPage(standIn, session, form.outcome, form.email);
  if (completed === null || standIn.delivery.heldIds.includes(completed.id)) return;
  const giveUp = new AbortController();
  const patience = sleep(WAIT_FOR_WEBHOOK_MS, undefined, { signal: giveUp.signal }).catch(() => {});
  await Promise.race([standIn.delivery.answered(completed.id), patience]);
  giveUp.abort();
}

function show(c: Context, standIn: StandIn, id: string) {
  expireDueSessions(standIn);
  const session = standIn.state.sessions.get(id);
  c.header("cache-control", "no-store");
  c.header("content-security-policy", contentPolicy(session));
  if (session === undefined) return c.html(unknownSessionPage(), 404);
  const error = standIn.state.paymentIntents.get(session.payment_intent ?? "")?.last_payment_error;
  const lines = standIn.state.lineItems.get(id) ?? [];
  const declined = error?.message ?? null;
  const customer = standIn.state.customers.get(session.customer ?? "");
  const email = session.customer_email ?? customer?.email ?? null;
  return c.html(paymentPage({ session, lines, declined, email, awaitsBank: awaitsBank(standIn, session) }));
}

/** A form may lead here or on to the shop, because browsers check redirects as well. */
function contentPolicy(session: CheckoutSession | undefined): string {
  return pagePolicy(
    [session?.success_url, session?.cancel_url].flatMap((url) => url ? [new URL(url).origin] : []),
  );
}

/** No scripts at all; a form may only lead here or to `origins`. */
export function pagePolicy(origins: string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    `form-action ${["'self'", ...new Set(origins)].join(" ")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}
