/** Ways to pages of Stripe's, and what is remembered until the browser comes back. */
import { explain } from "./api.js";

/** Where in the session's storage it stands what one went away to pay: a purchase's id, or {@link SUBSCRIBING}. */
export const PENDING = "pending-purchase";
export const SUBSCRIBING = "subscription";
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
