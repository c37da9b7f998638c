import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { attempt } from "../billing/collection.ts";
import { catchUp } from "../billing/due.ts";
import { saveCard } from "../billing/cards.ts";
import { formatMoney } from "../money.ts";
import type { Invoice } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { type Html, layout } from "./layout.ts";
import { pagePolicy, sendStyle } from "./routes.ts";
import { patiently } from "./told.ts";

/** `/invoice/:id`: the page behind an invoice's `hosted_invoice_url`, where it is paid by a card of its own. */
export function invoicePages(standIn: StandIn) {
  return new Hono()
    .get("/style.css", sendStyle)
    .get("/:id", (c) => show(c, standIn, c.req.param("id")))
    .post("/:id", async (c) => {
      catchUp(standIn);
      const invoice = standIn.state.invoices.get(c.req.param("id"));
      if (invoice?.status === "open") {
        attempt(standIn, invoice, { card: saveCard(standIn, invoice.customer), isManual: true });
        await patiently(standIn.delivery.idle());
      }
      return c.redirect(`${standIn.publicUrl}/invoice/${c.req.param("id")}`, 303);
    });
}

function show(c: Context, standIn: StandIn, id: string) {
  catchUp(standIn);
  const invoice = standIn.state.invoices.get(id);
  c.header("cache-control", "no-store");
  c.header("content-security-policy", pagePolicy([]));
  const isThere = invoice !== undefined && invoice.status !== "draft";
  return isThere
    ? c.html(invoicePage(invoice))
    : c.html(layout("No such invoice", html`<h1>No such invoice</h1>`), 404);
}

function invoicePage({ id, number, status, currency, total, amount_due, lines }: Invoice): Html {
  const money = (amount: number) => formatMoney(amount, currency);
  return layout(
    `Invoice ${number}`,
    html`
      <h1>Invoice ${number}: ${status}</h1>
      <p class="total">${money(amount_due)}</p>
      <table>
        <caption class="unseen">What it is for</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          ${lines.data.map(({ description, amount }) =>
            html`
              <tr>
                <th scope="row">${description}</th>
                <td>${money(amount)}</td>
              </tr>
            `
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td>${money(total)}</td>
          </tr>
        </tfoot>
      </table>
      ${status === "open"
        ? html`<form method="post" action="${id}"><button class="main">Pay ${
          money(amount_due)
        }</button></form>`
        : ""}
    `,
  );
}
