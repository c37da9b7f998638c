import { updateCustomer } from "../actions/customers.ts";
import { newId } from "../ids.ts";
import type { Card, Customer } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { hasEnded, updateSubscription } from "./records.ts";

/** The numbers of Stripe's test cards that pay, and that can be saved and then never pay. */
const LAST4 = { pays: "4242", declines: "0341" };

/** Saves a new card of a customer. */
export function saveCard(standIn: StandIn, customer: string, declines = false): Card {
  const card = {
    id: newId("paymentMethod"),
    customer,
    last4: declines ? LAST4.declines : LAST4.pays,
    declines,
  };
  standIn.state.cards.set(card.id, card);
  standIn.changed();
  return card;
}

/** Has a new card pay whatever a customer subscribes to from now on, as the billing portal does. */
export function replaceCard(standIn: StandIn, customer: Customer, declines: boolean): Card {
  const card = saveCard(standIn, customer.id, declines);
  const invoice_settings = { ...customer.invoice_settings, default_payment_method: card.id };
  updateCustomer(standIn, customer, { invoice_settings });
  for (const subscription of standIn.state.subscriptions.values()) {
    if (subscription.customer !== customer.id || hasEnded(subscription)) continue;
    updateSubscription(standIn, subscription, { default_payment_method: card.id });
  }
  return card;
}
