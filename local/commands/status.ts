/** `deno task status [-o env|json] [--dir FOLDER]`: addresses and keys of the running stack. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exitWith, messageOf, StackError } from "../errors.ts";
import { isHeld, readState } from "../stack/lock.ts";
import { CHECKOUT } from "../database/migrations.ts";
import { table } from "./print_addresses.ts";

try {
  console.log(await status());
} catch (error) {
  exitWith(error);
}

async function status(): Promise<string> {
  const { output, dir = join(CHECKOUT, ".local") } = readArguments();
  const state = await isHeld(dir) ? await readState(dir) : undefined;
  if (!state) throw new StackError("no stack is running here: start it with `deno task start`");
  if (output === "json") return JSON.stringify(state.env, null, 2);
  if (output === "env") {
    return Object.entries(state.env).map(([name, value]) => `${name}="${value}"`).join("\n");
  }
  return table(state.env);
}

function readArguments(): { output?: string; dir?: string } {
  try {
    const args = Deno.args.filter((argument) => argument !== "--");
    const options = { output: { type: "string", short: "o" }, dir: { type: "string" } } as const;
    const { values } = parseArgs({ args, options });
    if (["env", "json", "pretty", undefined].includes(values.output)) return values;
    throw new Error(`unknown output ${values.output}`);
  } catch (error) {
    throw new StackError(`${messageOf(error)}; usage: deno task status [-o env|json|pretty] [--dir .local]`);
  }
}
