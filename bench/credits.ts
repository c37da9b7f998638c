/** `deno task bench credits`: one reservation and its end, against the cheapest durable transaction and the plain design. */
import type postgres from "postgres";
import { Databases } from "./databases.ts";
import { CONNECTIONS, measure, table, upTo, type Variant } from "./measure.ts";
import { type Seed, seed, seededUser } from "./seed.ts";

const USERS = 10_000;

/** Seeds of as many users as are measured, which must all cost the same. */
const SIZES: Record<string, [string, Seed][]> = {
  "Reserve + confirm as the data grows": [
    ["10,000 users", { users: USERS }],
    ["200 users, who meet more often", { users: 200 }],
    ["1,000,000 users", { users: 1_000_000 }],
    ["2,000,000 past reservations", { users: USERS, past: 200 }],
  ],
  // Against as few users with one batch.
  "Reserve + confirm of 200 users as their batches grow": [
    ["one batch a user", { users: 200 }],
    ["1,000 batches a user", { users: 200, batches: 1_000 }],
    ["1,000 batches a user, 999 of them exhausted", { users: 200, batches: 1_000, exhausted: 999 }],
  ],
};

let counter = 0;

/** Time-ordered, as the ids of jobs are. */
export function newJob(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = (counter++).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
}

/** Every design's functions are called in `from`, as the Data API calls them. */
export async function pair(sql: postgres.Sql, user: string, end: "confirm" | "release"): Promise<unknown> {
  const job = newJob();
  await sql`select outcome from public.reserve_credits(${user}, ${job}, 1, 'story')`;
  if (end === "confirm") return await sql`select outcome from public.confirm_credits(${user}, ${job})`;
  return await sql`select outcome from public.release_credits(${user}, ${job})`;
}

function ours(name: string, sql: postgres.Sql, users: number, end: "confirm" | "release"): Variant {
  return { name, once: () => pair(sql, seededUser(upTo(users)), end) };
}

/**
 * Past the checkpoint, as a database under load nearly always is: the first write to a page after one puts the whole page
 * into the log, and a new connection maps each page it touches; the more rows there are, the more pages, 17 KB of log a pair
 * at first with two million reservations, 2 KB later. So each user has a few pairs before the measurement.
 */
function pastTheCheckpoint(variant: Variant, sql: postgres.Sql, users: number): Variant {
  const warmUp = async () => {
    for (let round = 0; round < 3; round++) {
      let next = 0;
      const work = async () => {
        while (next < users) await pair(sql, seededUser(++next), "confirm");
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, work));
    }
  };
  return { ...variant, warmUp };
}

function plain(name: string, sql: postgres.Sql, users: number, end: "confirm" | "release"): Variant {
  const once = async () => {
    const user = seededUser(upTo(users));
    const [{ id }] = await sql`select id from plain.reserve(${user}, 1, ${newJob()}) id`;
    if (end === "confirm") return await sql`select done from plain.confirm(${id}, ${user}) done`;
    return await sql`select done from plain.release(${id}, ${user}) done`;
  };
  return { name, once };
}

/** With a past reservation of each user, so that no plan is made for an empty table: that would cost it a great deal. */
async function plainDatabase(databases: Databases, name: string, users: number, batches: number) {
  const text = await Deno.readTextFile(new URL("plain.sql", import.meta.url));
  return await databases.create(name, (sql) =>
    sql.unsafe(`${text}
      insert into plain.credits (user_id, remaining)
      select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 1000000
      from generate_series(1, ${users}) n, generate_series(1, ${batches}) b;
      insert into plain.usage (user_id, job_id, credits, status, metadata)
      select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(), 1, 'confirmed', '{}'
      from generate_series(1, ${users}) n;`).simple());
}

/**
 * pgledger, a public double-entry ledger in SQL, where PGLEDGER_SQL names a file with it and the ULID functions it
 * needs: reserving is a transfer from what is available to what is held, confirming one from there to what is spent.
 */
async function pgledger(databases: Databases): Promise<Variant[]> {
  const file = Deno.env.get("PGLEDGER_SQL");
  if (!file) return [];
  const text = await Deno.readTextFile(file);
  const sql = await databases.create("pgledger", async (sql) => {
    await sql.unsafe(text).simple();
    // Its ids are its own; accounts are found by giving them ours.
    await sql`
      insert into pgledger_accounts (
        id, name, currency, balance, allow_negative_balance, allow_positive_balance, created_at, updated_at
      )
      select kind || n, kind || n, 'CREDIT', 1000000, false, true, now(), now()
      from generate_series(1, ${USERS}::integer) n, unnest('{available,held,spent}'::text[]) kind`;
    await sql`
      select count(*) from generate_series(1, ${USERS}::integer) n, pgledger_create_transfer('available' || n, 'held' || n, 1)`;
  });
  const pair = (name: string, users: number): Variant => ({
    name,
    once: async () => {
      const n = upTo(users);
      await sql`select id from pgledger_create_transfer(${`available${n}`}, ${`held${n}`}, 1)`;
      return await sql`select id from pgledger_create_transfer(${`held${n}`}, ${`spent${n}`}, 1)`;
    },
  });
  return [pair("pgledger: two transfers", USERS), pair("pgledger: two transfers, one hot user", 1)];
}

