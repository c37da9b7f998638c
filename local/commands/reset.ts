/** `deno task reset [FOLDER]`: deletes the data of the local stack, which must not be running. */
import { exitWith, StackError } from "../errors.ts";
import { isLocked, readState } from "../stack/lock.ts";
import { LOCAL } from "../data_folder.ts";

try {
  const dir = Deno.args[0] ?? LOCAL;
  if (await isLocked(dir)) {
    const state = await readState(dir);
    throw new StackError(
      `the stack is running${state ? ` (process ${state.pid})` : ""}: end it with Ctrl-C first`,
    );
  }
  const deleted = await Deno.remove(dir, { recursive: true }).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  console.log(deleted ? `Deleted ${dir}.` : `Nothing to delete: there is no ${dir}.`);
} catch (error) {
  exitWith(error);
}
