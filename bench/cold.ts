/**
 * `deno task bench cold`: how long a function takes from the start of its process until it listens, on the Deno of hosted
 * functions and without a code cache, as an instance that nobody has called for a while.
 */
import { join } from "node:path";
import { CHECKOUT } from "../local/checkout.ts";
import { bundleFunctions } from "../local/functions/bundle.ts";
import { readApp } from "../local/app.ts";
import { HOSTED_CACHE, hostedDeno } from "../local/functions/hosted_deno.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** Starts of each variant, in turns. The fastest counts: whatever else the machine does only adds to a start. */
const ROUNDS = 12;

/** Ends the process where the function would begin to listen, after it has said so. */
const UNTIL_IT_LISTENS = `
  Deno.serve = () => { Deno.stdout.writeSync(new Uint8Array([10])); Deno.exit(0); };
  if (Deno.args[0]) await import("file://" + Deno.args[0]); else Deno.serve();
`;

/** One function, from one kind of file; none is Deno alone. */
interface Start {
  name: string;
  module?: string;
}

/** Measures every function, from its sources and as it is deployed, and gives back the table. */
export async function benchCold(): Promise<string> {
  await using all = new AsyncDisposableStack();
  const dir = all.adopt(await Deno.makeTempDir(), removeFolder);
  const until = join(dir, "until_it_listens.js");
  await Deno.writeTextFile(until, UNTIL_IT_LISTENS);
  const bundles = await bundleFunctions(await readApp(), join(dir, "functions"));
  const starts: Start[] = [{ name: "Deno alone" }];
  for (const { name, path, bytes } of bundles) {
    const source = join(CHECKOUT, "supabase", "functions", name, "index.ts");
    starts.push({ name: `${name}, from its sources`, module: source });
    starts.push({ name: `${name}, bundled (${Math.round(bytes / 1024)} KiB)`, module: path });
  }
  const fastest = starts.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, start] of starts.entries()) {
      fastest[index] = Math.min(fastest[index], await secondsOf(start, until));
    }
  }
  const rows = starts.map(({ name }, index) =>
    `| ${name} | ${fastest[index].toFixed(2)} | ${(fastest[index] - fastest[0]).toFixed(2)} |`
  );
  return [
    `Seconds, the fastest of ${ROUNDS} starts. The sources load their packages from \`node_modules\`.`,
    "",
    "| | until it listens | above Deno alone |",
    "| --- | ---: | ---: |",
    ...rows,
  ].join("\n");
}

async function secondsOf({ module }: Start, until: string): Promise<number> {
  const flags = ["--quiet", "--no-lock", "--no-check", "--no-code-cache", "--no-remote"];
  const args = [
    "run",
    "-A",
    ...flags,
    "--node-modules-dir=manual",
    `--config=${join(CHECKOUT, "deno.json")}`,
    until,
  ];
  const command = new Deno.Command(await hostedDeno(), {
    args: module === undefined ? args : [...args, module],
    cwd: CHECKOUT,
    env: { DENO_DIR: HOSTED_CACHE, SUPABASE_URL: "http://127.0.0.1:9" },
    stdout: "piped",
    stderr: "piped",
  });
  const start = performance.now();
  const { success, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return (performance.now() - start) / 1_000;
}
