import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { StackError } from "../errors.ts";

/**
 * Path of the Supabase CLI that `deno.json` pins: the program itself, because the package's script, which starts it, needs
 * another Deno for every command.
 *
 * @throws {StackError} where there is none for this platform.
 */
export function pinnedCli(): string {
  const { os, arch } = Deno.build;
  const name = `@supabase/cli-${os}-${arch === "aarch64" ? "arm64" : "x64"}`;
  const packages = createRequire(createRequire(import.meta.url).resolve("supabase/package.json"));
  try {
    const folder = dirname(packages.resolve(`${name}/package.json`));
    return join(folder, "bin", os === "windows" ? "supabase.exe" : "supabase");
  } catch {
    throw new StackError(`npm has no ${name}: the Supabase CLI does not run on this platform`);
  }
}

/** Runs a command of the Supabase CLI and gives back what it printed; by another program than the pinned one if it is named. */
export async function supabase(
  args: string[],
  workdir = CHECKOUT,
  program = pinnedCli(),
): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const { shown, env } = withoutPassword(args);
  const command = new Deno.Command(program, {
    args: [...shown, "--workdir", workdir],
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", NO_COLOR: "1", ...env },
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Everybody on this machine may read a command's arguments: the password of `--db-url` goes where libpq would look for it. */
function withoutPassword(args: string[]): { shown: string[]; env: Record<string, string> } {
  const index = args.indexOf("--db-url") + 1;
  if (index === 0) return { shown: args, env: {} };
  const url = new URL(args[index]);
  const env = { PGPASSWORD: decodeURIComponent(url.password) };
  url.password = "";
  return { shown: args.with(index, url.href), env };
}

/** Applies the migrations that `dbUrl` does not have yet, in the way a hosted project gets them; `seeds` as well if wanted. */
export async function migrate(dbUrl: string, workdir = CHECKOUT, seeds = false): Promise<void> {
  const args = ["db", "push", "--yes", ...seeds ? ["--include-seed"] : [], "--db-url", dbUrl];
  const { success, stdout, stderr } = await supabase(args, workdir);
  if (!success) throw new StackError(reason(stdout + stderr));
}

/** What to do about an extension that embedded Postgres does not have. */
export const OTHER_POSTGRES =
  "name an installation of Postgres 16 or newer that has it in POSTGRES_HOME, such as /usr/lib/postgresql/17, and delete the stack's data first";

/** One line out of what the CLI printed: which migration it was at, and what the database said. */
function reason(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const current = lines.findLast((line) => line.startsWith("Applying migration "))?.match(/\S+\.sql/)?.[0];
  const error = lines.find((line) => line.startsWith("ERROR")) ?? lines.filter(Boolean).slice(-3).join(" ");
  if (/extension "\S+" is not available/.test(error)) return `${current}: ${error}: ${OTHER_POSTGRES}`;
  return current
    ? `the migration ${current} failed: ${error}: correct supabase/migrations/${current} and start again`
    : `the migrations could not be applied: ${error}`;
}
