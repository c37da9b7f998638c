/** What the operator's commands share. */
import { type Addresses, functionEnvironment } from "../local/stack/addresses.ts";
import { isLocked, readState } from "../local/stack/lock.ts";

/** A command line that cannot be followed: its message is for whoever wrote it. */
export class UsageError extends Error {}

/** The addresses of the stack that runs here with its data in `dir`. @throws {UsageError} without one */
export async function localStack(dir: string): Promise<Addresses> {
  const state = await isLocked(dir) ? await readState(dir) : undefined;
  if (!state) throw new UsageError("no stack is running here: start it with `deno task start`");
  return state.env;
}

/** Takes the settings of the functions of the stack that runs here. @throws {UsageError} without one */
export async function useLocalStack(dir: string): Promise<void> {
  const settings = functionEnvironment(await localStack(dir), {});
  for (const [name, value] of Object.entries(settings)) Deno.env.set(name, value);
}

/** What went wrong and why, as far as it is known. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
