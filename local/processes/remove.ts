import { rm } from "node:fs/promises";

/**
 * Deletes a folder with all that is in it. A server that has just ended may delete files of its own meanwhile, so what is
 * gone already is no fault, and what appears is deleted in another try.
 */
export function removeFolder(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
