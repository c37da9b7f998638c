/**
 * Three years of a subscriber at random: what Stripe says, in which order and how often, and what the user does meanwhile.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Contract, monthsAfter, type Paid } from "./contract.ts";
import * as stripe from "./events.ts";

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const YEARS = 3;

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
type Plan = keyof typeof PLANS;

/** Beginnings that months are hard to count from, beside any other. */
const STARTS = ["2027-01-31T12:00Z", "2028-02-29T23:30Z", "2027-12-31T00:00Z", "2027-03-30T05:15Z"];

/** A life of the user, whose customer at Stripe is `customer`. The same seed is the same life. */
export class Life {
  readonly steps: Step[] = [];
  readonly monthEnds: number[] = [];
  readonly #random;
  readonly #shape: stripe.Shape;
  #invoices = 0;
  #jobs = 0;

  constructor(readonly user: string, readonly customer: string, seed: number) {
    this.#random = xoroshiro128plus(seed);
    this.#shape = this.#chance(50) ? "before" : "since";
    const start = this.#chance(50)
      ? Date.parse(STARTS[this.#int(0, STARTS.length - 1)])
      : Date.UTC(2027, 0, 1) + this.#int(0, 365 * 24) * HOUR;
    const end = monthsAfter(start, 12 * YEARS);
    if (this.#chance(40)) this.#years(start, end);
    else this.#months(start, end);
    if (this.#chance(15)) this.#secondTab(start);
    for (let month = 0; month < 12 * YEARS; month++) this.#spendAMonth(monthsAfter(start, month));
    this.steps.sort((a, b) => a.at - b.at);
  }

  #months(begin: number, end: number): void {
    let plan: Plan = this.#chance(50) ? "small" : "large";
    let anchor = begin;
    const id = `sub_${this.customer}`;
    if (this.#chance(25)) {
      anchor += 14 * DAY;
      const trial = this.#paid(plan, begin, begin, anchor, id, {
        kind: "trial",
        size: 300,
        cap: 0,
        total: 0,
      });
      this.#tell(begin + HOUR, plan, trial, "subscription_create", { amount: 0 });
    }
    const last = this.#chance(25) ? this.#int(2, 30) : Infinity;
    for (let month = 0, n = 0; month < 12 * YEARS && anchor < end; month++, n++) {
      const start = monthsAfter(anchor, n);
      const paid = this.#paid(plan, anchor, start, monthsAfter(anchor, n + 1), id);
      this.#renew(plan, paid, month === 0 ? "subscription_create" : "subscription_cycle");
      if (month === last) return this.#stand(start + 9 * DAY, plan, paid, "canceled");
      if (this.#chance(6)) {
        // Up, down and up again, paid for in full, or with what was unused credited.
        const credited = this.#chance(50);
        for (const [day, to] of [[12, "large"], [13, "small"], [14, "large"]] as const) {
          anchor = start + day * DAY;
          const kind = credited ? "difference" : "full";
          const change = this.#paid(to, anchor, anchor, monthsAfter(anchor, 1), id, { kind });
          this.#tell(anchor + HOUR, to, change, "subscription_update", { credited });
        }
        [plan, n] = ["large", 0];
      }
    }
  }

  #years(anchor: number, _end: number): void {
    const plan: Plan = this.#chance(50) ? "small" : "large";
    for (let year = 0; year < YEARS; year++) {
      const start = monthsAfter(anchor, 12 * year);
      const end = monthsAfter(anchor, 12 * year + 12);
      const paid = this.#paid(plan, anchor, start, end, `sub_${this.customer}`, { times: 12, total: 12_000 });
      this.#renew(plan, paid, year === 0 ? "subscription_create" : "subscription_cycle");
      if (this.#chance(20)) {
        const from = start + this.#int(30, 200) * DAY;
        this.#stand(from, plan, paid, this.#chance(50) ? "paused" : "unpaid");
        this.#stand(from + this.#int(5, 60) * DAY, plan, paid, "active");
      }
      if (this.#chance(10)) return this.#stand(start + this.#int(60, 300) * DAY, plan, paid, "canceled");
    }
  }

  /** A second subscription, whose money goes back two days later. */
  #secondTab(at: number): void {
    const paid = this.#paid("small", at, at, monthsAfter(at, 1), `sub_${this.customer}_2`);
    this.#tell(at + 2 * HOUR, "small", paid, "subscription_create");
    this.#stand(at + 2 * DAY, "small", paid, "canceled");
    this.#moneyBack(at + 2 * DAY, paid, paid.total);
  }

