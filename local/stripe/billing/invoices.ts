import { newId } from "../ids.ts";
import type { RequestOf } from "../objects/event.ts";
import { buildInvoice, type InvoiceInput } from "../objects/invoice.ts";
import { buildInvoicePayment } from "../objects/invoice_parts.ts";
import { buildPaymentIntent } from "../objects/payment_intent.ts";
import type { Invoice, Subscription } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { attempt, markPaid } from "./collection.ts";
import { couponsOf, discountOn } from "./discounts.ts";
import { turnInvoice } from "./records.ts";

/** What is said of a new invoice beside its subscription. */
export type NewInvoice = Pick<InvoiceInput, "reason" | "period" | "lines" | "finalizesAt">;

/** Makes a draft of an invoice. */
export function draftInvoice(
  standIn: StandIn,
  subscription: Subscription,
  input: NewInvoice,
  request?: RequestOf,
): Invoice {
  const discountable = input.lines.filter((line) => line.discountable).reduce(
    (sum, line) => sum + line.amount,
    0,
  );
  const [coupon] = couponsOf(standIn, subscription);
  const invoice = buildInvoice({
    ...input,
    id: newId("invoice"),
    created: standIn.now(),
    customer: subscription.customer,
    email: standIn.state.customers.get(subscription.customer)?.email ?? null,
    currency: subscription.currency,
    subscription: subscription.id,
    metadata: subscription.metadata,
    discounts: coupon === undefined ? [] : subscription.discounts,
    discounted: coupon === undefined ? 0 : discountOn(coupon, discountable),
  });
  standIn.state.invoices.set(invoice.id, invoice);
  emit(standIn, "invoice.created", invoice, { request });
  return invoice;
}

/**
 * Ends a draft: the customer's credit is used up first, then what is due is asked of the card. What a negative sum gives
 * back becomes credit.
 */
export function finalizeInvoice(
  standIn: StandIn,
  draft: Invoice,
  collect: "at once" | "later" = "at once",
  request?: RequestOf,
): Invoice {
  const customer = standIn.state.customers.get(draft.customer);
  const starting = customer?.balance ?? 0;
  const due = Math.max(0, draft.total + starting);
  const ending = Math.min(0, draft.total + starting);
  const sequence = customer?.next_invoice_sequence ?? 1;
  if (customer) {
    const { id } = customer;
    standIn.state.customers.set(id, { ...customer, balance: ending, next_invoice_sequence: sequence + 1 });
  }
  const now = standIn.now();
  const open = turnInvoice(
    standIn,
    draft,
    {
      amount_due: due,
      amount_remaining: due,
      automatically_finalizes_at: null,
      effective_at: now,
      ending_balance: ending,
      hosted_invoice_url: `${standIn.publicUrl}/invoice/${draft.id}`,
      invoice_pdf: `${standIn.publicUrl}/invoice/${draft.id}`,
      number: `${customer?.invoice_prefix ?? "DELETED"}-${String(sequence).padStart(4, "0")}`,
      starting_balance: starting,
      status: "open",
      status_transitions: { ...draft.status_transitions, finalized_at: now },
    },
    ["invoice.finalized"],
    request,
  );
  if (due === 0) return markPaid(standIn, open, request);
  startPayment(standIn, open, request);
  return collect === "at once" ? attempt(standIn, open, { request }) : open;
}

/** The payment intent that all tries to pay an invoice share; its metadata is empty, as at Stripe. */
function startPayment(standIn: StandIn, invoice: Invoice, request?: RequestOf): void {
  const intent = buildPaymentIntent({
    id: newId("paymentIntent"),
    created: standIn.now(),
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description: invoice.billing_reason === "subscription_create"
      ? "Subscription creation"
      : "Subscription update",
    metadata: {},
    methodTypes: ["card"],
  });
  standIn.state.paymentIntents.set(intent.id, intent);
  const payment = buildInvoicePayment(invoice, intent.id, standIn.now());
  standIn.state.invoicePayments.set(payment.id, payment);
  emit(standIn, "payment_intent.created", intent, { request });
}

/** Takes an open invoice back, or gives it up. */
export function abandonInvoice(
  standIn: StandIn,
  invoice: Invoice,
  status: "void" | "uncollectible",
  request?: RequestOf,
): Invoice {
  const now = standIn.now();
  const isVoid = status === "void";
  const times = isVoid ? { voided_at: now } : { marked_uncollectible_at: now };
  return turnInvoice(
    standIn,
    invoice,
    {
      auto_advance: false,
      next_payment_attempt: null,
      status,
      status_transitions: { ...invoice.status_transitions, ...times },
    },
    [isVoid ? "invoice.voided" : "invoice.marked_uncollectible"],
    request,
  );
}
