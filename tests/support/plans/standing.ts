/**
 * How subscriptions stand, whatever the order in which that is heard.
 *
 * @module
 */

/** Of what is said in one second the last of these counts. */
const RANKS = ["past_due", "unpaid", "paused", "active", "canceled"];

/** What Stripe said last of each subscription; what is over stays over. */
export class Standings {
  readonly #said = new Map<string, { status: string; at: number }>();

  /** `at` is in Stripe's seconds. */
  say(subscription: string, status: string, at: number): void {
    const known = this.#said.get(subscription);
    const isLater = known === undefined || at > known.at ||
      (at === known.at && RANKS.indexOf(status) > RANKS.indexOf(known.status));
    if (known?.status === "canceled") return;
    if (status === "canceled" || isLater) this.#said.set(subscription, { status, at });
  }

  /** One of which nothing was said is in good standing. */
  of(subscription: string): string {
    return this.#said.get(subscription)?.status ?? "active";
  }
}
