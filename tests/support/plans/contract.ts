/**
 * What a subscriber's contract says that they have, computed without a look at the SQL. Amounts are hundredths of a credit,
 * times are milliseconds.
 *
 * @module
 */

const GRACE = 3 * 3600_000;
const DAY = 24 * 3600_000;

/** `months` after `anchor`, on its day of the month or the last one that there is. */
export function monthsAfter(anchor: number, months: number): number {
  const start = new Date(anchor);
  const first = new Date(start);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return first.setUTCDate(Math.min(start.getUTCDate(), days));
}

/** An invoice that was paid: what it is for, and what came of it. */
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
type Invoice = Paid & {
  deducted: number;
  next: number | undefined;
  granted: number;
  expired: number;
  taken: number;
  back: number;
};
interface Batch {
  invoice?: Invoice;
  kind: "credits" | "trial" | "rollover" | "reinstated" | "bought";
  amount: number;
  rest: number;
  expires: number;
}
type Part = { batch: Batch; amount: number };

/** One subscriber. Every method is told the time, which never goes back. */
export class Contract {
  readonly #batches: Batch[] = [];
  readonly #invoices = new Map<string, Invoice>();
  readonly #holds = new Map<string, Part[]>();
  readonly #parts = new Map<string, Part[]>();
  readonly #reversed = new Map<string, number>();
  readonly #linked = new Set<string>();
  readonly #standing = new Map<string, string>();
  #debts: { invoice: string; left: number }[] = [];

  available(now: number, kind?: Batch["kind"]): number {
    this.#expire(now);
    return sum(this.#batches.filter((batch) => !kind || batch.kind === kind).map(({ rest }) => rest));
  }

  buy(amount: number, now: number): void {
    this.#add({ kind: "bought", amount, rest: amount, expires: Infinity }, now);
  }

  reserve(job: string, amount: number, now: number): void {
    if (this.available(now) < amount) this.drip(now);
    if (this.available(now) >= amount) this.#holds.set(job, this.#take(amount));
  }

  settle(job: string, isSpent: boolean, now: number): void {
    if (!isSpent) { for (const { batch, amount } of this.#holds.get(job) ?? []) batch.rest += amount; }
    this.#holds.delete(job);
    this.#expire(now);
    this.#repay();
  }

  stand(subscription: string, status: string, now: number): void {
    if (this.#standing.get(subscription) !== "canceled") this.#standing.set(subscription, status);
    this.drip(now);
  }

  /** Grants what is due by now. */
  drip(now: number): void {
    for (const invoice of this.#invoices.values()) this.#grant(invoice, now);
  }

  pay(paid: Paid, now: number): void {
    if (this.#invoices.has(paid.id)) return;
    this.#expire(now);
    const running = this.#batches.filter(({ invoice, kind, expires }) =>
      invoice?.subscription === paid.subscription && kind === "credits" && expires > now
    );
    const deducted = paid.kind === "difference"
      ? Math.min(paid.size, sum(running.map(({ amount }) => amount)))
      : 0;
    const started = { deducted, next: -Infinity, granted: 0, expired: 0, taken: 0, back: 0 };
    const invoice = { ...paid, ...started };
    this.#invoices.set(paid.id, invoice);
    this.#grant(invoice, now);
    this.#reverse(paid.id, now);
  }

  /** It is known which payment paid the invoice. */
  link(id: string, now: number): void {
    this.#linked.add(id);
    this.#reverse(id, now);
  }

  /** So much of the invoice's money is back at the payer. */
  back(id: string, cents: number, now: number): void {
    this.#reversed.set(id, cents);
    this.#reverse(id, now);
  }

  #grant(invoice: Invoice, now: number): void {
    const { subscription, anchor, start, end, size, times, kind, deducted } = invoice;
    if (invoice.next === undefined || invoice.next > now) return;
    // The anchor may be years before the period.
    const offset = Math.round((start - anchor) / (30.44 * DAY));
    const due = (n: number) => n < times ? (n === 0 ? start : monthsAfter(anchor, offset + n)) : end;
    let n = 0;
    while (n + 1 < times && due(n + 1) <= now) n++;
    const standing = this.#standing.get(subscription) ?? "active";
    if (n > 0 && standing === "canceled") return void (invoice.next = undefined);
    if (n > 0 && standing !== "active") return;
    invoice.next = n + 1 < times ? due(n + 1) : undefined;
    const amount = Math.min(
      n === 0 ? size - deducted : size,
      size * times - deducted - invoice.back - invoice.granted,
    );
    if (now >= due(n + 1) || amount <= 0) return;
    const isFollowed = [...this.#invoices.values()].some((other) =>
      other.subscription === subscription && other.start > start
    );
    if (isFollowed) return void (invoice.next = undefined);
    const stays = kind === "difference" && n === 0 ? [] : this.#end(invoice, now);
    const expires = due(n + 1) + GRACE;
    invoice.granted += amount;
    this.#add({
      invoice,
      kind: kind === "trial" ? "trial" : "credits",
      amount,
      rest: amount,
      expires,
    }, now);
    for (const { batch, amount } of stays) {
      batch.invoice!.expired -= amount;
      this.#add({ invoice: batch.invoice, kind: "rollover", amount, rest: amount, expires }, now);
    }
  }

  /** Ends the batches of the invoice's subscription; what stays of them, the newest first. */
  #end({ subscription, cap }: Invoice, now: number): Part[] {
    this.#expire(now);
    let left = cap;
    const running = this.#batches.filter(({ invoice, kind, expires }) =>
      invoice?.subscription === subscription && kind !== "reinstated" && expires > now
    );
    const stays = running.toReversed().map((batch) => {
      const amount = batch.kind === "trial" ? 0 : Math.min(left, batch.rest);
      left -= amount;
      batch.expires = now;
      return { batch, amount };
    });
    this.#expire(now);
    return stays.filter(({ amount }) => amount > 0);
  }

