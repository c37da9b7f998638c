import { html } from "hono/html";
import { formatMoney } from "../money.ts";
import type { CheckoutSession, LineItem } from "../objects/types.ts";
import { type Html, layout } from "./layout.ts";
import { rhythm } from "./words.ts";

/** What the page shows: the session, its lines, why the last try failed, if one did, and whether the bank is to answer. */
export interface PageContent {
  session: CheckoutSession;
  lines: LineItem[];
  declined: string | null;
  awaitsBank: boolean;
  /** What is paid later on, in words, by who subscribes. */
  renewal: string | null;
  /** The buyer's e-mail, where it is known and so cannot be changed. */
  email: string | null;
}

/** The payment page of an open session, or what became of one that is not open any more. */
export function paymentPage(content: PageContent): Html {
  const total = formatMoney(content.session.amount_total, content.session.currency);
  return layout(
    `Pay ${total}`,
    html`
      <h1>${content.session.status !== "open" ? "Total" : content.renewal ? "Due today" : "Total to pay"}</h1>
      <p class="total">${total}</p>
      ${content.renewal === null ? "" : html`<p>${content.renewal}</p>`}
      ${orderTable(content)} ${content.session.status === "open" ? forms(content, total) : ended(content)}
      <footer>Session ${content.session.id}</footer>
    `,
  );
}

/** For an address that belongs to no session. */
export function unknownSessionPage(): Html {
  return layout(
    "No such payment",
    html`
      <h1>No such payment</h1>
      <p>This link belongs to no Checkout session of this stand-in. Was its data reset since the link was made?</p>
    `,
  );
}

function orderTable({ session, lines }: PageContent): Html {
  const money = (amount: number) => formatMoney(amount, session.currency);
  return html`
    <table>
      <caption class="unseen">Your order</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">Item</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map((line) =>
          html`
            <tr>
              <th scope="row">
                          ${line.description}
                          <small>${line.quantity} × ${money(line.price.unit_amount)} ${line.price.recurring
                            ? rhythm(line.price.recurring)
                            : ""}</small>
                        </th>
              <td>${money(line.amount_total)}</td>
            </tr>
          `
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td>${money(session.amount_total)}</td>
        </tr>
      </tfoot>
    </table>
  `;
}

function forms({ session, declined, email, renewal }: PageContent, total: string): Html {
  return html`
    ${declined === null ? "" : html`<p class="error" role="alert">${declined} You can try again.</p>`}
    <form method="post" action="${session.id}">
      <label for="email">E-mail for the receipt</label>
      <input id="email" name="email" type="email" autocomplete="email" required
        value="${email ?? "buyer@example.com"}" ${email === null ? "" : "readonly"}>
      <button class="main" name="outcome" value="paid">
        ${renewal === null ? `Pay ${total} by card` : "Subscribe by card"}
      </button>
      ${renewal === null ? debitButton() : ""}
      <button name="outcome" value="declined">Let the card be declined</button>
    </form>
    ${session.cancel_url === null
      ? ""
      : html`<p class="quiet"><a href="${session.cancel_url}">Cancel and go back</a></p>`}
  `;
}

function debitButton(): Html {
  return html`
    <button name="outcome" value="delayed" aria-describedby="debit-hint">
      Pay by bank debit, which settles later
    </button>
    <p id="debit-hint" class="quiet">
      You are the bank as well: come back to this page afterwards and let it pay or refuse.
    </p>
  `;
}

function ended({ session, declined, awaitsBank }: PageContent): Html {
  if (session.status === "expired") {
    return html`
      <p
        role="status"><strong>This payment link has expired.</strong> Nothing was charged. Start again in the shop.</p>
      ${session.cancel_url === null
        ? ""
        : html`<a class="button" href="${session.cancel_url}">Back to the shop</a>`}
    `;
  }
  const what = session.payment_status !== "unpaid"
    ? html`<strong>This order is paid.</strong> It cannot be paid twice.`
    : declined === null
    ? html`<strong>Your bank was asked for the money.</strong> The shop hears when it has answered.`
    : html`<strong>The payment failed.</strong> ${declined}`;
  return html`
    <p role="status">${what}</p>
    ${awaitsBank ? bankForm(session) : ""}
    <a class="button" href="${successUrl(session)}">Back to the shop</a>
  `;
}

/** At Stripe days pass; here whoever pays is the bank as well. */
function bankForm({ id }: CheckoutSession): Html {
  return html`
    <form method="post" action="${id}/settle">
      <button class="main" name="outcome" value="succeeded">Let the bank pay</button>
      <button name="outcome" value="failed">Let the bank refuse</button>
    </form>
  `;
}

/** Where the buyer goes after paying, with the session's id filled in as Stripe does. */
export function successUrl(session: CheckoutSession): string {
  return (session.success_url ?? "").replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}
