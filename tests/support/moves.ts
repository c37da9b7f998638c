/** Moves of users between the shards of a test, and moves that are cut off. */
import { moveUser, type Step } from "../../sharding/move.ts";
import type { Shards } from "./shards.ts";

/** What a move commits, in its order. */
export const STEPS: Step[] = ["fenced", "copied", "placed", "removed"];

/** Where a user is at home, which their id says as long as nobody moved them. */
export async function homeOf({ router }: Pick<Shards, "router">, user: string): Promise<number> {
  const [{ home }] = await router<{ home: number }[]>`select sharding.home_of(${user}::uuid) as home`;
  return home;
}

/** How a move ends that was cut off. */
export class CutOff extends Error {}

/** Ends a move as soon as it is `end`. */
export function cutOffAt(end: Step | undefined): (done: Step) => void {
  return (done) => {
    if (done === end) throw new CutOff(done);
  };
}

/** Moves a user. Where it is cut off it is taken up again: on to there, or with where they are at home as the aim. */
export async function moveThrough(
  four: Shards,
  user: string,
  { to, end, goesOn }: { to: number; end?: Step; goesOn: boolean },
): Promise<void> {
  try {
    await moveUser(four.databases, user, to, cutOffAt(end));
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
    await moveUser(four.databases, user, goesOn ? to : await homeOf(four, user));
  }
}
