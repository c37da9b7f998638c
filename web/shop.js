/** Packs, the way to the payment page and the way back. */
import { call, poll } from "./api.js";
import { refresh } from "./account.js";
import {
  comesFromPortal,
  HERE,
  leadsAway,
  leadsToPortal,
  PENDING,
  setUpComingBack,
  SUBSCRIBING,
} from "./away.js";
import { byId, clearNotice, credits, element, notify, pause } from "./dom.js";
import { money } from "./money.js";
import { awaitChanges, welcomeSubscriber } from "./plans.js";

/** Makes the way to the billing portal work, and all buttons that led away, once somebody comes back. */
export function setUpShop() {
  leadsToPortal(byId("portal"));
  setUpComingBack();
}

/** Shows what is sold. */
export async function showPacks() {
  const { items } = await call("credits-api/packs");
  byId("packs").replaceChildren(...items.map(packRow));
}

function packRow(pack) {
  const price = money(pack.amount_cents, pack.currency);
  const button = element("button", { type: "button", "aria-label": `Buy ${pack.name} for ${price}` }, price);
  leadsAway(button, () => checkOut(pack));
  const name = element("span", {}, element("strong", {}, pack.name), ` ${credits(pack.credits)}`);
  return element("li", {}, name, button);
}

async function checkOut(pack) {
  const body = { pack_id: pack.id, return_to: HERE };
  const order = await call("credits-api/checkout", { method: "POST", body });
  sessionStorage.setItem(PENDING, order.purchase_id);
  return order;
}

/** Says of each purchase whose money went back what became of its credits. */
export async function showReversals() {
  const { items } = await call("credits-api/purchases");
  byId("reversals").replaceChildren(...items.filter(({ reversed }) => reversed).map(reversalRow));
}

function reversalRow({ reversed, currency, created_at }) {
  const date = (time) => new Date(time).toLocaleDateString([], { dateStyle: "medium" });
  const sum = money(reversed.amount_cents, currency);
  const why = reversed.reason === "dispute" ? "disputed" : "refunded";
  return element(
    "li",
    {},
    `${sum} of your purchase of ${date(created_at)} was ${why}. ` +
      `${credits(reversed.credits)} were taken back for it on ${date(reversed.at)}.`,
  );
}

/** After the portal or the payment page sent the browser back: says what became of the purchase, and forgets the address's mark. */
export async function welcomeBack() {
  const result = new URLSearchParams(location.search).get("checkout");
  const pending = sessionStorage.getItem(PENDING);
  // Nothing on the page waits for what was changed in the portal, or fails with it.
  if (comesFromPortal()) awaitChanges(refresh).catch(() => {});
  if (!result) return;
  history.replaceState(null, "", location.pathname);
  sessionStorage.removeItem(PENDING);
  // A link says so as well, whoever wrote it; only the tab that went away to pay knows that it came back.
  if (result !== "success") {
    if (pending) notify("good", "The checkout was cancelled. Nothing was charged.");
    return;
  }
  if (pending === SUBSCRIBING) return await welcomeSubscriber(refresh);
  notify("good", "Thank you! Waiting for the payment to be confirmed …");
  const purchaseId = pending ?? await newestPurchase();
  if (!purchaseId) return await tell();
  const purchase = await watch(purchaseId, ({ status }) => status !== "open", { times: 5, every: 1000 });
  await tell(purchase);
  // A bank may take days, and seconds at best. Nothing on the page waits for it, or fails with it.
  if (!isDecided(purchase)) tellLater(purchaseId).catch(() => {});
}

const isDecided = ({ status }) => status === "paid" || status === "failed";

async function newestPurchase() {
  const { items } = await call("credits-api/purchases");
  return items[0]?.id;
}

async function tellLater(purchaseId) {
  const purchase = await watch(purchaseId, isDecided, { times: 40, every: 3000 });
  if (isDecided(purchase)) await tell(purchase);
}

async function tell(purchase) {
  await refresh();
  if (!purchase) clearNotice();
  else if (purchase.status === "paid") notify("good", `Paid: ${credits(purchase.credits)} are yours.`);
  else if (purchase.status === "failed") notify("bad", "The payment failed. Nothing was charged.");
  else notify("good", "The bank was asked for the money. Your credits arrive as soon as it is paid.");
}

/** The purchase, asked of Stripe until it is what is waited for or that has taken too long. */
async function watch(purchaseId, isReached, { times, every }) {
  for (let attempt = 0;; attempt++) {
    const purchase = await poll(`credits-api/checkout/${purchaseId}/refresh`, { method: "POST" });
    if (isReached(purchase) || attempt === times) return purchase;
    await pause(every);
  }
}
