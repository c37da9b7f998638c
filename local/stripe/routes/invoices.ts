import { Hono } from "hono";
import { z } from "zod";
import { type ApiEnv, requestOf } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { expand, listParams, readParams, retrieveParams } from "../api/params.ts";
import { attempt, recover } from "../billing/collection.ts";
import { abandonInvoice, finalizeInvoice } from "../billing/invoices.ts";
import { subscriptionOf } from "../billing/records.ts";
import { invalidRequest, StripeApiError } from "../errors.ts";
import type { Invoice } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";

const listInvoices = z.strictObject({
  ...listParams,
  customer: z.string().optional(),
  status: z.enum(["draft", "open", "paid", "uncollectible", "void"]).optional(),
  subscription: z.string().optional(),
});

const payParams = z.strictObject({ payment_method: z.string().optional(), expand });

const listPayments = z.strictObject({
  ...listParams,
  invoice: z.string().optional(),
  payment: z.strictObject({ type: z.literal("payment_intent"), payment_intent: z.string().optional() })
    .optional(),
  status: z.enum(["open", "paid", "canceled"]).optional(),
});

/** `/v1/invoices`: retrieve, list, lines, finalize, pay, void, mark uncollectible. Only subscriptions make them. */
export function invoiceRoutes(standIn: StandIn) {
  const invoiceIn = (id: string, ...statuses: string[]): Invoice => {
    const invoice = find(standIn, "invoices", id);
    if (statuses.includes(invoice.status)) return invoice;
    throw invalidRequest(
      `This invoice is ${invoice.status}; only ${statuses.join(" or ")} ones can be that.`,
    );
  };
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const query = await readParams(c, listInvoices);
      const found = [...standIn.state.invoices.values()].filter((invoice) =>
        (query.customer ?? invoice.customer) === invoice.customer &&
        (query.status ?? invoice.status) === invoice.status &&
        (query.subscription ?? subscriptionOf(invoice)) === subscriptionOf(invoice) &&
        matchesCreated(invoice.created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/invoices"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "invoices", c.req.param("id")), expand));
    })
    .get("/:id/lines", async (c) => {
      const query = await readParams(c, z.strictObject(listParams));
      const { id, lines } = find(standIn, "invoices", c.req.param("id"));
      return c.json(
        expanded(standIn, listPage(lines.data, query, `/v1/invoices/${id}/lines`, "as given"), query.expand),
      );
    })
    .post("/:id/finalize", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      const draft = invoiceIn(c.req.param("id"), "draft");
      return c.json(expanded(standIn, finalizeInvoice(standIn, draft, "at once", requestOf(c)), expand));
    })
    .post("/:id/pay", async (c) => {
      const { expand, payment_method } = await readParams(c, payParams);
      const request = requestOf(c);
      const asked = invoiceIn(c.req.param("id"), "draft", "open", "uncollectible");
      const card = payment_method === undefined
        ? undefined
        : find(standIn, "cards", payment_method, "payment_method");
      const open = asked.status === "draft" ? finalizeInvoice(standIn, asked, "later", request) : asked;
      const tried = open.status === "paid" ? open : attempt(standIn, open, { card, isManual: true, request });
      if (tried.status !== "paid") throw declined();
      return c.json(expanded(standIn, tried, expand));
    })
    .post("/:id/:action{void|mark_uncollectible}", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      const status = c.req.param("action") === "void" ? "void" : "uncollectible";
      const from = status === "void" ? ["open", "uncollectible"] : ["draft", "open"];
      const request = requestOf(c);
      const ended = abandonInvoice(standIn, invoiceIn(c.req.param("id"), ...from), status, request);
      recover(standIn, ended, request);
      return c.json(expanded(standIn, ended, expand));
    });
}

/** `/v1/invoice_payments`: retrieve, list: which payment intents paid which invoice. */
export function invoicePaymentRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const query = await readParams(c, listPayments);
      const intent = query.payment?.payment_intent;
      const found = [...standIn.state.invoicePayments.values()].filter((
        { created, invoice, payment, status },
      ) =>
        (query.invoice ?? invoice) === invoice &&
        (intent ?? payment.payment_intent) === payment.payment_intent &&
        (query.status ?? status) === status &&
        matchesCreated(created, query.created)
      );
      return c.json(expanded(standIn, listPage(found, query, "/v1/invoice_payments"), query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, find(standIn, "invoicePayments", c.req.param("id")), expand));
    });
}

function declined(): StripeApiError {
  return new StripeApiError(402, {
    type: "card_error",
    code: "card_declined",
    message: "Your card was declined.",
  });
}
