/** `deno task bench NAME [ARGUMENT]`: measures and puts the results in bench/results.md. */
import { cpus } from "node:os";
import { benchCredits } from "./credits.ts";
import { benchGrowth } from "./growth.ts";
import { benchLimits } from "./limits.ts";
import { benchBooks } from "./books.ts";
import { benchCold } from "./cold.ts";
import { benchFailover } from "./failover.ts";
import { benchHttp } from "./http.ts";
import { benchMetering } from "./metering.ts";
import { benchOverload } from "./overload.ts";
import { benchSoak } from "./soak.ts";
import { benchShards } from "./shards.ts";

const BENCHES: Record<string, () => Promise<string>> = {
  credits: benchCredits,
  growth: benchGrowth,
  limits: benchLimits,
  metering: benchMetering,
  http: benchHttp,
  cold: benchCold,
  books: benchBooks,
  failover: benchFailover,
  overload: benchOverload,
  soak: benchSoak,
  shards: benchShards,
};

/** Those that are not rounds of variants in turns. */
const OTHERWISE = [benchCold, benchBooks, benchFailover, benchOverload, benchSoak];

const RESULTS = new URL("results.md", import.meta.url);

/** Replaces the part of the results that the same command wrote before, and leaves the others. */
async function keep(title: string, text: string) {
  const old = await Deno.readTextFile(RESULTS).catch(() => "# Results\n");
  const [head, ...sections] = old.split(/\n(?=## )/);
  const others = sections.filter((section) => !section.startsWith(`## ${title}\n`));
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
const how = OTHERWISE.includes(bench)
  ? ""
  : ` ${
    bench === benchShards ? "Postgres" : "Embedded Postgres"
  } with fsync and synchronous_commit on, 8 connections,
prepared statements, variants in turns and in random order, medians of 25 rounds; ratios are to the first line of each table.`;
const title = Deno.args.join(" ");
const intro = `\`deno task bench ${title}\` on ${machine}.${how}`;
const text = `## ${title}\n\n${intro}\n\n${(await bench()).trimEnd()}`;
console.log(text);
await keep(title, text);