async function pairs(databases: Databases): Promise<string> {
  const cheapest = await databases.cheapest();
  const credits = await databases.create("pairs", (sql) => seed(sql, { users: USERS }));
  const json = await plainDatabase(databases, "plain", USERS, 1);
  const double = await pgledger(databases);
  const pooled = await databases.pooled("pairs");
  await databases.settle();
  const measured = await measure([
    {
      name: "one-row update (the limit)",
      once: () => cheapest`update counters set n = n + 1 where id = ${upTo(USERS)}`,
    },
    ours("reserve + confirm", credits, USERS, "confirm"),
    ours("reserve + release", credits, USERS, "release"),
    ...(pooled ? [ours("reserve + confirm, through PgBouncer, not prepared", pooled, USERS, "confirm")] : []),
    plain("plain: reserve + confirm", json, USERS, "confirm"),
    plain("plain: reserve + release", json, USERS, "release"),
    { name: "one-row update, one hot row", once: () => cheapest`update counters set n = n + 1 where id = 1` },
    ours("reserve + confirm, one hot user", credits, 1, "confirm"),
    plain("plain: reserve + confirm, one hot user", json, 1, "confirm"),
    ...double,
  ]);
  const missing =
    "Not measured: pgledger, whose SQL is not ours to keep here (name a file with it as PGLEDGER_SQL).";
  return table("A reservation and its end", measured) + (double.length ? "" : `\n${missing}\n`);
}

async function sizes(databases: Databases): Promise<string> {
  const tables: string[] = [];
  for (const [title, seeds] of Object.entries(SIZES)) {
    const variants: Variant[] = [];
    for (const [index, [name, what]] of seeds.entries()) {
      const sql = await databases.create(`size_${tables.length}_${index}`, (sql) => seed(sql, what));
      const users = Math.min(what.users, USERS);
      variants.push(pastTheCheckpoint(ours(name, sql, users, "confirm"), sql, users));
    }
    if (seeds.some(([, { batches }]) => batches)) {
      const json = await plainDatabase(databases, "plain_batches", 200, 1_000);
      variants.push(plain("plain: 1,000 batches a user", json, 200, "confirm"));
    }
    await databases.settle();
    tables.push(table(title, await measure(variants)));
  }
  return tables.join("\n");
}

/** An admission is rate limit, price, balance, reservation and job in one call; its floor is their rows alone. */
async function admission(databases: Databases): Promise<string> {
  const rows = await Deno.readTextFile(new URL("floor.sql", import.meta.url));
  const sql = await databases.create("admission", async (sql) => {
    await seed(sql, { users: USERS });
    await sql`update public.rate_limit_policies set max_requests = 60, window_minutes = 1440`;
    await sql.unsafe(rows).simple();
  });
  await databases.settle();
  const request = { prompt: "a shy dragon", age_min: 4, age_max: 7, pages: 8, language: "en" };
  const reserve = () =>
    sql`select outcome from public.reserve_credits(${seededUser(upTo(USERS))}, ${newJob()}, 1, 'story')`;
  const admit = () =>
    sql`select outcome from public.create_story(${seededUser(upTo(USERS))}, ${sql.json(request)})`;
  const floor = () =>
    sql`select admitted from public.admission_floor(${
      seededUser(upTo(USERS))
    }, ${newJob()}, ${request.prompt}) admitted`;
  return table(
    "Admission",
    await measure([
      { name: "bare reservation", once: reserve },
      { name: "create_story", once: admit },
      { name: "its rows alone, nothing checked", once: floor },
    ]),
  );
}

/** Proving one user's books must not cost more because others have many. */
async function proofs(databases: Databases): Promise<string> {
  const sql = await databases.create("proofs", (sql) => seed(sql, { users: 10_000, past: 50 }));
  const alone = await databases.create("proof_of_one", (sql) => seed(sql, { users: 1, past: 50 }));
  return table(
    "verify_credits() for one user with 101 entries in the ledger",
    await measure([
      { name: "alone", once: () => alone`select * from public.verify_credits(${seededUser(1)})` },
      {
        name: "beside a million entries of others",
        once: () => sql`select * from public.verify_credits(${seededUser(upTo(10_000))})`,
      },
    ]),
  );
}

/** Runs everything and gives back the results as Markdown. */
export async function benchCredits(): Promise<string> {
  await using databases = await Databases.start();
  const parts = [
    await pairs(databases),
    await admission(databases),
    await proofs(databases),
    await sizes(databases),
  ];
  return parts.join("\n");
}
