/**
 * What a function cannot do without, for `/health` to look at.
 *
 * @module
 */
import { notConfigured, optional, secrets } from "./env.ts";

/** Something that a function cannot do without. Throws an {@linkcode ApiError} where it is missing. */
export type Need = () => unknown;

/** How long an answer counts, in milliseconds: who asks more often, for whatever reason, does not reach the database. */
const KEPT = 5_000;

/** Looks whether all `needs` are met, or says what it found a few seconds ago. Rejects with the first that is not. */
export function meets(...needs: Need[]): () => Promise<void> {
  let last: { found: Promise<void>; until: number } | undefined;
  const look = async () => {
    for (const need of needs) await need();
  };
  return () => {
    if (last === undefined || Date.now() >= last.until) last = { found: look(), until: Date.now() + KEPT };
    return last.found;
  };
}

/** Needs variables to be set. Which are not is for the log: nobody who asks has to know. */
export function settings(...names: string[]): Need {
  return () => {
    const missing = names.filter((name) => optional(name) === undefined);
    if (missing.length === 0) return;
    throw notConfigured(`not set: ${missing.join(", ")}`);
  };
}

/** Needs variables to list secrets that are long enough. */
export function strongSecrets(...names: string[]): Need {
  return () => names.forEach(secrets);
}
