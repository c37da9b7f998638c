/**
 * `deno task backend:check URL [--key KEY] [--timeout SECONDS]`: does a generation backend keep its contract?
 *
 * The key is taken from `API_SHARED_SECRET` (the first one) when it is not given. Ends with 0 when every check passes,
 * 1 when one does not, 2 when it was called wrongly.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type Backend, CHECKS } from "./backend_conformance.ts";

const USAGE = "usage: deno task backend:check URL [--key KEY] [--timeout SECONDS]";

function readArguments(args: string[]): Backend | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: args.filter((argument) => argument !== "--"),
      options: { key: { type: "string" }, timeout: { type: "string", default: "120" } },
      allowPositionals: true,
    });
    const key = values.key ?? Deno.env.get("API_SHARED_SECRET")?.split(",")[0].trim();
    const timeoutMs = Number(values.timeout) * 1000;
    if (positionals.length !== 1 || !URL.canParse(positionals[0]) || !key || !(timeoutMs > 0)) return;
    return { url: positionals[0].replace(/\/+$/, ""), key, timeoutMs };
  } catch {
    return;
  }
}

/** Runs every check against `backend`, prints one line each, and resolves to how many failed. */
export async function checkBackend(backend: Backend, print: (line: string) => void): Promise<number> {
  let failed = 0;
  for (const { name, run } of CHECKS) {
    try {
      print(`ok      ${name} (${await run(backend)})`);
    } catch (error) {
      failed++;
      print(`not ok  ${name}\n        ${error instanceof Error ? error.message : error}`);
    }
  }
  print(`${CHECKS.length - failed} passed, ${failed} failed`);
  return failed;
}

if (import.meta.main) {
  const backend = readArguments(Deno.args);
  if (!backend) {
    console.error(`${USAGE}\nWithout --key, API_SHARED_SECRET must be set.`);
    Deno.exit(2);
  }
  Deno.exit(await checkBackend(backend, console.log) === 0 ? 0 : 1);
}
