/** `deno task reset [DATA_FOLDER | --app FOLDER]`: deletes the data of the local stack, which must not be running. */
import { parseArgs } from "node:util";
import { readApp } from "../app.ts";
import { exitWith, messageOf, StackError } from "../errors.ts";
import { isLocked, readState } from "../stack/lock.ts";

try {
  const dir = await dataFolder();
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

async function dataFolder(): Promise<string> {
  try {
    const args = Deno.args.filter((argument) => argument !== "--");
    const options = { app: { type: "string" } } as const;
    const { positionals: [dir], values } = parseArgs({ args, options, allowPositionals: true });
    return dir ?? (await readApp(values.app)).dataDir;
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError(`${messageOf(error)}; usage: deno task reset [DATA_FOLDER | --app FOLDER]`);
  }
}
