/** Signing up and in, the balance and what was spent. */
import { call, client, explain, inboxUrl } from "./api.js";
import { drawSpending } from "./chart.js";
import { byId, credits, element, whileBusy } from "./dom.js";
import { showPlan } from "./plans.js";

/** What the person has and pays: kept from the last answers. */
export const account = { balance: 0, prices: new Map() };

/** Reads balance, usage and plan again and shows them. */
export async function refresh() {
  const [{ balance, reserved, debt }, { items }] = await Promise.all([
    call("credits-api/balance"),
    call("credits-api/usage?limit=20"),
    drawSpending(),
    showPlan(),
  ]);
  account.balance = balance;
  byId("balance").replaceChildren(
    element("strong", {}, credits(balance)),
    ...(reserved > 0 ? [` + ${reserved.toFixed(2)} held`] : []),
  );
  byId("debt").hidden = debt === 0;
  byId("debt").textContent = `You owe ${
    credits(debt)
  }: money went back to you for credits that were spent already. The next credits pay that first.`;
  byId("usage").replaceChildren(...(items.length ? items.map(usageRow) : [emptyRow()]));
}

/** Reads what is offered, and what it costs. */
export async function readPrices() {
  const { items } = await call("credits-api/pricing");
  account.prices = new Map(items.map((price) => [price.action, price.credits]));
}

/** What so many pages cost, in hundredths so that nothing is lost in adding up. */
export function costOf(action, pages) {
  return Math.round((account.prices.get(action) ?? 0) * 100) * pages / 100;
}

function usageRow(item) {
  const when = new Date(item.created_at).toLocaleString([], { dateStyle: "short", timeStyle: "short" });
  const ended = { reserved: "held", confirmed: "paid", refunded: "returned" }[item.status] ?? item.status;
  const status = item.refunded_amount ? `${ended}, ${item.refunded_amount.toFixed(2)} given back` : ended;
  return element(
    "tr",
    {},
    element("td", {}, when),
    element("td", {}, item.description ?? item.job_type),
    element("td", {}, status),
    element("td", { class: "number" }, item.credits_used.toFixed(2)),
  );
}

function emptyRow() {
  return element("tr", {}, element("td", { colspan: "4", class: "hint" }, "Nothing yet."));
}

/** Makes the sign-up form and the sign-out button work. */
export function setUpAccount() {
  byId("sign-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form, event.submitter);
    const credentials = { email: data.get("email"), password: data.get("password") };
    await whileBusy(form, () => data.get("intent") === "sign-in" ? signIn(credentials) : signUp(credentials))
      .catch(explain);
  });
  byId("sign-out").addEventListener("click", () => client.auth.signOut());
}

const ELSEWHERE =
  "This link signs in only where it was asked for, and for five minutes. If it was yours, your e-mail is confirmed: sign in.";

/**
 * Signs in with the code of a link, where nobody is signed in: a link is no reason to become somebody else.
 *
 * @returns what to tell the person, if there is something.
 */
export async function signInByLink(code) {
  const { data } = await client.auth.getSession();
  if (data.session) return `You stay signed in as ${data.session.user.email}. Sign out to use another link.`;
  const { error } = await client.auth.exchangeCodeForSession(code);
  if (error) return ELSEWHERE;
}

async function signUp(credentials) {
  const options = { emailRedirectTo: `${location.origin}/` };
  const { error } = await client.auth.signUp({ ...credentials, options });
  if (error) return say("bad", error.message);
  const link = element("a", { href: inboxUrl, target: "_blank" }, "inbox of this stack");
  say(
    "good",
    `A link to confirm ${credentials.email} is on its way. Here every e-mail lands in the `,
    link,
    ".",
  );
}

async function signIn(credentials) {
  const { error } = await client.auth.signInWithPassword(credentials);
  if (error) say("bad", error.message);
}

function say(kind, ...content) {
  byId("sign-message").className = `message ${kind}`;
  byId("sign-message").replaceChildren(...content);
}
