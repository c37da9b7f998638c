/** The steps of a deployment, in their order. Each says what it changed, or, in a dry run, what it would change. */
import { join } from "node:path";
import pRetry from "p-retry";
import { CHECKOUT } from "../../local/checkout.ts";
import { StackError } from "../../local/errors.ts";
import type { Bundle } from "../../local/functions/bundle.ts";
import type { Cli } from "./cli.ts";
import type { Settings } from "./settings.ts";

/** What every step needs to know. */
export interface Deployment {
  cli: Cli;
  dryRun: boolean;
  print: (line: string) => void;
}

/** Applies the migrations that the project does not have. */
export async function pushMigrations({ cli, dryRun, print }: Deployment): Promise<void> {
  const { text } = await cli.run(["db", "push", cli.target, dryRun ? "--dry-run" : "--yes"]);
  const named = [...new Set(text.match(/\d{14}_\w+\.sql/g) ?? [])];
  if (named.length === 0) return print("migrations: up to date");
  for (const name of named) print(`migrations: ${dryRun ? "would apply" : "applied"} ${name}`);
}

/** Brings the project's settings to what `config.toml` says of them. */
export async function pushConfig({ cli, dryRun, print }: Deployment): Promise<void> {
  const { text } = await cli.run(["config", ...(dryRun ? ["diff"] : ["push", "--yes"])]);
  const changes = [...text.matchAll(/^(\S+) \[(?:update|local-only|add)\]\n\s+local:\s+(.*)/gm)];
  if (changes.length === 0) return print("config: up to date");
  for (const [, name, value] of changes) print(`config: ${dryRun ? "would set" : "set"} ${name} = ${value}`);
}

/** Sets the secrets whose digests differ. Their values are in a file of the staged folder, and nowhere else. */
export async function setSecrets({ cli, dryRun, print }: Deployment, settings: Settings): Promise<void> {
  const kept = await cli.read<{ name: string; value: string }[]>(["secrets", "list"]);
  const digests = new Map(kept.map(({ name, value }) => [name, value]));
  const changed: Settings = {};
  for (const [name, value] of Object.entries(settings)) {
    if (digests.get(name) !== await sha256(value)) changed[name] = value;
  }
  const names = Object.keys(changed);
  if (names.length === 0) return print("secrets: up to date");
  if (!dryRun) {
    const file = join(cli.workdir, "secrets.env");
    // In these quotes nothing is expanded; a value that has one of them was refused before.
    const lines = Object.entries(changed).map(([name, value]) => `${name}='${value}'\n`);
    await Deno.writeTextFile(file, lines.join(""), { mode: 0o600 });
    await cli.run(["secrets", "set", "--env-file", file, "--yes"]);
  }
  print(`secrets: ${dryRun ? "would set" : "set"} ${names.join(", ")}`);
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}

/** Uploads every function; the platform counts a version when something changed. */
export async function deployFunctions({ cli, dryRun, print }: Deployment, bundles: Bundle[]): Promise<void> {
  const versions = async () => {
    const functions = await cli.read<{ slug: string; version: number }[]>(["functions", "list"]);
    return new Map(functions.map(({ slug, version }) => [slug, version]));
  };
  const before = await versions();
  if (!dryRun) await cli.run(["functions", "deploy", "--use-api", "--yes"]);
  const after = dryRun ? before : await versions();
  for (const { name, bytes } of bundles) {
    const [old, current] = [before.get(name), after.get(name)];
    const what = dryRun
      ? `would upload one file${old ? `, version ${old} is there` : ""}`
      : old === current
      ? `version ${current}, unchanged`
      : `version ${current}`;
    print(`functions: ${name}, ${Math.ceil(bytes / 1024)} KiB: ${what}`);
  }
}

/** Says what runs by itself, and what somebody has to call: `jobs/run` of each function that has a kind of job. */
export async function sayWhatIsScheduled(
  { print }: Deployment,
  url: string,
  bundles: Bundle[],
): Promise<void> {
  print("schedules: pg_cron has the sweeps since the migrations: `select jobname, schedule from cron.job`");
  for (const { name } of bundles) {
    const product = join(CHECKOUT, "supabase", "functions", name, "product.ts");
    if (!await Deno.stat(product).catch(() => undefined)) continue;
    print(
      `schedules: POST ${url}/${name}/jobs/run every minute, with SCHEDULER_SECRET in the header X-Api-Key`,
    );
  }
}

/** Asks each function how it is; one that was uploaded a moment ago may take a moment. @throws {StackError} */
export async function checkHealth(
  url: string,
  names: string[],
  print: (line: string) => void,
): Promise<void> {
  const problems = await Promise.all(
    names.map((name) =>
      pRetry(() => ask(`${url}/${name}/health`), { retries: 3, minTimeout: 500 })
        .catch((error: Error) => error.message)
    ),
  );
  names.forEach((name, i) =>
    print(`health: ${name} ${problems[i] ? `is not well: ${problems[i]}` : "is well"}`)
  );
  if (problems.some(Boolean)) {
    throw new StackError("not every function is well: see their logs under Edge Functions in the dashboard");
  }
}

async function ask(url: string): Promise<undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
}
