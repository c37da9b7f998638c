/**
 * What may happen to a subscriber, as steps: what Stripe says, in which order and how often, and what the user does.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Contract } from "./contract.ts";
import * as stripe from "./events.ts";
import type { Paid } from "./grants.ts";

/** Something that happens: to the database, and to the contract. */
export interface Step {
  at: number;
  sql: string;
  apply(contract: Contract, now: number): void;
}

/** Plans by name, in hundredths of a credit: what they grant, and how much of it rolls over. */
export const PLANS = {
  small: { credits: 1000, cap: 0 },
  large: { credits: 3000, cap: 700 },
} as const;
/** One of them. */
export type Plan = keyof typeof PLANS;

/** Steps of the user, whose customer at Stripe is `customer`. The same seed gives the same. */
export class Script {
  readonly steps: Step[] = [];
  readonly #random;
  readonly #shape: stripe.Shape;
  #invoices = 0;

  constructor(readonly user: string, readonly customer: string, seed: number) {
    this.#random = xoroshiro128plus(seed);
    this.#shape = this.chance(50) ? "before" : "since";
  }

  /** What Stripe says of a paid invoice, in any order, each of it once or twice. */
  protected tell(
    at: number,
    plan: Plan,
    paid: Paid,
    reason: string,
    more: { amount?: number; credited?: boolean } = {},
  ): void {
    const about = { shape: this.#shape, customer: this.customer, price: this.price(plan, paid) };
    const isOld = this.#shape === "before";
    const said = stripe.invoice(paid, { ...about, amount: 1000, reason, ...more });
    const news = [
      this.event("invoice.paid", said, at, (contract, now) => {
        if (isOld) contract.link(paid.id, now);
        contract.pay(paid, now);
      }),
      this.event(
        "customer.subscription.updated",
        stripe.subscription(paid, { ...about, status: paid.kind === "trial" ? "trialing" : "active" }),
        at,
        (contract, now) => {
          contract.stand(paid.subscription, "active", now);
        },
      ),
      ...(isOld
        ? []
        : [this.event("invoice_payment.paid", stripe.invoicePayment(paid), at, (contract, now) =>
          contract.link(paid.id, now))]),
    ];
    for (let left = news.length; left > 0; left--) {
      const [one] = news.splice(this.int(0, left - 1), 1);
      this.steps.push(one, ...(this.chance(30) ? [one] : []));
      if (this.chance(10) && left > 1) news.push(one), left++;
    }
  }

  protected stand(at: number, plan: Plan, paid: Paid, status: string): void {
    const about = { shape: this.#shape, customer: this.customer, price: this.price(plan, paid), status };
    const apply = (contract: Contract, now: number) => contract.stand(paid.subscription, status, now);
    this.steps.push(
      this.event("customer.subscription.updated", stripe.subscription(paid, about), at, apply),
    );
  }

  protected moneyBack(at: number, paid: Paid, cents: number): void {
    const apply = (contract: Contract, now: number) => contract.back(paid.id, cents, now);
    this.steps.push(this.event("refund.created", stripe.refund(paid, cents), at, apply));
  }

  protected dispute(at: number, paid: Paid): void {
    const lost = this.chance(50);
    const said = (type: string, status: string, when: number, cents: number) =>
      this.event(
        type,
        stripe.dispute(paid, status),
        when,
        (contract, now) => contract.back(paid.id, cents, now),
      );
    this.steps.push(said("charge.dispute.created", "needs_response", at, paid.total));
    this.steps.push(said("charge.dispute.closed", lost ? "lost" : "won", at + 1000, lost ? paid.total : 0));
  }

  protected paid(
    plan: Plan,
    anchor: number,
    start: number,
    end: number,
    subscription: string,
    more: Partial<Paid> = {},
  ): Paid {
    const { credits: size, cap } = PLANS[plan];
    const id = `in_${this.customer}_${++this.#invoices}`;
    return { id, subscription, anchor, start, end, kind: "full", size, times: 1, cap, total: 1000, ...more };
  }

  protected price(plan: Plan, { times }: Paid): string {
    return `${plan}_${times === 1 ? "month" : "year"}`;
  }

  protected event(type: string, object: Record<string, unknown>, at: number, apply: Step["apply"]): Step {
    return { at, sql: stripe.event(type, object, at), apply };
  }

  protected int(least: number, most: number): number {
    return uniformInt(this.#random, least, most);
  }

  protected chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }
}
