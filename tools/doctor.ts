/**
 * `deno task doctor [--env-file FILE] [--test] [--json] [--local]`: says of everything that an operator has to look after
 * whether it is well, one line each, and what to do about what is not. Changes nothing.
 *
 * Reads the functions' settings from `--env-file` (`.env.production`, where there is one) and the environment:
 * `SUPABASE_URL`, and `SUPABASE_SECRET_KEYS` or `SUPABASE_SERVICE_ROLE_KEY`. `--local` takes those of the stack that runs
 * here.
 *
 * Ends with 0 when nothing alarms (a warning may wait), 1 when somebody has to look, 2 when it could not look.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "smol-toml";
import { CHECKOUT } from "../local/checkout.ts";
import { LOCAL } from "../local/data_folder.ts";
import { call } from "../supabase/functions/_shared/database/client.ts";
import { required } from "../supabase/functions/_shared/env.ts";
import { mask } from "../supabase/functions/_shared/log.ts";
import { reasonOf, UsageError, useLocalStack } from "./command.ts";
import { problemsOf, readSettings, type Settings } from "./deploy/settings.ts";
import { type Finding, finding } from "./doctor/finding.ts";
import { checkStripe } from "./doctor/stripe.ts";

const USAGE = "usage: deno task doctor [--env-file FILE] [--test] [--json] [--local [--dir .local]]";

const OPTIONS = {
  "env-file": { type: "string" },
  test: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  local: { type: "boolean", default: false },
  dir: { type: "string", default: LOCAL },
} as const;

/** @throws {UsageError} */
function readArguments() {
  try {
    return parseArgs({ args: Deno.args.filter((argument) => argument !== "--"), options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** The settings in the file; `undefined` when none was named and there is none. @throws {UsageError} */
async function settingsIn(named: string | undefined): Promise<Settings | undefined> {
  const file = named ?? join(CHECKOUT, ".env.production");
  return await readSettings(file).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (named !== undefined) throw new UsageError(`there is no ${named}`);
    return undefined;
  });
}

function checkSettings(settings: Settings | undefined, isTest: boolean): Finding[] {
  if (!settings) {
    return [
      finding("settings", "warn", "no .env.production here", "name the file with --env-file", "settings"),
    ];
  }
  const problems = problemsOf(settings, isTest ? "test" : "live");
  if (problems.length === 0) return [finding("settings", "ok", "complete and well formed", "", "settings")];
  return problems.map((problem) =>
    finding("settings", "alarm", problem, "correct it, and deploy", "settings")
  );
}

/** How each function is that `config.toml` names. */
async function checkFunctions(address: string): Promise<Finding[]> {
  const config = parse(await Deno.readTextFile(join(CHECKOUT, "supabase", "config.toml")));
  const names = Object.keys(config.functions as Record<string, unknown>);
  return await Promise.all(names.map(async (name) => {
    const { ok, said, code } = await ask(`${address}/${name}/health`);
    const advice = code === "not_configured" ? UNSET : AWAY;
    return finding(`health_${name.replaceAll("-", "_")}`, ok ? "ok" : "alarm", said, advice, "what-to-watch");
  }));
}

const UNSET = "see its log under Edge Functions in the dashboard: it names the setting that is missing";
const AWAY =
  "ask again; should it stay so, see its log under Edge Functions in the dashboard, and whether the database is well";

async function ask(url: string): Promise<{ ok: boolean; said: string; code?: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(15_000) });
    const { code } = await response.json().catch(() => ({}));
    return { ok: response.ok, said: ["answers", response.status, code].filter(Boolean).join(" "), code };
  } catch {
    return { ok: false, said: "does not answer" };
  }
}

async function checkDatabase(): Promise<Finding[]> {
  const rows = await call("health_report", {});
  return rows.map(({ name, status, count, oldest, advice, page }) => {
    const found = [count ?? "?", oldest === null ? "" : `since ${oldest.slice(0, 16).replace("T", " ")}`];
    return {
      name,
      status: status as Finding["status"],
      found: found.join(" ").trim(),
      advice: status === "ok" ? "" : advice,
      page,
    };
  });
}

/** A group of checks, or one alarm where it could not be looked at. */
async function group(name: string, section: string, checks: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await checks();
  } catch (error) {
    return [
      finding(name, "alarm", mask(reasonOf(error)), "see that its keys and address are right", section),
    ];
  }
}

function render(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings.map(({ name, status, found, advice, page }) =>
    `${status.padEnd(5)}  ${name.padEnd(width)}  ${found}${advice ? `: ${advice} (${page})` : ""}`
  ).join("\n");
}

async function main(): Promise<number> {
  const { local, dir, json, test, "env-file": file } = readArguments();
  const settings = local ? undefined : await settingsIn(file);
  if (local) await useLocalStack(dir);
  else for (const [name, value] of Object.entries(settings ?? {})) Deno.env.set(name, value);
  const functions = `${required("SUPABASE_URL").replace(/\/+$/, "")}/functions/v1`;
  const findings = (await Promise.all([
    local ? [] : checkSettings(settings, test),
    group("functions", "what-to-watch", () => checkFunctions(functions)),
    group("stripe", "stripe-events", () => checkStripe(functions)),
    group("database", "what-to-watch", checkDatabase),
  ])).flat();
  console.log(json ? JSON.stringify(findings, null, 2) : render(findings));
  return findings.some(({ status }) => status === "alarm") ? 1 : 0;
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(error instanceof UsageError ? error.message : mask(`Could not look: ${reasonOf(error)}`));
  Deno.exit(2);
}
