import { setTimeout as sleep } from "node:timers/promises";

/** Stripe holds the buyer back so long at most, so that the shop already knows what happened. */
const WAIT_FOR_WEBHOOK_MS = 10_000;

/** Waits until `told` or until that has taken too long. */
export async function patiently(told: Promise<unknown>): Promise<void> {
  const giveUp = new AbortController();
  const patience = sleep(WAIT_FOR_WEBHOOK_MS, undefined, { signal: giveUp.signal }).catch(() => {});
  await Promise.race([told, patience]);
  giveUp.abort();
}
