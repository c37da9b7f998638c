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

/** Deletes a customer; what they paid stays. */
export function deleteCustomer(standIn: StandIn, customer: Customer, request?: RequestOf): void {
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
  const known = { ...customer, email };
  standIn.state.customers.set(customer.id, known);
  emit(standIn, "customer.updated", known, { previous: { email: null } });
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
