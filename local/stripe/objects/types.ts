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

/** How a buyer pays: at once by card, or by a bank debit that settles later. */
export type PaymentMethodKind = "card" | "bank_debit";

/** Unix seconds, as every time in Stripe's API. */
export type Timestamp = number;