  #reverse(id: string, now: number): void {
    const invoice = this.#invoices.get(id);
    if (invoice === undefined || !this.#linked.has(id) || invoice.total === 0) return;
    this.#expire(now);
    const all = invoice.size * invoice.times - invoice.deducted;
    const before = invoice.back;
    invoice.back = Math.floor(all * (this.#reversed.get(id) ?? 0) / invoice.total);
    const allowed = Math.min(invoice.granted, all - invoice.back);
    const change = invoice.granted - invoice.taken - invoice.expired - allowed;
    if (change > 0) this.#takeBack(invoice, change);
    else if (invoice.back < before) this.#giveBack(invoice, Math.min(-change, invoice.taken), now);
  }

  #takeBack(invoice: Invoice, amount: number): void {
    invoice.taken += amount;
    const parts = this.#take(amount, this.#batches.filter((batch) => batch.invoice === invoice));
    parts.push(...this.#take(amount - sum(parts.map((part) => part.amount))));
    this.#parts.set(invoice.id, parts);
    const left = amount - sum(parts.map((part) => part.amount));
    if (left > 0) this.#debts.push({ invoice: invoice.id, left });
  }

  /** A dispute is won before anything else happens. */
  #giveBack(invoice: Invoice, amount: number, now: number): void {
    invoice.taken -= amount;
    this.#debts = this.#debts.filter((debt) => debt.invoice !== invoice.id);
    for (const { batch, amount } of this.#parts.get(invoice.id) ?? []) {
      // From others' batches too it comes back as this invoice's, which no later grant ends.
      const expires = Math.max(batch.expires, now + DAY);
      this.#add({ invoice, kind: "reinstated", amount, rest: amount, expires }, now);
    }
  }

  #add(batch: Batch, now: number): void {
    this.#expire(now);
    this.#batches.push(batch);
    this.#repay();
  }

  #repay(): void {
    for (const debt of this.#debts) debt.left -= sum(this.#take(debt.left).map(({ amount }) => amount));
    this.#debts = this.#debts.filter(({ left }) => left > 0);
  }

  /** Takes up to `amount`, what ends first first, or in the order that is given. */
  #take(
    amount: number,
    from = this.#batches.toSorted((a, b) => a.expires === b.expires ? 0 : a.expires - b.expires),
  ): Part[] {
    const parts: Part[] = [];
    for (const batch of from) {
      const part = Math.min(amount, batch.rest);
      if (part > 0) parts.push({ batch, amount: part });
      batch.rest -= part;
      amount -= part;
    }
    return parts;
  }

  #expire(now: number): void {
    for (const batch of this.#batches) {
      if (batch.expires > now || batch.rest === 0) continue;
      if (batch.invoice && batch.kind !== "reinstated") batch.invoice.expired += batch.rest;
      batch.rest = 0;
    }
  }
}

function sum(all: number[]): number {
  return all.reduce((total, one) => total + one, 0);
}
