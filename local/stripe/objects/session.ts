import { DISABLED, NULLS } from "./session_defaults.ts";
import type { CheckoutSession, Timestamp } from "./types.ts";

/** What an open session is made of; amounts in the currency's smallest unit. */
export interface SessionInput {
  id: string;
  created: Timestamp;
  expiresAt: Timestamp;
  amountTotal: number;
  /** What was taken off the sum before. */
  amountDiscount?: number;
  currency: string;
  mode?: "payment" | "subscription";
  url: string;
  successUrl: string;
  cancelUrl: string | null;
  clientReferenceId: string | null;
  customer: string | null;
  customerEmail: string | null;
  metadata: Record<string, string>;
  /** Parameters of the request that only come back as they were given. */
  echoed?: Partial<
    Pick<
      CheckoutSession,
      | "allow_promotion_codes"
      | "billing_address_collection"
      | "customer_creation"
      | "locale"
      | "origin_context"
      | "payment_method_collection"
      | "payment_method_types"
      | "submit_type"
    >
  >;
  /** What can be switched on, with no more to it than that. */
  toggles?: Partial<Record<Toggle, { enabled: boolean }>>;
}

type Toggle = keyof typeof DISABLED | "tax_id_collection";

/** A full Checkout session, open and unpaid. */
export function buildSession(input: SessionInput): CheckoutSession {
  return structuredClone({
    ...NULLS,
    ...DISABLED,
    id: input.id,
    object: "checkout.session",
    amount_subtotal: input.amountTotal + (input.amountDiscount ?? 0),
    amount_total: input.amountTotal,
    cancel_url: input.cancelUrl,
    client_reference_id: input.clientReferenceId,
    created: input.created,
    currency: input.currency,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: input.customer,
    customer_creation: input.customer === null ? "if_required" : null,
    customer_email: input.customerEmail,
    expires_at: input.expiresAt,
    livemode: false,
    metadata: input.metadata,
    mode: input.mode ?? "payment",
    payment_method_collection: input.mode === "subscription" ? "always" : "if_required",
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: "unpaid",
    shipping_options: [],
    status: "open",
    success_url: input.successUrl,
    total_details: { amount_discount: input.amountDiscount ?? 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: input.url,
    wallet_options: null,
    ...input.echoed,
    ...switched(input.toggles),
  });
}

function switched(toggles: SessionInput["toggles"] = {}): Partial<CheckoutSession> {
  const known: Record<string, object> = DISABLED;
  return Object.fromEntries(
    Object.entries(toggles).map(([name, { enabled }]) => [name, { ...known[name], enabled }]),
  );
}

/** What a session becomes when the buyer has gone through the page: Stripe drops its `url` then. */
export function completeSession(
  session: CheckoutSession,
  paymentIntent: string | null,
  paid: boolean,
  email: string | null,
): CheckoutSession {
  return {
    ...session,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    customer_details: {
      address: { city: null, country: "US", line1: null, line2: null, postal_code: "12345", state: null },
      business_name: null,
      email: session.customer_email ?? email,
      individual_name: null,
      name: "Test Buyer",
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    payment_intent: paymentIntent,
    payment_status: paid ? "paid" : "unpaid",
    status: "complete",
    url: null,
  };
}
