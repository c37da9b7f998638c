import { html } from "hono/html";
import { isLess, offers } from "../billing/portal.ts";
import { currentPeriod } from "../billing/periods.ts";
import { cardOf, hasEnded, priceOf } from "../billing/records.ts";
import { formatMoney } from "../money.ts";
import type { Charge, Invoice, PortalSession, Price, Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { type Html, layout } from "./layout.ts";
import { day, rhythm } from "./words.ts";

/** The portal of one customer. */
export function portalPage(standIn: StandIn, session: PortalSession): Html {
  const { customer } = session;
  const own = <T extends { customer: string | null }>(all: Map<string, T>) =>
    [...all.values()].filter((one) => one.customer === customer).reverse();
  const { charges, invoices, subscriptions } = standIn.state;
  const paid = own(charges);
  const plans = own(subscriptions).filter((one) => !hasEnded(one) && one.status !== "incomplete");
  const owed = own(invoices).filter(({ status }) => status === "open");
  const email = standIn.state.customers.get(customer)?.email ?? null;
  return layout(
    "Billing portal",
    html`
      <h1>Billing of ${email ?? "somebody whose e-mail is not known yet"}</h1>
      ${plans.map((plan) => planSection(standIn, session, plan))}
      ${owed.map((invoice) => owedSection(session, invoice))}
      <h2>Your payments</h2>
      ${paid.length === 0 ? html`<p>You have paid nothing yet.</p>` : table(paid)}
      ${session.return_url === null
        ? ""
        : html`<a class="button" href="${session.return_url}">Back to the shop</a>`}
      <footer>Customer ${customer}</footer>
    `,
  );
}

/** For an address that belongs to no portal. */
export function unknownPortalPage(): Html {
  return layout(
    "No such portal",
    html`
      <h1>No such portal</h1>
      <p>This link has expired. Open the portal in the shop again.</p>
    `,
  );
}

function planSection(standIn: StandIn, session: PortalSession, plan: Subscription): Html {
  const price = priceOf(plan.items.data[0]);
  const planned = standIn.state.scheduled.get(plan.id);
  const card = cardOf(standIn, plan);
  return html`
    <h2>Your plan: ${nameOf(standIn, price)}</h2>
    <p>${sumOf(price)}. ${whatComes(standIn, plan)}</p>
    ${plan.cancel_at === null && planned === undefined
      ? ""
      : button(session, "keep", { subscription: plan.id }, "Keep the plan as it is")}
    ${offers(standIn, plan).filter(({ id }) => id !== planned).map((offer) =>
      button(
        session,
        "change",
        { subscription: plan.id, price: offer.id },
        `${isLess(price, offer) ? "Go down to" : "Change to"} ${nameOf(standIn, offer)}, ${sumOf(offer)}`,
      )
    )}
    <p class="quiet">A larger plan is paid and begins today, a smaller one when this period is over.</p>
    ${plan.cancel_at === null ? button(session, "cancel", { subscription: plan.id }, "Cancel the plan") : ""}
    <h2>Your card</h2>
    <p>${card === null ? "None is saved." : `It ends in ${card.last4}.`}</p>
    ${button(session, "card", { outcome: "pays" }, "Save a new card")}
    ${button(session, "card", { outcome: "declines" }, "Save a card that is always declined")}
  `;
}

function whatComes(standIn: StandIn, plan: Subscription): string {
  const { status, cancel_at } = plan;
  const { end } = currentPeriod(plan);
  const planned = standIn.state.scheduled.get(plan.id);
  if (status === "past_due" || status === "unpaid") return "The last payment failed.";
  if (status === "paused") return "It is paused.";
  if (cancel_at !== null) return `It ends on ${day(cancel_at)}.`;
  if (planned !== undefined) {
    return `It becomes ${nameOf(standIn, standIn.state.prices.get(planned)!)} on ${day(end)}.`;
  }
  return status === "trialing" ? `The trial ends on ${day(end)}.` : `It renews on ${day(end)}.`;
}

function owedSection(session: PortalSession, invoice: Invoice): Html {
  const sum = formatMoney(invoice.amount_remaining, invoice.currency);
  return html`
    <h2>Not paid yet</h2>
    <p class="error">${sum} of ${day(invoice.created)}.</p>
    ${button(session, "pay", { invoice: invoice.id }, `Pay ${sum} by the saved card`)}
  `;
}

function button(session: PortalSession, action: string, fields: Record<string, string>, label: string): Html {
  return html`
    <form method="post" action="${session.id}/${action}">
      ${Object.entries(fields).map(([name, value]) =>
        html`<input type="hidden" name="${name}" value="${value}">`
      )}
      <button>${label}</button>
    </form>
  `;
}

function nameOf(standIn: StandIn, price: Pick<Price, "product">): string {
  return standIn.state.products.get(price.product)?.name ?? price.product;
}

function sumOf(price: Price): string {
  return `${formatMoney(price.unit_amount, price.currency)} ${rhythm(price.recurring!)}`;
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
