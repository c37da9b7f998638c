import type Stripe from "stripe";

/**
 * The SDK's types also allow expanded objects and its own `Decimal`; what is stored and sent here is JSON
 * with plain ids, and these narrow the SDK's types to that without loosening any of them.
 */
export type Product = Stripe.Product;
export type Price = Omit<Stripe.Price, "product" | "unit_amount" | "unit_amount_decimal"> & {
  product: string;
  unit_amount: number;
  unit_amount_decimal: string;
};
export type LineItem = Omit<Stripe.LineItem, "price"> & { price: Price; quantity: number };
export type CheckoutSession = Stripe.Checkout.Session & {
  amount_subtotal: number;
  amount_total: number;
  currency: string;
  customer: string | null;
  payment_intent: string | null;
};
export type Customer = Stripe.Customer;
export type PortalSession = Stripe.BillingPortal.Session;
export type PaymentIntent = Stripe.PaymentIntent & { customer: string | null; latest_charge: string | null };
export type BalanceTransaction = Stripe.BalanceTransaction & { source: string };
export type Charge = Stripe.Charge & {
  balance_transaction: string | null;
  customer: string | null;
  payment_intent: string;
  payment_method_details: Stripe.Charge.PaymentMethodDetails;
};
export type Refund = Stripe.Refund & {
  balance_transaction: string | null;
  charge: string;
  payment_intent: string;
  status: RefundStatus;
};
export type RefundStatus = "pending" | "requires_action" | "succeeded" | "failed" | "canceled";
export type Dispute = Stripe.Dispute & {
  balance_transactions: BalanceTransaction[];
  charge: string;
  payment_intent: string;
};

/** A price that is paid again and again. */
export type RecurringPrice = Price & { recurring: Stripe.Price.Recurring };
export type Coupon = Stripe.Coupon;
export type Discount = Stripe.Discount & { source: { coupon: string } };
export type SubscriptionItem = Stripe.SubscriptionItem & { quantity: number };
export type Subscription = Omit<Stripe.Subscription, "discounts" | "items"> & {
  customer: string;
  default_payment_method: string | null;
  discounts: string[];
  items: Stripe.ApiList<SubscriptionItem>;
  latest_invoice: string | null;
};
export type InvoiceLine = Stripe.InvoiceLineItem & { invoice: string | null; subscription: string };
export type Invoice = Omit<Stripe.Invoice, "discounts" | "lines" | "parent"> & {
  customer: string;
  discounts: string[];
  lines: Stripe.ApiList<InvoiceLine>;
  parent: Stripe.Invoice.Parent & {
    subscription_details: Stripe.Invoice.Parent.SubscriptionDetails & { subscription: string };
  };
  status: "draft" | "open" | "paid" | "uncollectible" | "void";
};
export type InvoicePayment = Stripe.InvoicePayment & {
  invoice: string;
  payment: { payment_intent: string; type: "payment_intent" };
};

/** A card that was saved; the SDK's whole `PaymentMethod` is more than anybody here asks for. */
export interface Card {
  id: string;
  customer: string;
  last4: string;
  /** Whether the bank refuses each charge, as `pm_card_chargeCustomerFail` does in Stripe's test mode. */
  declines: boolean;
}

/** How a buyer pays: at once by card, or by a bank debit that settles later. */
export type PaymentMethodKind = "card" | "bank_debit";

/** Unix seconds, as every time in Stripe's API. */
export type Timestamp = number;
