import type {
  BalanceTransaction,
  Card,
  Charge,
  CheckoutSession,
  Coupon,
  Customer,
  Discount,
  Dispute,
  Invoice,
  InvoiceLine,
  InvoicePayment,
  LineItem,
  PaymentIntent,
  PortalSession,
  Price,
  Product,
  Refund,
  Subscription,
  Timestamp,
} from "./objects/types.ts";
import type { EventType } from "./objects/event.ts";
import type { SubscriptionInput } from "./objects/subscription.ts";

/** A trial of so many days, or until a moment; none when both are absent. */
export interface Trial {
  days?: number;
  end?: Timestamp;
}

/** What a session's maker asked of its subscription. */
export interface SubscriptionData
  extends Pick<SubscriptionInput, "description" | "metadata" | "withoutCard"> {
  trial: Trial;
  coupon: string | null;
  /** Whether a card is saved even where nothing is due yet. */
  cardCollection: "always" | "if_required";
  /** Whether the last card was declined. */
  isDeclined: boolean;
}

/** One try to hand an event to the webhook. `status` is null when no answer came back. */
export interface DeliveryAttempt {
  at: Timestamp;
  status: number | null;
  response: string;
  error: string | null;
}

/**
 * An event with what became of it. `payload` is the exact text that every delivery sends, so that a receiver
 * sees the same bytes again. `unsubscribed` events exist but are sent to nobody.
 */
export interface EventRecord {
  id: string;
  type: EventType;
  created: Timestamp;
  payload: string;
  delivery: "unsubscribed" | "pending" | "delivered" | "failed" | "dropped";
  attempts: DeliveryAttempt[];
}

/** An answer kept under its `Idempotency-Key`. */
export interface SavedResponse {
  key: string;
  created: Timestamp;
  path: string;
  body: string;
  requestId: string;
  status: number;
  response: string;
}

/** Everything the stand-in knows, in the order in which it was made. */
export interface State {
  products: Map<string, Product>;
  prices: Map<string, Price>;
  customers: Map<string, Customer>;
  portalSessions: Map<string, PortalSession>;
  sessions: Map<string, CheckoutSession>;
  /** Keyed by session, as Stripe has no list of all line items either. */
  lineItems: Map<string, LineItem[]>;
  /** What the session's maker asked to be put on its payment intent, keyed by session. */
  paymentData: Map<string, { description: string | null; metadata: Record<string, string> }>;
  /** What a session is to make a subscription of, keyed by session. */
  subscriptionData: Map<string, SubscriptionData>;
  cards: Map<string, Card>;
  coupons: Map<string, Coupon>;
  discounts: Map<string, Discount>;
  subscriptions: Map<string, Subscription>;
  /** Lines that wait for the next invoice of a subscription, keyed by it. */
  pendingLines: Map<string, InvoiceLine[]>;
  /** The price that a subscription has from its next period on, keyed by it. */
  scheduled: Map<string, string>;
  /** Which end of a trial was announced, keyed by subscription. */
  trialsTold: Map<string, Timestamp>;
  invoices: Map<string, Invoice>;
  invoicePayments: Map<string, InvoicePayment>;
  /** By how many seconds the clock was moved on, as `moved`. */
  clock: Map<string, number>;
  paymentIntents: Map<string, PaymentIntent>;
  charges: Map<string, Charge>;
  refunds: Map<string, Refund>;
  disputes: Map<string, Dispute>;
  balanceTransactions: Map<string, BalanceTransaction>;
  events: Map<string, EventRecord>;
  idempotency: Map<string, SavedResponse>;
}

/** A state that knows nothing yet. */
export function emptyState(): State {
  return {
    products: new Map(),
    prices: new Map(),
    customers: new Map(),
    portalSessions: new Map(),
    sessions: new Map(),
    lineItems: new Map(),
    paymentData: new Map(),
    subscriptionData: new Map(),
    cards: new Map(),
    coupons: new Map(),
    discounts: new Map(),
    subscriptions: new Map(),
    pendingLines: new Map(),
    scheduled: new Map(),
    trialsTold: new Map(),
    invoices: new Map(),
    invoicePayments: new Map(),
    clock: new Map(),
    paymentIntents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    balanceTransactions: new Map(),
    events: new Map(),
    idempotency: new Map(),
  };
}
