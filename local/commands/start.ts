/** `deno task start [--port N] [--dir FOLDER] [--app FOLDER] [--shards N]`: the whole stack in the foreground, until Ctrl-C. */
import { parseArgs } from "node:util";
import { exitWith, StackError } from "../errors.ts";
import { watchLaunchers } from "../processes/launcher.ts";
import { Progress } from "./progress.ts";
import { startStack } from "../stack/stack.ts";
import { printAddresses } from "./print_addresses.ts";

const began = performance.now();
const ended = Promise.withResolvers<string>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.addSignalListener(signal, () => ended.resolve(signal));
}
await watchLaunchers(() => ended.resolve("the command that started it was killed"));

try {
  const { port, dir, app, shards } = readArguments();
  const progress = new Progress();
  const onLine = (line: string) => console.log(line);
  const starting = startStack({
    port,
    dir,
    app,
    shards,
    onLine,
    onStep: (title, work) => progress.follow(title, work),
  });
  const stack = await Promise.race([starting, ended.promise]);
  if (typeof stack === "string") {
    // Told to end before it was ready: let the start come to its end, then undo it.
    await starting.then((stack) => stack.stop(), () => {});
  } else {
    console.log();
    printAddresses(stack.env);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`\nReady in ${seconds} s. Ctrl-C ends it.\n`);
    await ended.promise;
    await stack.stop();
  }
  console.log("\nStopped.");
  Deno.exit(0);
} catch (error) {
  exitWith(error);
}

function readArguments(): { port?: number; dir?: string; app?: string; shards?: number } {
  try {
    const args = Deno.args.filter((argument) => argument !== "--");
    const { values } = parseArgs({
      args,
      options: {
        port: { type: "string" },
        dir: { type: "string" },
        app: { type: "string" },
        shards: { type: "string" },
      },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    const shards = values.shards === undefined ? undefined : Number(values.shards);
    const portIsOne = port === undefined || (Number.isInteger(port) && port >= 0 && port < 65_536);
    // Another project's database is its own affair.
    const shardsAreSome = shards === undefined ||
      (values.app === undefined && [2, 4, 8, 16].includes(shards));
    if (portIsOne && shardsAreSome) return { port, dir: values.dir, app: values.app, shards };
  } catch {
    // Falls through to the usage.
  }
  throw new StackError(
    "usage: deno task start [--port 54321] [--dir .local] [--app FOLDER | --shards 2|4|8|16]; 0 takes any free port",
  );
}
