/**
 * Three years of a subscriber at random.
 *
 * @module
 */
import type { Paid } from "./grants.ts";
import { Habits } from "./habits.ts";
import { DAY, HOUR, monthsAfter } from "./months.ts";
import type { Plan } from "./news.ts";

const YEARS = 3;

/** Beginnings that months are hard to count from. */
const STARTS = ["2027-01-31T12:00Z", "2028-02-29T23:30Z", "2027-12-31T00:00Z", "2027-03-30T05:15Z"];

/** A life of the user, whose customer at Stripe is `customer`. The same seed and number are the same life. */
export class Life extends Habits {
  #pauses: number;

  constructor(user: string, customer: string, seed: number, number: number) {
    super(user, customer, seed, number);
    this.#pauses = number;
    const start = number % 2
      ? Date.parse(STARTS[(number >> 1) % STARTS.length])
      : Date.UTC(2027, 0, 1) + this.int(0, 365 * 24) * HOUR;
    this.setClock(start, monthsAfter(start, 12 * YEARS));
    if (number % 5 === 2) this.knownFrom = start + 2 * DAY;
    const end = monthsAfter(start, 12 * YEARS);
    if (number % 5 < 2) this.#years(start);
    else this.#months(start, end);
    if (number % 6 === 5) this.#secondTab(start);
    for (let month = 0; month < 12 * YEARS; month++) this.spendAMonth(monthsAfter(start, month));
    if (this.knownFrom > start) this.replay();
    this.steps.sort((a, b) => a.at - b.at);
    this.find(Math.max(end, this.steps.at(-1)!.at) + HOUR, "reconcile");
  }

  #months(begin: number, end: number): void {
    let plan: Plan = this.chance(50) ? "small" : "large";
    let anchor = begin;
    const id = `sub_${this.customer}`;
    if (this.chance(40)) {
      this.count("trial");
      anchor += 14 * DAY;
      const trial = this.paid(plan, begin, begin, anchor, id, {
        kind: "trial",
        size: 300,
        cap: 0,
        total: 0,
      });
      this.tell(begin + HOUR, plan, trial, "subscription_create", { amount: 0 });
    }
    const last = this.chance(25) ? this.int(2, 30) : Infinity;
    for (let month = 0, n = 0; month < 12 * YEARS && anchor < end; month++, n++) {
      const start = monthsAfter(anchor, n);
      this.count("month");
      const paid = this.paid(plan, anchor, start, monthsAfter(anchor, n + 1), id);
      this.#renew(plan, paid, month === 0 ? "subscription_create" : "subscription_cycle");
      if (month === last) return this.stand(start + 9 * DAY, plan, paid, "canceled");
      if (this.chance(6)) {
        // Up, down and up again, paid for in full, or with what was unused credited.
        const credited = this.chance(50);
        this.count(credited ? "up, down and up, credited" : "up, down and up in full");
        const isReversed = this.chance(50);
        if (isReversed) this.count("changes that arrive in reverse");
        for (const [day, to] of [[12, "large"], [13, "small"], [14, "large"]] as const) {
          anchor = start + day * DAY;
          const kind = credited ? "difference" : "full";
          const change = this.paid(to, anchor, anchor, monthsAfter(anchor, 1), id, { kind });
          const arrives = isReversed ? start + 14 * DAY + (16 - day) * HOUR : undefined;
          this.tell(anchor + HOUR, to, change, "subscription_update", { credited, arrives });
        }
        [plan, n] = ["large", 0];
      }
    }
  }

  #years(anchor: number): void {
    const plan: Plan = this.chance(50) ? "small" : "large";
    for (let year = 0; year < YEARS; year++) {
      const start = monthsAfter(anchor, 12 * year);
      const end = monthsAfter(anchor, 12 * year + 12);
      this.count("year, month by month");
      const paid = this.paid(plan, anchor, start, end, `sub_${this.customer}`, { times: 12, total: 12_000 });
      this.#renew(plan, paid, year === 0 ? "subscription_create" : "subscription_cycle");
      if (this.chance(50)) {
        const from = start + this.int(30, 200) * DAY;
        this.stand(from, plan, paid, this.#pauses++ % 2 ? "paused" : "unpaid");
        const back = from + this.int(5, 60) * DAY;
        const isLost = this.chance(40);
        this.stand(back, plan, paid, "active", isLost);
        if (isLost) this.find(back + this.int(1, 20) * DAY, this.chance(50) ? "refresh" : "reconcile");
      }
      if (this.chance(10)) return this.stand(start + this.int(60, 300) * DAY, plan, paid, "canceled");
    }
  }

  /** A second subscription, whose money goes back two days later. */
  #secondTab(at: number): void {
    this.count("second tab");
    const paid = this.paid("small", at, at, monthsAfter(at, 1), `sub_${this.customer}_2`);
    this.tell(at + 2 * HOUR, "small", paid, "subscription_create");
    this.stand(at + 2 * DAY, "small", paid, "canceled");
    this.moneyBack(at + 2 * DAY, paid, paid.total);
  }

  /** A period's invoice is paid: an hour after it began, late, too late, or unheard of; and sometimes the money goes back. */
  #renew(plan: Plan, paid: Paid, reason: string): void {
    let at = paid.start + HOUR + this.int(0, 3 * HOUR);
    let isLost = false;
    let arrives = undefined;
    if (this.chance(10)) {
      this.stand(at, plan, paid, "past_due");
      const inTime = this.chance(70);
      this.count(inTime ? "recovered within the period" : "recovered after the period");
      at += (inTime ? this.int(1, 14) : this.int(32, 40)) * DAY;
    } else if (this.chance(5)) {
      this.count("delivered days later");
      arrives = at + this.int(6, 60) * HOUR;
    } else isLost = at > this.knownFrom && this.chance(8);
    // Before it, the refund that was made at the same moment may arrive.
    const isSplit = this.chance(4);
    if (isSplit) this.moneyBack(at, paid, paid.total / 4, { kind: "refund that comes first" });
    this.tell(at, plan, paid, reason, { isLost, arrives });
    if (isLost) {
      this.count("invoice lost");
      this.find(at + this.int(6, 60) * HOUR, this.chance(50) ? "refresh" : "reconcile");
    }
    if (isSplit) return;
    if (this.chance(5)) this.#goesBack(at + this.int(3, 50) * DAY, paid);
    else if (this.chance(4)) this.dispute(at + this.int(3, 50) * DAY, paid);
  }

  /** A refund, of which an event may arrive or not. */
  #goesBack(at: number, paid: Paid): void {
    const isLost = this.chance(40);
    if (isLost) this.count("refund lost");
    this.moneyBack(at, paid, paid.total / (this.chance(50) ? 1 : 2), { isLost });
    // Only the events tell of a refund.
    if (isLost) this.find(at + this.int(1, 20) * DAY, "reconcile");
  }
}
