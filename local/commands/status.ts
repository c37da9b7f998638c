/** `deno task status [-o env|json] [--app FOLDER] [--dir FOLDER]`: addresses and keys of the running stack. */
import { parseArgs } from "node:util";
import { readApp } from "../app.ts";
import { exitWith, messageOf, StackError } from "../errors.ts";
import { isLocked, readState } from "../stack/lock.ts";
import { printAddresses } from "./print_addresses.ts";

try {
  await showStatus();
} catch (error) {
  exitWith(error);
}

async function showStatus(): Promise<void> {
  const { output, app, dir = (await readApp(app)).dataDir } = readArguments();
  const state = await isLocked(dir) ? await readState(dir) : undefined;
  if (!state) throw new StackError("no stack is running here: start it with `deno task start`");
  if (output === "json") {
    console.log(JSON.stringify(state.env, null, 2));
  } else if (output === "env") {
    for (const [name, value] of Object.entries(state.env)) console.log(`${name}="${value}"`);
  } else {
    printAddresses(state.env);
  }
}

function readArguments(): { output?: string; app?: string; dir?: string } {
  try {
    const args = Deno.args.filter((argument) => argument !== "--");
    const text = { type: "string" } as const;
    const options = { output: { ...text, short: "o" }, app: text, dir: text } as const;
    const { values } = parseArgs({ args, options });
    if (["env", "json", "pretty", undefined].includes(values.output)) return values;
    throw new Error(`unknown output ${values.output}`);
  } catch (error) {
    throw new StackError(
      `${messageOf(error)}; usage: deno task status [-o env|json|pretty] [--app FOLDER] [--dir .local]`,
    );
  }
}
