import { cancelSubscription } from "../billing/ends.ts";
import { hasEnded } from "../billing/records.ts";
import { resourceMissing } from "../errors.ts";
import { newId } from "../ids.ts";
import { buildCustomer, buildPortalSession, type CustomerInput } from "../objects/customer.ts";
import type { RequestOf } from "../objects/event.ts";
import type { Customer, PortalSession } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";

/** Makes a customer. */
export function createCustomer(
  standIn: StandIn,
  input: Omit<CustomerInput, "id" | "created">,
  request?: RequestOf,
): Customer {
  const customer = buildCustomer({ ...input, id: newId("customer"), created: standIn.now() });
  standIn.state.customers.set(customer.id, customer);
  emit(standIn, "customer.created", customer, { request });
  return customer;
}

/** The customer with this id; one that was deleted is missing, as at Stripe. */
export function findCustomer(standIn: StandIn, id: string, param?: string): Customer {
  const customer = standIn.state.customers.get(id);
  if (customer === undefined) {
    throw resourceMissing("customer", id, param ?? "id", param === undefined ? 404 : 400);
  }
  return customer;
}

/** Changes what is given of a customer. */
export function updateCustomer(
  standIn: StandIn,
  customer: Customer,
  changes: Partial<Customer>,
  request?: RequestOf,
): Customer {
  const changed = { ...customer, ...changes };
  standIn.state.customers.set(customer.id, changed);
  const previous = Object.fromEntries(
    Object.keys(changes).map((name) => [name, customer[name as keyof Customer]]),
  );
  emit(standIn, "customer.updated", changed, { previous, request });
  return changed;
}

/** Deletes a customer, which ends their subscriptions at once; what they paid stays. */
export function deleteCustomer(standIn: StandIn, customer: Customer, request?: RequestOf): void {
  for (const subscription of standIn.state.subscriptions.values()) {
    if (subscription.customer !== customer.id || hasEnded(subscription)) continue;
    cancelSubscription(standIn, subscription, request);
  }
  standIn.state.customers.delete(customer.id);
  for (const [id, { customer: owner }] of standIn.state.portalSessions) {
    if (owner === customer.id) standIn.state.portalSessions.delete(id);
  }
  emit(standIn, "customer.deleted", customer, { request });
}

/** Checkout gives a customer who has no e-mail the one that was typed on its page. */
export function rememberEmail(standIn: StandIn, id: string | null, email: string | null): void {
  const customer = standIn.state.customers.get(id ?? "");
  if (customer === undefined || customer.email !== null || email === null) return;
  updateCustomer(standIn, customer, { email });
}

/** Opens the billing portal. */
export function openPortal(standIn: StandIn, customer: Customer, returnUrl: string | null): PortalSession {
  const id = newId("portalSession");
  const url = `${standIn.publicUrl}/portal/${id}`;
  const session = buildPortalSession({ id, created: standIn.now(), customer: customer.id, returnUrl, url });
  standIn.state.portalSessions.set(id, session);
  standIn.changed();
  return session;
}
