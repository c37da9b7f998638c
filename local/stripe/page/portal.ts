import { type Context, Hono } from "hono";
import { z } from "zod";
import { replaceCard } from "../billing/cards.ts";
import { attempt } from "../billing/collection.ts";
import { catchUp } from "../billing/due.ts";
import { changeInPortal, keepSubscription, offers } from "../billing/portal.ts";
import { hasEnded } from "../billing/records.ts";
import { planCancellation } from "../billing/updates.ts";
import type { PortalSession, Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { portalPage, unknownPortalPage } from "./portal_render.ts";
import { pagePolicy, sendStyle } from "./routes.ts";
import { patiently } from "./told.ts";

const ofSubscription = z.object({ subscription: z.string() });
const toPrice = z.object({ subscription: z.string(), price: z.string() });
const ofInvoice = z.object({ invoice: z.string() });
const newCard = z.object({ outcome: z.enum(["pays", "declines"]) });

/** `/portal/:session`: what a customer paid and subscribes to, what they may change of it, and the way back to the shop. */
export function portalRoutes(standIn: StandIn) {
  /** Does what a form asks for, and shows the portal once the shop was told of it. */
  const doing =
    <T>(form: z.ZodType<T>, act: (session: PortalSession, input: T) => void) => async (c: Context) => {
      catchUp(standIn);
      const session = standIn.state.portalSessions.get(c.req.param("session") ?? "");
      const input = form.safeParse(await c.req.parseBody());
      if (session === undefined || !input.success) return c.text("This cannot be done here.", 400);
      act(session, input.data);
      await patiently(standIn.delivery.idle());
      return c.redirect(`${standIn.publicUrl}/portal/${session.id}`, 303);
    };
  /** The session's own subscription of that id, while it lasts. */
  const own = ({ customer }: PortalSession, id: string): Subscription | undefined => {
    const found = standIn.state.subscriptions.get(id);
    return found?.customer === customer && !hasEnded(found) ? found : undefined;
  };
  return new Hono()
    .get("/style.css", sendStyle)
    .get("/:session", (c) => show(c, standIn, c.req.param("session")))
    .post(
      "/:session/change",
      doing(toPrice, (session, input) => {
        const subscription = own(session, input.subscription);
        const price = subscription && offers(standIn, subscription).find(({ id }) => id === input.price);
        if (price) changeInPortal(standIn, subscription, price);
      }),
    )
    .post(
      "/:session/cancel",
      doing(ofSubscription, (session, input) => {
        const subscription = own(session, input.subscription);
        if (subscription) planCancellation(standIn, subscription, { cancel_at_period_end: true });
      }),
    )
    .post(
      "/:session/keep",
      doing(ofSubscription, (session, input) => {
        const subscription = own(session, input.subscription);
        if (subscription) keepSubscription(standIn, subscription);
      }),
    )
    .post(
      "/:session/card",
      doing(newCard, ({ customer }, { outcome }) => {
        replaceCard(standIn, standIn.state.customers.get(customer)!, outcome === "declines");
      }),
    )
    .post(
      "/:session/pay",
      doing(ofInvoice, (session, input) => {
        const invoice = standIn.state.invoices.get(input.invoice);
        const isOwed = invoice?.customer === session.customer && invoice.status === "open";
        if (isOwed) attempt(standIn, invoice, { isManual: true });
      }),
    );
}

function show(c: Context, standIn: StandIn, id: string) {
  catchUp(standIn);
  const session = standIn.state.portalSessions.get(id);
  c.header("cache-control", "no-store");
  c.header("content-security-policy", pagePolicy([]));
  return session === undefined ? c.html(unknownPortalPage(), 404) : c.html(portalPage(standIn, session));
}
