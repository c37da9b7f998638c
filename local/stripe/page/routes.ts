import { type Context, Hono } from "hono";
import { z } from "zod";
import { awaitsBank, payOnPage, settleDelayed } from "../actions/payments.ts";
import { catchUp } from "../billing/due.ts";
import { sumOf } from "../actions/line_items.ts";
import { DAY } from "../billing/calendar.ts";
import { formatMoney } from "../money.ts";
import type { CheckoutSession, LineItem } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { day, rhythm } from "./words.ts";
import { patiently } from "./told.ts";
import { paymentPage, successUrl, unknownSessionPage } from "./render.ts";

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
      catchUp(standIn);
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
  await patiently(standIn.delivery.answered(completed.id));
}

function show(c: Context, standIn: StandIn, id: string) {
  catchUp(standIn);
  const session = standIn.state.sessions.get(id);
  c.header("cache-control", "no-store");
  c.header("content-security-policy", contentPolicy(session));
  if (session === undefined) return c.html(unknownSessionPage(), 404);
  const error = standIn.state.paymentIntents.get(session.payment_intent ?? "")?.last_payment_error;
  const lines = standIn.state.lineItems.get(id) ?? [];
  const subscription = standIn.state.subscriptionData.get(id);
  const declined = subscription?.isDeclined ? "Your card was declined." : error?.message ?? null;
  const customer = standIn.state.customers.get(session.customer ?? "");
  const email = session.customer_email ?? customer?.email ?? null;
  const renewal = session.mode === "subscription" ? renewalOf(standIn, session, lines) : null;
  const bank = awaitsBank(standIn, session);
  return c.html(paymentPage({ session, lines, declined, email, awaitsBank: bank, renewal }));
}

/** What is paid after what is due today, in words. */
function renewalOf(standIn: StandIn, session: CheckoutSession, lines: LineItem[]): string {
  const { trial } = standIn.state.subscriptionData.get(session.id)!;
  const [{ price }] = lines;
  const sum = formatMoney(sumOf(lines).amountTotal, price.currency);
  const begin = trial.end ?? (trial.days === undefined ? null : standIn.now() + trial.days * DAY);
  const from = begin === null ? "" : ` from ${day(begin)} on`;
  return `Then ${sum} ${rhythm(price.recurring!)}${from}, until you cancel.`;
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
