import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { formatMoney } from "../money.ts";
import type { Charge, PortalSession } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { type Html, layout } from "./layout.ts";
import { pagePolicy, sendStyle } from "./routes.ts";

/** `/portal/:session`: what a customer paid, and the way back to the shop. */
export function portalRoutes(standIn: StandIn) {
  return new Hono()
    .get("/style.css", sendStyle)
    .get("/:session", (c) => show(c, standIn, c.req.param("session")));
}

function show(c: Context, standIn: StandIn, id: string) {
  const session = standIn.state.portalSessions.get(id);
  c.header("cache-control", "no-store");
  c.header("content-security-policy", pagePolicy([]));
  if (session === undefined) return c.html(unknown(), 404);
  const charges = [...standIn.state.charges.values()].filter(({ customer }) => customer === session.customer);
  const email = standIn.state.customers.get(session.customer)?.email ?? null;
  return c.html(portalPage(session, email, charges.reverse()));
}

function portalPage(session: PortalSession, email: string | null, charges: Charge[]): Html {
  return layout(
    "Billing portal",
    html`
      <h1>Your payments</h1>
      <p class="quiet">${email ?? "No e-mail is known of you yet."}</p>
      ${charges.length === 0 ? html`<p>You have paid nothing yet.</p>` : table(charges)}
      ${session.return_url === null
        ? ""
        : html`<a class="button" href="${session.return_url}">Back to the shop</a>`}
      <footer>Customer ${session.customer}</footer>
    `,
  );
}

function table(charges: Charge[]): Html {
  return html`
    <table>
      <caption class="unseen">Your payments</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">When</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        ${charges.map((charge) =>
          html`
            <tr>
              <th scope="row">
                          ${new Date(charge.created * 1000).toISOString().slice(0, 10)}
                          <small>${stateOf(charge)}</small>
                        </th>
              <td>${formatMoney(charge.amount, charge.currency)}</td>
            </tr>
          `
        )}
      </tbody>
    </table>
  `;
}

function stateOf({ status, amount_refunded, currency, disputed }: Charge): string {
  if (disputed) return "disputed";
  return amount_refunded > 0 ? `${formatMoney(amount_refunded, currency)} refunded` : status;
}

function unknown(): Html {
  return layout(
    "No such portal",
    html`
      <h1>No such portal</h1>
      <p>This link has expired. Open the portal in the shop again.</p>
    `,
  );
}
