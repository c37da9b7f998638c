/**
 * What may happen to a subscriber, as steps: what arrives of what Stripe says, and what is done about what does not.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Contract } from "./contract.ts";
import * as stripe from "./events.ts";
import type { Search } from "./finder.ts";
import { type Said, Told } from "./told.ts";

/** Something that happens: to the database, and to the contract; or somebody who asks Stripe what is missing. */
export interface Step {
  /** By Stripe's clock. */
  at: number;
  sql: string;
  apply(contract: Contract, now: number): void;
  search?: Search;
}

/** Steps of the user, whose customer at Stripe is `customer`. The same seed and number give the same. */
export class Script {
  readonly steps: Step[] = [];
  readonly told = new Told();
  /** How often each kind of thing happens. */
  readonly kinds: Record<string, number> = {};
  /** Until then nobody here knows whose customer it is, and what is about them is held. */
  protected knownFrom = -Infinity;
  readonly #random;
  protected readonly shape: stripe.Shape;
  readonly #held: Said[] = [];

  constructor(readonly user: string, readonly customer: string, seed: number, number: number) {
    this.#random = xoroshiro128plus(seed + number);
    this.shape = number % 4 < 2 ? "before" : "since";
    this.count(`shape ${this.shape} basil`);
  }

  protected say(
    type: string,
    object: stripe.Json,
    at: number,
    said: Pick<Said, "apply" | "object" | "applyObject"> & { isLost?: boolean },
  ): Said {
    const one = { at, event: stripe.newEvent(type, object, at), ...said, isLost: said.isLost ?? false };
    this.told.add(one);
    return one;
  }

  /** What is said arrives, at once or at `at`. */
  protected deliver(said: Said, at = said.at): void {
    const { event } = said;
    if (said.isLost) return this.count("event lost");
    this.count("event delivered");
    const isHeld = at < this.knownFrom && "customer" in event.data.object;
    if (isHeld) this.#held.push(said);
    const apply = isHeld ? () => {} : said.apply;
    this.steps.push({ at, sql: stripe.take(event), apply });
  }

  /** It is known whose customer it is, and an operator has what is held tried again. */
  protected replay(): void {
    this.count("held and replayed");
    const keep = `select public.keep_stripe_customer('${this.user}', '${this.customer}', false)`;
    const replay = `select e.id, (public.replay_stripe_event(e.id, 'a customer of ours', 'test')).outcome
      from (select id from public.stripe_events where outcome = 'held' and reason = 'unknown_customer'
        and payload #>> '{data,object,customer}' = '${this.customer}' order by received_at, id) e`;
    const apply = (contract: Contract, now: number) =>
      this.#held.forEach((said) => said.apply(contract, now));
    const at = this.knownFrom;
    this.steps.push({ at, sql: keep, apply() {} }, { at, sql: replay, apply });
  }

  /** Somebody asks Stripe what did not arrive. */
  protected find(at: number, search: Search): void {
    this.count(search);
    this.steps.push({ at, sql: "", apply() {}, search });
  }

  protected count(kind: string): void {
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
  }

  protected int(least: number, most: number): number {
    return uniformInt(this.#random, least, most);
  }

  protected chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }
}
