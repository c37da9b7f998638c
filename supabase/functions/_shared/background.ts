/**
 * Work that goes on after the answer was sent.
 *
 * @module
 */
import { describe, log } from "./log.ts";

/** What the hosted runtime offers to keep an instance alive; absent elsewhere. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

/** Lets `work` finish after the response. Its failure is logged with `fields`: nobody is left to answer to. */
export function inBackground(
  name: string,
  work: Promise<unknown>,
  fields: Record<string, unknown> = {},
): void {
  const watched = work.catch((error) =>
    log("error", "background_failed", { name, ...fields, error: describe(error) })
  );
  if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(watched);
}
