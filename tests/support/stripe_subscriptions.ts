import type Stripe from "stripe";
import type { StandInOptions } from "../../local/stripe/mod.ts";
import { type Harness, withStandIn } from "./stripe_stand_in.ts";

/** What a stand-in that sells plans is seeded with; amounts in cents. */
const PRICES = [
  { id: "basic", unit_amount: 1000, currency: "usd", product_name: "Basic", interval: "month" },
  { id: "pro", unit_amount: 3000, currency: "usd", product_name: "Pro", interval: "month" },
  { id: "basic_year", unit_amount: 10_000, currency: "usd", product_name: "Basic", interval: "year" },
] as const;

/** A stand-in that sells plans, whose clock a test moves. */
export interface Plans extends Harness {
  /** Moves the clock to `time`, such as `2027-02-28T12:00Z`, and waits until all that became due was delivered. */
  moveTo(time: string): Promise<void>;
  /** A customer with a card. */
  customer(params?: Stripe.CustomerCreateParams & { declines?: boolean }): Promise<string>;
  /** Subscribes a new customer to `price`, `basic` by default. */
  subscribe(params?: Partial<Stripe.SubscriptionCreateParams>): Promise<Stripe.Subscription>;
  /** Goes to the payment page for a plan, and subscribes there. */
  checkOut(params?: Partial<Stripe.Checkout.SessionCreateParams>): Promise<Stripe.Checkout.Session>;
  /** What of an invoice comes after another, newest first. */
  invoices(subscription: string): Promise<Stripe.Invoice[]>;
  /** The types of the events since the last time that this was asked. */
  news(): string[];
}

/** Runs `test` against a stand-in whose clock begins at `start`. */
export async function withPlans(
  start: string,
  test: (plans: Plans) => Promise<void>,
  options: Partial<StandInOptions> = {},
): Promise<void> {
  const begun = seconds(start);
  await withStandIn(async (harness) => {
    const { stripe, control, received, open, submit, settled } = harness;
    let seen = 0;
    const customer: Plans["customer"] = async ({ declines, ...params } = {}) => {
      const { id } = await stripe.customers.create({ email: "ada@example.com", ...params });
      await control(`/customers/${id}/card`, { declines });
      return id;
    };
    await test({
      ...harness,
      customer,
      moveTo: async (time) => void await control("/clock", { to: seconds(time) }),
      subscribe: async (params = {}) => {
        const items = [{ price: "basic" }];
        const owner = params.customer ?? await customer();
        return await stripe.subscriptions.create({ items, ...params, customer: owner });
      },
      checkOut: async (params = {}) => {
        const line_items = [{ price: "basic", quantity: 1 }];
        const session = await open(0, { mode: "subscription", line_items, ...params });
        await (await submit(session, "paid")).body?.cancel();
        await settled();
        return await stripe.checkout.sessions.retrieve(session.id);
      },
      invoices: async (subscription) => (await stripe.invoices.list({ subscription })).data,
      news: () => received.slice(seen, seen = received.length).map(({ type }) => type),
    });
  }, { now: () => begun, prices: [...PRICES], ...options });
}

/** A time as Stripe has it. */
export function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

/** A time of Stripe's to the minute, as one reads it. */
export function minute(at: number | null | undefined): string {
  return at === null || at === undefined ? "never" : new Date(at * 1000).toISOString().slice(0, 16) + "Z";
}
