/**
 * What Stripe says of a subscriber, in which order and how often.
 *
 * @module
 */
import type { Contract } from "./contract.ts";
import * as stripe from "./events.ts";
import type { Paid } from "./grants.ts";
import { Script } from "./script.ts";
import type { Said } from "./told.ts";

/** Plans by name, in hundredths of a credit: what they grant, and how much of it rolls over. */
export const PLANS = {
  small: { credits: 1000, cap: 0 },
  large: { credits: 3000, cap: 700 },
} as const;
/** One of them. */
export type Plan = keyof typeof PLANS;

/** How something is told, where it differs. */
interface Telling {
  amount?: number;
  credited?: boolean;
  isLost?: boolean;
  /** When it arrives, where that is later than it is said. */
  arrives?: number;
}

/** Steps that Stripe's events are. */
export class News extends Script {
  #invoices = 0;

  /** What Stripe says of a paid invoice, in any order, each of it once or twice, or to nobody. */
  protected tell(at: number, plan: Plan, paid: Paid, reason: string, telling: Telling = {}): void {
    const about = { shape: this.shape, customer: this.customer, price: this.price(plan, paid) };
    const invoice = { ...about, amount: 1000, reason, ...telling };
    const isOld = this.shape === "before";
    const status = paid.kind === "trial" ? "trialing" : "active";
    const said = [
      this.say("invoice.paid", stripe.invoice(paid, invoice), at, {
        isLost: telling.isLost,
        object: stripe.listedInvoice(paid, invoice, at),
        apply: (contract, now) => {
          if (isOld) contract.link(paid.id, now);
          contract.pay(paid, now);
        },
        applyObject: (contract, now) => {
          contract.link(paid.id, now);
          contract.pay(paid, now);
        },
      }),
      this.stands(at, plan, paid, status, telling.isLost),
      ...(isOld ? [] : [this.say("invoice_payment.paid", stripe.invoicePayment(paid), at, {
        isLost: telling.isLost,
        apply: (contract, now) => contract.link(paid.id, now),
      })]),
    ];
    for (let left = said.length; left > 0; left--) {
      const [one] = said.splice(this.int(0, left - 1), 1);
      this.deliver(one, telling.arrives);
      if (this.chance(30)) this.deliver(one, telling.arrives);
      if (this.chance(10) && left > 1) said.push(one), left++;
    }
  }

  protected stand(at: number, plan: Plan, paid: Paid, status: string, isLost = false): void {
    this.count(status);
    this.deliver(this.stands(at, plan, paid, status, isLost));
  }

  private stands(at: number, plan: Plan, paid: Paid, status: string, isLost?: boolean): Said {
    const about = { customer: this.customer, price: this.price(plan, paid), status };
    const standing = status === "trialing" ? "active" : status;
    const applyObject = (contract: Contract, now: number, saidAt: number) =>
      contract.stand(paid.subscription, standing, now, saidAt);
    return this.say(
      "customer.subscription.updated",
      stripe.subscription(paid, { ...about, shape: this.shape }),
      at,
      {
        isLost,
        object: stripe.subscription(paid, { ...about, shape: "since" }),
        apply: (contract, now) => applyObject(contract, now, stripe.seconds(at)),
        applyObject,
      },
    );
  }

  /** So much of an invoice's money goes back. */
  protected moneyBack(
    at: number,
    paid: Paid,
    cents: number,
    { kind = cents === paid.total ? "refund" : "partial refund", isLost = false } = {},
  ): void {
    this.count(kind);
    const apply = (contract: Contract, now: number) => contract.back(paid.id, cents, now);
    this.deliver(this.say("refund.created", stripe.refund(paid, cents), at, { isLost, apply }));
  }

  protected dispute(at: number, paid: Paid): void {
    const lost = this.chance(50);
    this.count(lost ? "dispute lost" : "dispute won");
    const say = (type: string, status: string, when: number, cents: number) => {
      const apply = (contract: Contract, now: number) => contract.back(paid.id, cents, now);
      this.deliver(this.say(type, stripe.dispute(paid, status), when, { apply }));
    };
    say("charge.dispute.created", "needs_response", at, paid.total);
    say("charge.dispute.closed", lost ? "lost" : "won", at + 1000, lost ? paid.total : 0);
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
}
