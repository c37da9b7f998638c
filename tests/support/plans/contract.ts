/**
 * What a subscriber's contract says that they have, also once money goes back.
 *
 * @module
 */
import { Grants, type Invoice, type Paid } from "./grants.ts";
import { DAY } from "./months.ts";
import { type Part, sum } from "./wallet.ts";

/** One subscriber. Every method is told the time, which never goes back. */
export class Contract extends Grants {
  readonly #parts = new Map<string, Part<Invoice>[]>();
  readonly #reversed = new Map<string, number>();
  readonly #linked = new Set<string>();

  override pay(paid: Paid, now: number): void {
    super.pay(paid, now);
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

  #reverse(id: string, now: number): void {
    const invoice = this.invoices.get(id);
    if (invoice === undefined || !this.#linked.has(id) || invoice.total === 0) return;
    this.wallet.expire(now);
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
    const { wallet } = this;
    const parts = wallet.take(amount, wallet.batches.filter(({ source }) => source === invoice));
    parts.push(...wallet.take(amount - sum(parts.map((part) => part.amount))));
    this.#parts.set(invoice.id, parts);
    wallet.owe(invoice, amount - sum(parts.map((part) => part.amount)));
  }

  /** A dispute is won before anything else happens. */
  #giveBack(invoice: Invoice, amount: number, now: number): void {
    invoice.taken -= amount;
    this.wallet.forgive(invoice);
    for (const { batch, amount } of this.#parts.get(invoice.id) ?? []) {
      // From others' batches too it comes back as this invoice's, which no later grant ends.
      const expires = Math.max(batch.expires, now + DAY);
      this.wallet.add({ source: invoice, kind: "reinstated", amount, expires }, now);
    }
  }
}
