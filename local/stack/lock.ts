import { join } from "node:path";
import type { Addresses } from "./addresses.ts";
import { StackError } from "../errors.ts";

/** What a running stack writes down about itself for `deno task status`. */
export interface State {
  pid: number;
  env: Addresses;
}

const LOCK = "stack.lock";
const STATE = "stack.json";
const PATIENCE_MILLISECONDS = 3_000;

/** A data folder held by this process; the system lets go of it when the process ends, however it ends. */
export interface HeldFolder {
  /** Writes down what `status` shows. */
  publish(state: State): Promise<void>;
  /** Forgets the state and lets go. */
  release(): Promise<void>;
}

/** Makes the data folder if it is missing and holds it, so that two stacks never share one. */
export async function holdFolder(dir: string): Promise<HeldFolder> {
  await Deno.mkdir(dir, { recursive: true });
  const lock = await Deno.open(join(dir, LOCK), { create: true, write: true });
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  // A stack that was just told to end still holds its folder for a moment.
  while (!await lock.tryLock(true)) {
    if (Date.now() > deadline) {
      lock.close();
      const state = await readState(dir);
      throw new StackError(
        `a stack already runs on ${dir}` + (state ? ` (process ${state.pid}, ${state.env.API_URL})` : "") +
          `: stop it with Ctrl-C, or start a second one from another checkout with --port`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    publish: (state) => Deno.writeTextFile(join(dir, STATE), JSON.stringify(state, null, 2), { mode: 0o600 }),
    release: async () => {
      await Promise.all(
        [Deno.remove(join(dir, STATE)), Deno.remove(join(dir, LOCK))].map((done) => done.catch(() => {})),
      );
      lock.close();
    },
  };
}

/** Whether a stack runs on the data folder. */
export async function isHeld(dir: string): Promise<boolean> {
  try {
    using lock = await Deno.open(join(dir, LOCK), { write: true });
    return !await lock.tryLock(true);
  } catch {
    return false;
  }
}

/** What the running stack wrote down, or what one that was killed left behind. */
export async function readState(dir: string): Promise<State | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(dir, STATE)));
  } catch {
    return undefined;
  }
}
