/** Runs pgTAP files over a normal connection, which needs neither psql nor pg_prove. */
import postgres from "postgres";
import { Parser } from "tap-parser";
import { createDatabase, dropDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { messageOf } from "../../local/errors.ts";
import { add, type Count } from "./count.ts";
import { readPgtap } from "./pgtap_file.ts";

const AT_ONCE = 2;

/** Runs pgTAP files, two at a time, in two clones of the migrated database: each file undoes what it does. */
export async function runAllPgtap(
  paths: string[],
  stack: { dbUrl: string; adminUrl: string },
): Promise<Count> {
  const total = { passed: 0, failed: 0 };
  const queue = paths.values();
  const work = async () => {
    await using session = await startSession(stack);
    for (const path of queue) add(total, await runPgtap(path, session.sql));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return total;
}

/** A connection to a clone of its own. */
async function startSession(
  { dbUrl, adminUrl }: { dbUrl: string; adminUrl: string },
): Promise<{ sql: postgres.Sql } & AsyncDisposable> {
  const database = `pgtap_${crypto.randomUUID().replaceAll("-", "")}`;
  await createDatabase(adminUrl, database);
  const sql = postgres(withDatabase(dbUrl, database), { max: 1, onnotice: () => {} });
  return {
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await dropDatabase(adminUrl, database);
    },
  };
}

/** Runs the pgTAP file at `path`, between `begin` and `rollback`. */
async function runPgtap(path: string, sql: postgres.Sql): Promise<Count> {
  const text = await readPgtap(path);
  try {
    if (!/^begin;$[^]*\nrollback;\s*$/m.test(text)) throw new Error("it does not undo what it does");
    const results: unknown = await sql.unsafe(text).simple();
    return report(path, tapOf(results));
  } catch (error) {
    console.log(`not ok  ${path}${placeOf(error, text)}: ${messageOf(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    // What failed in the middle has not come to its own.
    for (const statement of ["rollback", "discard all"]) await sql.unsafe(statement);
  }
}

/** Every row pgTAP returned is a line of TAP, a diagnosis several; rows of other statements have other columns. */
function tapOf(results: unknown): string {
  const rows = Array.isArray(results) ? results.flat() : [];
  return rows.flatMap((row: Record<string, unknown>) => Object.values(row))
    .filter((value) => typeof value === "string").join("\n");
}

function report(path: string, tap: string): Count {
  const results = Parser.parse(tap).find((event) => event[0] === "complete")?.[1];
  if (!results || typeof results !== "object" || !("pass" in results)) {
    throw new Error("the file printed no TAP");
  }
  // A plan that was not met is a failure too, although no assertion says so.
  const failed = results.fail || (results.ok ? 0 : 1);
  console.log(`${failed ? "not ok" : "ok"}  ${path} (${results.pass} passed, ${failed} failed)`);
  if (failed) console.log(tap.split("\n").filter((line) => /^(not ok|\s*#)/.test(line)).join("\n"));
  return { passed: results.pass, failed };
}

function placeOf(error: unknown, text: string): string {
  if (!(error instanceof postgres.PostgresError) || !error.position) return "";
  return `:${text.slice(0, Number(error.position)).split("\n").length}`;
}
