/**
 * `deno task credits:import FILE [--dry-run] [--local [--dir .local]]`: gives the users of an existing product the
 * credits that they have there. FILE is CSV with a header line: `user_id`, `amount` and, where wanted, `key` (one for
 * each row of a user, "opening balance" without one), `expires_at`, `description`.
 *
 * The whole file is checked, its users too, before anything is granted; what was granted before is not granted again, so
 * that an import which was stopped goes on where it ended.
 *
 * Connects to `SUPABASE_DB_URL`. Ends with 0 when all is well, 1 when a row could not be granted as it is, 2 when it
 * could not be done.
 *
 * @module
 */
import { parseArgs } from "node:util";
import postgres from "postgres";
import { LOCAL } from "../local/data_folder.ts";
import { mask } from "../supabase/functions/_shared/log.ts";
import { localStack, reasonOf, UsageError } from "./command.ts";
import { FileError, type Grant, readRows } from "./opening_balances.ts";

const USAGE = "usage: deno task credits:import FILE [--dry-run] [--local [--dir .local]]";

const OPTIONS = {
  "dry-run": { type: "boolean", default: false },
  local: { type: "boolean", default: false },
  dir: { type: "string", default: LOCAL },
} as const;

/** How many rows are granted at once. */
const AT_ONCE = 8;

/** @throws {FileError} naming the lines whose user Auth does not know */
async function requireUsers(sql: postgres.Sql, grants: Grant[]): Promise<void> {
  const ids = grants.map(({ user_id }) => user_id);
  const known = await sql<{ id: string }[]>`select id from auth.users where id = any (${ids}::uuid[])`;
  const users = new Set(known.map(({ id }) => id));
  const strangers = grants.filter(({ user_id }) => !users.has(user_id));
  if (strangers.length > 0) {
    throw new FileError(strangers.map(({ line }) => `line ${line}: user_id is nobody's here`));
  }
}

/** Grants each row on its own, so that nobody's account is locked for long; `problems` says what came out otherwise. */
async function grantAll(sql: postgres.Sql, grants: Grant[]) {
  const problems: string[] = [];
  const count = { granted: 0, already_granted: 0 };
  await Promise.all(grants.map(async ({ user_id, amount, key, expires_at, description, line }) => {
    try {
      const [answer] = await sql<{ outcome: keyof typeof count; amount: string; same: boolean }[]>`
        select outcome, amount::text, amount = ${amount} as same
        from public.grant_credits(${user_id}, ${amount}, 'migration', ${key}, ${expires_at}, ${description})`;
      count[answer.outcome]++;
      if (!answer.same) problems.push(`line ${line}: was granted before, as ${answer.amount}`);
    } catch (error) {
      if (!(error instanceof postgres.PostgresError && error.code === "22023")) throw error;
      problems.push(`line ${line}: ${error.message}`);
    }
  }));
  return { ...count, problems };
}

async function importAll(sql: postgres.Sql, grants: Grant[], isDry: boolean): Promise<number> {
  await requireUsers(sql, grants);
  const cents = grants.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  console.log(`${grants.length} rows, ${(cents / 100).toFixed(2)} credits`);
  if (isDry) return 0;
  const { granted, already_granted, problems } = await grantAll(sql, grants);
  console.log(`${granted} granted, ${already_granted} granted before`);
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  const args = Deno.args.filter((argument) => argument !== "--");
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (positionals.length !== 1) throw new UsageError(USAGE);
  const grants = readRows(await Deno.readTextFile(positionals[0]));
  const url = values.local ? (await localStack(values.dir)).DB_URL : Deno.env.get("SUPABASE_DB_URL");
  if (!url) throw new UsageError("SUPABASE_DB_URL is not set: the project's connection string");
  const sql = postgres(url, { max: AT_ONCE, onnotice: () => {} });
  try {
    return await importAll(sql, grants, values["dry-run"]);
  } finally {
    await sql.end();
  }
}

try {
  Deno.exit(await main());
} catch (error) {
  const isPlain = error instanceof UsageError || error instanceof FileError;
  console.error(isPlain ? error.message : mask(`Could not import: ${reasonOf(error)}`));
  Deno.exit(error instanceof FileError ? 1 : 2);
}
