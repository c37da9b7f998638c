import { join } from "node:path";
import type { Addresses } from "./addresses.ts";
import { makePrivate } from "../data_folder.ts";
import { StackError } from "../errors.ts";

/** What a running stack writes down about itself for `deno task status`. */
export interface State {
  pid: number;
  env: Addresses;
  /** The router and the shards, as the superuser reaches them, where users are spread. */
  databases?: { router: string; shards: string[] };
}

const LOCK_FILE = "stack.lock";
const STATE_FILE = "stack.json";
const PATIENCE_MILLISECONDS = 3_000;

/** This process's hold on a data folder; the system lets go of it when the process ends, however it ends. */
export interface Lock {
  /** Writes down what `status` shows. */
  publish(state: State): Promise<void>;
  /** Forgets the state and lets go. */
  release(): Promise<void>;
}

/** Makes the data folder if it is missing and locks it, so that two stacks never share one. */
export async function takeLock(dir: string): Promise<Lock> {
  await makePrivate(dir);
  const lock = await Deno.open(join(dir, LOCK_FILE), { create: true, write: true, mode: 0o600 });
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
    publish: (state) =>
      Deno.writeTextFile(join(dir, STATE_FILE), JSON.stringify(state, null, 2), { mode: 0o600 }),
    release: async () => {
      await Promise.all(
        [Deno.remove(join(dir, STATE_FILE)), Deno.remove(join(dir, LOCK_FILE))].map((done) =>
          done.catch(() => {})
        ),
      );
      lock.close();
    },
  };
}

/** Whether a stack runs on the data folder. */
export async function isLocked(dir: string): Promise<boolean> {
  try {
    using lock = await Deno.open(join(dir, LOCK_FILE), { write: true });
    return !await lock.tryLock(true);
  } catch {
    return false;
  }
}

/** What the running stack wrote down, or what one that was killed left behind. */
export async function readState(dir: string): Promise<State | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(dir, STATE_FILE)));
  } catch {
    return undefined;
  }
}