  /** A period's invoice is paid: an hour after it began, late, much later, or too late; and sometimes it goes back. */
  #renew(plan: Plan, paid: Paid, reason: string): void {
    let at = paid.start + HOUR + this.#int(0, 3 * HOUR);
    if (this.#chance(10)) {
      this.#stand(at, plan, paid, "past_due");
      at += (this.#chance(70) ? this.#int(1, 14) : this.#int(32, 40)) * DAY;
    } else if (this.#chance(10)) {
      // Nothing was delivered: the reconciler finds it.
      at += this.#int(6, 60) * HOUR;
    }
    // Before it, the refund that was made at the same moment may arrive.
    const isSplit = this.#chance(4);
    if (isSplit) this.#moneyBack(at, paid, paid.total / 4);
    this.#tell(at, plan, paid, reason);
    if (!isSplit && this.#chance(5)) {
      this.#moneyBack(at + this.#int(1, 50) * DAY, paid, paid.total / (this.#chance(50) ? 1 : 2));
    } else if (!isSplit && this.#chance(4)) this.#dispute(at + this.#int(1, 50) * DAY, paid);
  }

  /** What Stripe says of a paid invoice, in any order, each of it once or twice. */
  #tell(
    at: number,
    plan: Plan,
    paid: Paid,
    reason: string,
    more: { amount?: number; credited?: boolean } = {},
  ): void {
    const about = { shape: this.#shape, customer: this.customer, price: this.#price(plan, paid) };
    const isOld = this.#shape === "before";
    const said = stripe.invoice(paid, { ...about, amount: 1000, reason, ...more });
    const news = [
      this.#event("invoice.paid", said, at, (contract, now) => {
        if (isOld) contract.link(paid.id, now);
        contract.pay(paid, now);
      }),
      this.#event(
        "customer.subscription.updated",
        stripe.subscription(paid, { ...about, status: paid.kind === "trial" ? "trialing" : "active" }),
        at,
        (contract, now) => {
          contract.stand(paid.subscription, "active", now);
        },
      ),
      ...(isOld
        ? []
        : [this.#event("invoice_payment.paid", stripe.invoicePayment(paid), at, (contract, now) =>
          contract.link(paid.id, now))]),
    ];
    for (let left = news.length; left > 0; left--) {
      const [one] = news.splice(this.#int(0, left - 1), 1);
      this.steps.push(one, ...(this.#chance(30) ? [one] : []));
      if (this.#chance(10) && left > 1) news.push(one), left++;
    }
  }

  #stand(at: number, plan: Plan, paid: Paid, status: string): void {
    const about = { shape: this.#shape, customer: this.customer, price: this.#price(plan, paid), status };
    const apply = (contract: Contract, now: number) => contract.stand(paid.subscription, status, now);
    this.steps.push(
      this.#event("customer.subscription.updated", stripe.subscription(paid, about), at, apply),
    );
  }

  #moneyBack(at: number, paid: Paid, cents: number): void {
    const apply = (contract: Contract, now: number) => contract.back(paid.id, cents, now);
    this.steps.push(this.#event("refund.created", stripe.refund(paid, cents), at, apply));
  }

  #dispute(at: number, paid: Paid): void {
    const lost = this.#chance(50);
    const said = (type: string, status: string, when: number, cents: number) =>
      this.#event(
        type,
        stripe.dispute(paid, status),
        when,
        (contract, now) => contract.back(paid.id, cents, now),
      );
    this.steps.push(said("charge.dispute.created", "needs_response", at, paid.total));
    this.steps.push(said("charge.dispute.closed", lost ? "lost" : "won", at + 1000, lost ? paid.total : 0));
  }

  #spendAMonth(start: number): void {
    this.monthEnds.push(start);
    if (this.#chance(10)) this.#buy(start + this.#int(0, 25) * DAY + 7, this.#int(1, 40) * 50);
    for (let n = this.#int(0, 3); n > 0; n--) {
      const at = start + this.#int(0, 26 * 24) * HOUR + 13 * 60_000;
      this.#spend(at, this.#int(1, 600), at + 1000, true);
    }
    // Held while one period ends and the next begins.
    if (this.#chance(30)) {
      this.#spend(start - 40 * 60_000, this.#int(1, 900), start + 5 * HOUR, this.#chance(50));
    }
    // The sweep runs now and then; whoever needs what is due does not wait for it.
    for (const day of [0.01, 4, 11, 23]) {
      this.steps.push({
        at: start + day * DAY + 11,
        sql: "select public.grant_plan_credits()",
        apply: (contract, now) => contract.drip(now),
      });
    }
  }

  #buy(at: number, amount: number): void {
    const sql = `select outcome from public.grant_credits('${this.user}', ${
      amount / 100
    }, 'migration', 'bought ${at}')`;
    this.steps.push({ at, sql, apply: (contract, now) => contract.buy(amount, now) });
  }

  #spend(at: number, amount: number, settled: number, isSpent: boolean): void {
    const job = `${this.user.slice(0, 24)}${String(++this.#jobs).padStart(12, "0")}`;
    const who = `'${this.user}', '${job}'`;
    this.steps.push({
      at,
      sql: `select outcome from public.reserve_credits(${who}, ${
        amount / 100
      }, 'test', null, '{}', '24 hours')`,
      apply: (contract, now) => contract.reserve(job, amount, now),
    }, {
      at: settled,
      sql: `select outcome from public.${
        isSpent ? `confirm_credits(${who})` : `release_credits(${who}, 'x')`
      }`,
      apply: (contract, now) => contract.settle(job, isSpent, now),
    });
  }

  #paid(
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

  #price(plan: Plan, { times }: Paid): string {
    return `${plan}_${times === 1 ? "month" : "year"}`;
  }

  #event(type: string, object: Record<string, unknown>, at: number, apply: Step["apply"]): Step {
    return { at, sql: stripe.event(type, object, at), apply };
  }

  #int(least: number, most: number): number {
    return uniformInt(this.#random, least, most);
  }

  #chance(percent: number): boolean {
    return this.#int(1, 100) <= percent;
  }
}
