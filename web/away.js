/** Ways to pages of Stripe's, and what is remembered until the browser comes back. */
import { call, explain } from "./api.js";

/** Where in the session's storage it stands what one went away to pay: a purchase's id, or {@link SUBSCRIBING}. */
export const PENDING = "pending-purchase";
export const SUBSCRIBING = "subscription";
/** Whether one went away to the portal. */
const IN_PORTAL = "in-portal";
/** Where a payment page or the portal leads back to. */
export const HERE = `${location.origin}/`;

/** Has a click on `button` open the page whose `url` is in what `ask` gives. */
export function leadsAway(button, ask) {
  button.addEventListener("click", async () => {
    button.disabled = button.dataset.leaving = true;
    try {
      location.assign((await ask()).url);
    } catch (error) {
      stay(button);
      explain(error);
    }
  });
}

/** Has a click on `button` open the billing portal. */
export function leadsToPortal(button) {
  leadsAway(button, () => {
    sessionStorage.setItem(IN_PORTAL, "yes");
    return call("credits-api/portal", { method: "POST", body: { return_to: HERE } });
  });
}

/** Whether the browser comes from the portal; asked for once. */
export function comesFromPortal() {
  const comes = sessionStorage.getItem(IN_PORTAL) !== null;
  sessionStorage.removeItem(IN_PORTAL);
  return comes;
}

/** Makes the buttons work again that led away, once somebody comes back: a browser shows the page as it was left. */
export function setUpComingBack() {
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) document.querySelectorAll("[data-leaving]").forEach(stay);
  });
}

function stay(button) {
  button.disabled = false;
  delete button.dataset.leaving;
}
