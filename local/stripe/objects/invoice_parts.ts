import type Stripe from "stripe";
import { newId } from "../ids.ts";
import type { Period } from "./subscription.ts";
import type { Invoice, InvoiceLine, InvoicePayment, Price, Timestamp } from "./types.ts";

/** A full line: what `item` of a subscription costs for `period`, or gives back for the rest of it. */
export function buildInvoiceLine(
  { amount, description, period, price, proration, quantity, subscription, item }: {
    amount: number;
    description: string;
    period: Period;
    price: Pick<Price, "id" | "product" | "unit_amount_decimal">;
    proration: boolean;
    quantity: number;
    subscription: string;
    item: string;
  },
  currency: string,
): InvoiceLine {
  return {
    id: newId("invoiceLine"),
    object: "line_item",
    amount,
    currency,
    description,
    discount_amounts: [],
    discountable: !proration,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration,
        proration_details: { credited_items: null },
        subscription,
        subscription_item: item,
      },
      type: "subscription_item_details",
    },
    period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: "price_details",
      unit_amount_decimal: price.unit_amount_decimal as unknown as Stripe.Decimal,
    },
    quantity,
    quantity_decimal: null,
    subscription,
    subtotal: amount,
    taxes: [],
  };
}

/** A full tie between an invoice and the payment intent that is to pay it. */
export function buildInvoicePayment(invoice: Invoice, intent: string, created: Timestamp): InvoicePayment {
  return {
    id: newId("invoicePayment"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
}
