import PQueue from "p-queue";
import pRetry from "p-retry";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveryAttempt, EventRecord } from "../state.ts";
import { type Behaviour, defaultBehaviour, inOrder } from "./behaviour.ts";
import { type Endpoint, postEvent, received } from "./endpoint.ts";

/** How often a delivery is tried, and the wait after the first failure, which doubles each time. */
export interface RetryPolicy {
  attempts: number;
  firstWaitMs: number;
}

/** Stripe tries for days; a developer wants to see the end of it, so this gives up after about 15 seconds. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 6, firstWaitMs: 500 };

/** Sends events to the webhook as Stripe does (signed, retried, recorded), or as badly as it was told to. */
export class Delivery {
  #behaviour = defaultBehaviour();
  #held: EventRecord[] = [];
  #underWay = new Map<string, { answered: PromiseWithResolvers<void>; ended: Promise<unknown> }>();
  #queue = new PQueue({ concurrency: 1 });
  #closing = new AbortController();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly retries: RetryPolicy,
    private readonly changed: () => void,
  ) {}

  get behaviour(): Behaviour {
    return { ...this.#behaviour };
  }

  /** How many events wait for a flush, a resume or the rest of their batch. */
  get heldIds(): string[] {
    return this.#held.map((record) => record.id);
  }

  /** Changes how deliveries behave; ending a pause or a hold releases what waited. */
  configure(change: Partial<Behaviour>): void {
    this.#behaviour = { ...this.#behaviour, ...change };
    this.#queue.concurrency = this.#behaviour.concurrency;
    this.#releaseIfDue();
  }

  /** Takes a new event: sent now, held or dropped. */
  send(record: EventRecord): void {
    const { types, paused, drop, hold } = this.#behaviour;
    const affected = types === null || types.includes(record.type);
    if (affected && drop > 0) {
      this.#behaviour.drop--;
      record.delivery = "dropped";
      this.changed();
    } else if (paused || (affected && hold > 0)) {
      this.#held.push(record);
      this.#releaseIfDue();
    } else {
      this.#start(record, affected);
    }
  }

  /** Sends everything that is held, in the order asked for, and waits until nothing is under way. */
  async flush(): Promise<void> {
    this.#release();
    await this.idle();
  }

  /** Resolves when every delivery that is not held has been received or given up. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.all(Array.from(this.#underWay.values(), (delivery) => delivery.ended));
    }
  }

  /** Resolves when the webhook has answered this event for the first time; at once when none is under way. */
  async answered(id: string): Promise<void> {
    await this.#underWay.get(id)?.answered.promise;
  }

  /** One extra delivery of an old event, at once and without retries, as the Dashboard's Resend button does. */
  async resend(record: EventRecord): Promise<DeliveryAttempt> {
    return await this.#attempt(record);
  }

  /** Gives up what is under way, so that nothing keeps the process alive. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#queue.clear();
    await this.idle();
  }

  #releaseIfDue(): void {
    const { paused, hold } = this.#behaviour;
    if (!paused && this.#held.length >= hold) this.#release();
  }

  #release(): void {
    const held = inOrder(this.#held, this.#behaviour);
    this.#held = [];
    for (const record of held) this.#start(record, true);
  }

  #start(record: EventRecord, affected: boolean): void {
    const copies = 1 + (affected ? this.#behaviour.duplicate : 0);
    const delay = affected ? this.#behaviour.delay_ms : 0;
    const answered = Promise.withResolvers<void>();
    const copiesSent = Promise.all(Array.from({ length: copies }, () => this.#deliver(record, delay)));
    const ended = copiesSent.finally(() => {
      answered.resolve();
      this.#underWay.delete(record.id);
    });
    this.#underWay.set(record.id, { answered, ended });
  }

  async #deliver(record: EventRecord, delay: number): Promise<void> {
    const signal = this.#closing.signal;
    try {
      if (delay > 0) await sleep(delay, undefined, { signal });
      await pRetry(() => this.#queue.add(() => this.#attemptOrThrow(record), { signal }), {
        retries: this.retries.attempts - 1,
        minTimeout: this.retries.firstWaitMs,
        factor: 2,
        signal,
      });
    } catch {
      // Every attempt is recorded with its error; an event cut off by a stop stays pending for the next start.
      if (!signal.aborted && record.delivery !== "delivered") record.delivery = "failed";
      this.changed();
    }
  }

  async #attemptOrThrow(record: EventRecord): Promise<void> {
    const attempt = await this.#attempt(record);
    if (!received(attempt)) throw new Error(attempt.error ?? `the webhook answered ${attempt.status}`);
  }

  async #attempt(record: EventRecord): Promise<DeliveryAttempt> {
    const attempt = await postEvent(record, this.endpoint, this.#closing.signal);
    record.attempts.push(attempt);
    if (received(attempt)) record.delivery = "delivered";
    this.#underWay.get(record.id)?.answered.resolve();
    this.changed();
    return attempt;
  }
}
