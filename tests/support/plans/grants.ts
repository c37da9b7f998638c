/**
 * What a subscriber's contract grants, computed without a look at the SQL. Amounts are hundredths of a credit,
 * times are milliseconds.
 *
 * @module
 */
import { type Part, sum, Wallet } from "./wallet.ts";
import { dueOf, GRACE } from "./months.ts";
import { Standings } from "./standing.ts";

/** An invoice that was paid. */
export interface Paid {
  id: string;
  subscription: string;
  anchor: number;
  start: number;
  end: number;
  kind: "full" | "trial" | "difference";
  /** Hundredths, each time. */
  size: number;
  times: number;
  cap: number;
  total: number;
}
/** The same, with what came of it. */
export type Invoice = Paid & {
  deducted: number;
  next: number | undefined;
  granted: number;
  expired: number;
  taken: number;
  back: number;
};

/** What comes and ends by itself as invoices are paid. Every method is told the time, which never goes back. */
export class Grants {
  readonly wallet = new Wallet<Invoice>(({ source, kind, rest }) => {
    if (source && kind !== "reinstated") source.expired += rest;
  });
  protected readonly invoices = new Map<string, Invoice>();
  readonly #standings = new Standings();

  buy(amount: number, now: number): void {
    this.wallet.add({ kind: "bought", amount, expires: Infinity }, now);
  }

  reserve(job: string, amount: number, now: number): void {
    if (this.wallet.available(now) < amount) this.drip(now);
    if (this.wallet.available(now) >= amount) this.wallet.hold(job, amount);
  }

  stand(subscription: string, status: string, now: number, saidAt: number): void {
    this.#standings.say(subscription, status, saidAt);
    this.drip(now);
  }

  /** Whether it is known that the invoice was paid. */
  knows(invoice: string): boolean {
    return this.invoices.has(invoice);
  }

  /** Grants what is due by now. */
  drip(now: number): void {
    for (const invoice of this.invoices.values()) this.#grant(invoice, now);
  }

  pay(paid: Paid, now: number): void {
    if (this.invoices.has(paid.id)) return;
    const running = this.#running(paid.subscription, now).filter(({ kind }) =>
      ["credits", "late"].includes(kind)
    );
    const deducted = paid.kind === "difference"
      ? Math.min(paid.size, sum(running.map(({ amount }) => amount)))
      : 0;
    const begun = { deducted, next: -Infinity, granted: 0, expired: 0, taken: 0, back: 0 };
    this.invoices.set(paid.id, { ...paid, ...begun });
    this.#grant(this.invoices.get(paid.id)!, now);
  }

  #running(subscription: string, now: number) {
    this.wallet.expire(now);
    return this.wallet.batches.filter(({ source, kind, expires }) =>
      source?.subscription === subscription && kind !== "reinstated" && expires > now
    );
  }

  #grant(invoice: Invoice, now: number): void {
    const { subscription, start, size, times, kind, deducted } = invoice;
    if (invoice.next === undefined || invoice.next > now) return;
    let n = 0;
    while (n + 1 < times && dueOf(invoice, n + 1) <= now) n++;
    const standing = this.#standings.of(subscription);
    if (n > 0 && standing === "canceled") return void (invoice.next = undefined);
    if (n > 0 && standing !== "active") return;
    invoice.next = n + 1 < times ? dueOf(invoice, n + 1) : undefined;
    const paidFor = size * times - deducted - invoice.back - invoice.granted;
    const amount = Math.min(n === 0 ? size - deducted : size, paidFor);
    if (now >= dueOf(invoice, n + 1) || amount <= 0) return;
    const successors = [...this.invoices.values()]
      .filter((other) => other.subscription === subscription && other.start > start)
      .sort((a, b) => a.start - b.start);
    if (successors.length > 0) return this.#late(invoice, successors[0], amount, now);
    const stays = kind === "difference" && n === 0 ? [] : this.#end(invoice, now);
    const due = dueOf(invoice, n);
    const expires = dueOf(invoice, n + 1) + GRACE;
    invoice.granted += amount;
    this.wallet.add(
      { source: invoice, kind: kind === "trial" ? "trial" : "credits", amount, expires, due },
      now,
    );
    for (const { batch: { source }, amount } of stays) {
      source!.expired -= amount;
      this.wallet.add({ source, kind: "rollover", amount, expires, due }, now);
    }
  }

  /** What comes after its successor is what would have rolled over. */
  #late(invoice: Invoice, next: Invoice, most: number, now: number): void {
    invoice.next = undefined;
    const rolled = this.wallet.batches.filter(({ source, kind, due = 0 }) =>
      source?.subscription === invoice.subscription && ["rollover", "late"].includes(kind) &&
      due >= next.start
    );
    const amount = Math.min(most, next.cap - sum(rolled.map(({ amount }) => amount)));
    if (invoice.granted > 0 || amount <= 0 || next.kind === "difference") return;
    invoice.granted += amount;
    this.wallet.add(
      { source: invoice, kind: "late", amount, expires: next.end + GRACE, due: next.start },
      now,
    );
  }

  /** Ends the batches of the invoice's subscription; what stays of them, the newest first. */
  #end({ subscription, cap }: Invoice, now: number): Part<Invoice>[] {
    let left = cap;
    const stays = this.#running(subscription, now).toReversed().map((batch) => {
      const amount = batch.kind === "trial" ? 0 : Math.min(left, batch.rest);
      left -= amount;
      batch.expires = now;
      return { batch, amount };
    });
    this.wallet.expire(now);
    return stays.filter(({ amount }) => amount > 0);
  }
}
