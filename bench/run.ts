/** `deno task bench books|cold|credits|http|limits|metering|shards`: measures and puts the results in bench/results.md. */
import { cpus } from "node:os";
import { benchCredits } from "./credits.ts";
import { benchLimits } from "./limits.ts";
import { benchBooks } from "./books.ts";
import { benchCold } from "./cold.ts";
import { benchHttp } from "./http.ts";
import { benchMetering } from "./metering.ts";
import { benchShards } from "./shards.ts";

const BENCHES: Record<string, () => Promise<string>> = {
  credits: benchCredits,
  limits: benchLimits,
  metering: benchMetering,
  http: benchHttp,
  cold: benchCold,
  books: benchBooks,
  shards: benchShards,
};

const RESULTS = new URL("results.md", import.meta.url);

/** Replaces the part of the results that `name` wrote before, and leaves the others. */
async function keep(name: string, text: string) {
  const old = await Deno.readTextFile(RESULTS).catch(() => "# Results\n");
  const [head, ...sections] = old.split(/\n(?=## )/);
  const others = sections.filter((section) => !section.startsWith(`## ${name}\n`));
  await Deno.writeTextFile(
    RESULTS,
    [head.trimEnd(), ...others.map((s) => s.trimEnd()), text].sort().join("\n\n") + "\n",
  );
}

const name = Deno.args[0] ?? "";
const bench = BENCHES[name];
if (!bench) {
  console.error(`usage: deno task bench ${Object.keys(BENCHES).join("|")}`);
  Deno.exit(1);
}
const processors = cpus();
const machine = `${processors.length} × ${
  processors[0].model.trim()
}, ${Deno.build.os}, Deno ${Deno.version.deno}`;
const how = bench === benchCold || bench === benchBooks
  ? ""
  : ` ${
    bench === benchShards ? "Postgres" : "Embedded Postgres"
  } with fsync and synchronous_commit on, 8 connections,
prepared statements, variants in turns and in random order, medians of 25 rounds; ratios are to the first line of each table.`;
const intro = `\`deno task bench ${name}\` on ${machine}.${how}`;
const text = `## ${name}\n\n${intro}\n\n${(await bench()).trimEnd()}`;
console.log(text);
await keep(name, text);
