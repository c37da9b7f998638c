/** Packs, the way to the payment page and the way back. */
import { call, explain } from "./api.js";
import { refresh } from "./account.js";
import { byId, clearNotice, credits, element, notify, pause } from "./dom.js";

const PENDING = "pending-purchase";

/** Shows what is sold. */
export async function showPacks() {
  const { items } = await call("credits-api/packs");
  byId("packs").replaceChildren(...items.map(packRow));
}

function packRow(pack) {
  const price = new Intl.NumberFormat([], { style: "currency", currency: pack.currency })
    .format(pack.amount_cents / 100);
  const attributes = { type: "button", "aria-label": `Buy ${pack.name} for ${price}` };
  const button = element("button", attributes, price);
  button.addEventListener("click", async () => {
    button.disabled = true;
    await checkOut(pack).catch((error) => {
      button.disabled = false;
      explain(error);
    });
  });
  const name = element("span", {}, element("strong", {}, pack.name), ` ${credits(pack.credits)}`);
  return element("li", {}, name, button);
}

async function checkOut(pack) {
  const body = { pack_id: pack.id, return_to: `${location.origin}/` };
  const { url, purchase_id } = await call("credits-api/checkout", { method: "POST", body });
  sessionStorage.setItem(PENDING, purchase_id);
  location.assign(url);
}

/** After the payment page sent the browser back: says what became of the purchase, and forgets the address's mark. */
export async function welcomeBack() {
  const result = new URLSearchParams(location.search).get("checkout");
  const purchaseId = sessionStorage.getItem(PENDING);
  if (!result) return;
  history.replaceState(null, "", location.pathname);
  sessionStorage.removeItem(PENDING);
  // A link says so as well, whoever wrote it; only the tab that went away to pay knows that it came back.
  if (result !== "success") {
    if (purchaseId) notify("good", "The checkout was cancelled. Nothing was charged.");
    return;
  }
  notify("good", "Thank you! Waiting for the payment to be confirmed …");
  const purchase = await watch(purchaseId, ({ status }) => status !== "open", { times: 10, every: 500 });
  await tell(purchase);
  // A bank may take days, and seconds at best. Nothing on the page waits for it, or fails with it.
  if (purchase && !isDecided(purchase)) tellLater(purchaseId).catch(() => {});
}

const isDecided = ({ status }) => status === "paid" || status === "failed";

async function tellLater(purchaseId) {
  const purchase = await watch(purchaseId, isDecided, { times: 40, every: 3000 });
  if (purchase && isDecided(purchase)) await tell(purchase);
}

async function tell(purchase) {
  await refresh();
  if (!purchase) clearNotice();
  else if (purchase.status === "paid") notify("good", `Paid: ${credits(purchase.credits)} are yours.`);
  else if (purchase.status === "failed") notify("bad", "The payment failed. Nothing was charged.");
  else notify("good", "The bank was asked for the money. Your credits arrive as soon as it is paid.");
}

/** The purchase, once it is what is waited for or that has taken too long. Only the webhook grants credits. */
async function watch(purchaseId, isReached, { times, every }) {
  for (let attempt = 0;; attempt++) {
    const { items } = await call("credits-api/purchases");
    const purchase = items.find(({ id }) => id === purchaseId) ?? items[0];
    if (!purchase || isReached(purchase) || attempt === times) return purchase;
    await pause(every);
  }
}
