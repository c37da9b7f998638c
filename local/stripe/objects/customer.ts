import { randomToken } from "../ids.ts";
import type { Customer, PortalSession, Timestamp } from "./types.ts";

/** What a customer is made of. */
export interface CustomerInput {
  id: string;
  created: Timestamp;
  email: string | null;
  name: string | null;
  metadata: Record<string, string>;
  /** What the customer owes, in the smallest unit; below zero it is credit. */
  balance?: number;
}

/** A full customer. */
export function buildCustomer({ id, created, email, name, metadata, balance = 0 }: CustomerInput): Customer {
  return {
    id,
    object: "customer",
    address: null,
    balance,
    created,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email,
    invoice_prefix: randomToken(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata,
    name,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
}

/** A full session of the billing portal, behind whose `url` is a page for `customer` alone. */
export function buildPortalSession(
  { id, created, customer, returnUrl, url }: {
    id: string;
    created: Timestamp;
    customer: string;
    returnUrl: string | null;
    url: string;
  },
): PortalSession {
  return {
    id,
    object: "billing_portal.session",
    configuration: "bpc_standin",
    created,
    customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl,
    url,
  };
}
