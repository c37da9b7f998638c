/** `deno task bench growth [ROWS]`: what each RPC costs beside that many ledger rows, and what keeping them takes. */
import type postgres from "postgres";
import { asPostgres, withDatabase } from "../local/database/database_stack.ts";
import { newJob, pair } from "./credits.ts";
import { Databases } from "./databases.ts";
import { activeUser, anyUser, grow, type Grown, type GrownDatabase } from "./grown.ts";
import { measure, table, upTo, type Variant } from "./measure.ts";
import { migratePartitioned, PARTITIONS } from "./partitioned.ts";
import { archiving, sizes, sweeps, tidying } from "./upkeep.ts";
import { logOfPairs } from "./written.ts";

const ROWS = 1_000_000;
/** Above this the disk need not hold everything twice. */
const PARTITIONED_ROWS = 10_000_000;

/** Seeding writes no log, and what is measured has time between checkpoints. */
const SETTINGS = { wal_level: "minimal", max_wal_senders: "0", maintenance_work_mem: "512MB" };

function variants(database: GrownDatabase): Variant[] {
  const { sql, heavy } = database;
  const request = { prompt: "a shy dragon", age_min: 4, age_max: 7, pages: 8, language: "en" };
  const calls: Record<string, (user: string) => Promise<unknown>> = {
    "reserve + confirm": (user) => pair(sql, user, "confirm"),
    "reserve + release": (user) => pair(sql, user, "release"),
    "grant_credits": (user) =>
      sql`select outcome from public.grant_credits(${user}, 1, 'promotion', ${newJob()})`,
    "read_balance": (user) => sql`select outcome from public.read_balance(${user})`,
    "read_usage, 50 rows": (user) => sql`select outcome from public.read_usage(${user})`,
    "verify_credits(user)": (user) => sql`select * from public.verify_credits(${user})`,
    "create_story": (user) => sql`select outcome from public.create_story(${user}, ${sql.json(request)})`,
  };
  const all = Object.entries(calls).map(([name, call]) => ({ name, once: () => call(activeUser(database)) }));
  return [
    ...all,
    { name: "reserve + confirm, any user", once: () => pair(sql, anyUser(database), "confirm") },
    {
      name: "verify_credits(user), any user",
      once: () => sql`select * from public.verify_credits(${anyUser(database)})`,
    },
    {
      name: "verify_credits(user) with 10,001 rows",
      once: () => sql`select * from public.verify_credits(${heavy})`,
    },
    { name: "the sweep of holds, nothing due", once: () => sql`select public.release_stale_reservations()` },
    { name: "the sweep of batches, nothing due", once: () => sql`select public.expire_credits()` },
  ];
}

async function plain(databases: Databases, rows: number): Promise<GrownDatabase> {
  let grown!: Grown;
  const sql = await databases.create("grown", async (sql) => grown = await prepared(sql, rows));
  return { name: "grown", sql, ...grown };
}

async function partitioned(databases: Databases, rows: number): Promise<GrownDatabase> {
  let grown!: Grown;
  const name = "partitioned";
  const fill = async (sql: postgres.Sql) => {
    await migratePartitioned(withDatabase(asPostgres(databases.url(name)), name));
    grown = await prepared(sql, rows);
  };
  const sql = await databases.create(name, fill, "platform");
  return { name, sql, ...grown };
}

/** With limits that nobody meets. */
async function prepared(sql: postgres.Sql, rows: number): Promise<Grown> {
  await sql`update public.rate_limit_policies set max_requests = 1000, window_minutes = 1`;
  return await grow(sql, rows);
}

/** Runs everything at one size and gives back the results as Markdown. */
export async function benchGrowth(rows = Number(Deno.args[1] ?? ROWS)): Promise<string> {
  const settings = { ...SETTINGS, log_min_messages: "error" };
  await using databases = await Databases.start(settings);
  const parts: string[] = [];
  const say = (text: string) => {
    console.log(text);
    parts.push(text);
  };
  const cheapest = await databases.cheapest();
  const limit = {
    name: "one-row update (the limit)",
    once: () => cheapest`update counters set n = n + 1 where id = ${upTo(10_000)}`,
  };

  const made = performance.now();
  const one = await plain(databases, rows);
  say(
    `Made in ${Math.round((performance.now() - made) / 1_000)} s: ${one.users.toLocaleString("en")} users.\n`,
  );
  const all = [{ title: "As installed", database: one }];
  if (rows <= PARTITIONED_ROWS) {
    const database = await partitioned(databases, rows);
    all.push({ title: `In ${PARTITIONS} partitions by hash of the user`, database });
  }
  for (const { title, database } of all) say(await sizes(title, database));
  await databases.settle();
  for (const { title, database } of all) {
    say(table(`${title}: a call`, await measure([limit, ...variants(database)])));
  }
  for (const { title, database } of all) {
    say(await logOfPairs(title, database));
    say(await sweeps(title, database));
    say(await tidying(title, database));
    say(await archiving(title, database));
  }
  return parts.join("\n");
}
