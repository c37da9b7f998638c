/**
 * Whether books with pictures can be made here. Asked before an order is admitted, so that nothing is held for a book
 * that cannot be made as ordered.
 *
 * @module
 */
import { z } from "zod";
import { backendAddress } from "../_jobs/backend_client.ts";
import { describe, log } from "../_shared/log.ts";

const Health = z.object({ pictures: z.boolean().default(true) });

/** How long an answer counts, in milliseconds. */
const KEPT = 60_000;
/** The longest an order waits for it, in milliseconds. */
const PATIENCE = 5_000;

let known: { offered: boolean; until: number } | undefined;

/** What the backend's `/health` says. One that does not say, or not now, is taken to paint: the job will tell. */
export async function offersPictures(): Promise<boolean> {
  if (!known || Date.now() >= known.until) known = { offered: await asked(), until: Date.now() + KEPT };
  return known.offered;
}

async function asked(): Promise<boolean> {
  try {
    const response = await fetch(`${backendAddress()}/health`, { signal: AbortSignal.timeout(PATIENCE) });
    return Health.parse(await response.json()).pictures;
  } catch (error) {
    log("warn", "backend_health_unknown", { error: describe(error) });
    return true;
  }
}
