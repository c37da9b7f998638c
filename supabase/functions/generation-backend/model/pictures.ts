import type { StoryPage } from "../shapes.ts";

/** Pictures that a model made, by page from 0. */
export function picturesFor(
  _pages: StoryPage[],
  _signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array>> {
  return Promise.resolve(new Map());
}
