/** `deno task bench limits`: one check of a rate limit, against the usual design and a well-known library. */
import pg from "pg";
import type postgres from "postgres";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { Databases } from "./databases.ts";
import { CONNECTIONS, measure, type Measurement, table, upTo, type Variant } from "./measure.ts";
import { redisVariants } from "./redis.ts";

const KEYS = 10_000;
const NEVER = 1_000_000;

/** A limit whose times do not fit into one small row, and the keys it is asked for. */
const WIDE = 20_000;
const WIDE_KEYS = 20;

/** Requests a key made before, and over how many keys they are spread. */
const DEPTHS = [[5, 10_000], [100, 2_000], [1_000, 200], [10_000, 20]];

const key = () => `user ${upTo(KEYS)}`;

/** Time that runs so fast that a window has always passed: every call on one key is allowed, as often as wanted. */
const FAST_CLOCK = `
  do $do$ begin
    execute format($f$
      create or replace function credits_private.clock() returns timestamptz language plpgsql set search_path = '' as $c$
      begin
        return %L::timestamptz + (clock_timestamp() - %L::timestamptz) * 100000;
      end $c$ $f$, now(), now());
  end $do$`;

function check(name: string, sql: postgres.Sql, identifier: () => string, max: number): Variant {
  return {
    name,
    once: () => sql`select public.check_rate_limit(${identifier()}, 'bench', ${max}) as answer`,
  };
}

function counted(name: string, sql: postgres.Sql, identifier: () => string, max = NEVER): Variant {
  return {
    name,
    once: () => sql`select counted.check(${identifier()}, 'bench', ${max}, interval '1 hour') as answer`,
  };
}

async function countedDatabase(databases: Databases): Promise<postgres.Sql> {
  const text = await Deno.readTextFile(new URL("counted.sql", import.meta.url));
  return await databases.create("counted", async (sql) => {
    await sql.unsafe(text).simple();
    for (const [depth, keys] of DEPTHS) {
      await sql`
        insert into counted.requests (identifier, action)
        select ${`depth ${depth} `} || k, 'bench' from generate_series(1, ${keys}::integer) k, generate_series(1, ${depth}::integer)`;
    }
  });
}

/** Keys with `count` requests each in the window of a limit of {@linkcode WIDE}, as that many calls leave them. */
async function use(sql: postgres.Sql, name: string, count: number) {
  const chunks = Math.max(0, Math.floor(count / 64) - 1);
  await sql`
    insert into public.api_rate_limits (identifier, action, hits, chunks)
    select ${name} || k, 'bench', array_agg(now() - make_interval(secs => n * 0.05) order by n desc), ${chunks}
    from generate_series(1, ${WIDE_KEYS}::integer) k, generate_series(1, ${count - chunks * 64}::integer) n
    group by k`;
  await sql`
    insert into credits_private.rate_limit_chunks (identifier, action, last_hit, chunk, hits)
    select
      ${name} || k, 'bench', max(now() - make_interval(secs => n * 0.05)), c,
      array_agg(now() - make_interval(secs => n * 0.05) order by n desc)
    from
      generate_series(1, ${WIDE_KEYS}::integer) k,
      generate_series(1, ${chunks}::integer) c,
      lateral generate_series(${count}::integer - c * 64 + 1, ${count}::integer - (c - 1) * 64) n
    group by k, c`;
}

async function throughPg(databases: Databases): Promise<{ variants: Variant[]; end(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: databases.url("limits"), max: CONNECTIONS });
  const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
    const options = { storeClient: pool, points: NEVER, duration: 3_600, tableName: "flexible" };
    const limiter = new RateLimiterPostgres(options, (error) => error ? reject(error) : resolve(limiter));
  });
  const text = "select public.check_rate_limit($1, 'bench', 64) as answer";
  const variants = [
    {
      name: "ours through pg, 10,000 keys",
      once: () => pool.query({ name: "check", text, values: [key()] }),
    },
    { name: "rate-limiter-flexible, Postgres store, 10,000 keys", once: () => limiter.consume(key()) },
    { name: "rate-limiter-flexible, Postgres store, one hot key", once: () => limiter.consume("hot") },
  ];
  return { variants, end: () => pool.end() };
}

async function variantsOf(databases: Databases): Promise<Variant[]> {
  const cheapest = await databases.cheapest();
  const limits = await databases.create("limits", () => Promise.resolve());
  const fast = await databases.create("fast", (sql) => sql.unsafe(FAST_CLOCK));
  const log = await countedDatabase(databases);
  for (let call = 0; call < 5; call++) await limits`select public.check_rate_limit('refused', 'bench', 5)`;
  const depths = [5, 10_000];
  for (const depth of depths) await use(limits, `depth ${depth} `, depth);
  return [
    {
      name: "one-row update (the limit)",
      once: () => cheapest`update counters set n = n + 1 where id = ${upTo(KEYS)}`,
    },
    {
      name: "nothing at all (select), which no check can beat",
      once: () => cheapest`select ${upTo(KEYS)}::integer`,
    },
    check("allowed, 10,000 keys", limits, key, 64),
    check("allowed, one hot key", fast, () => "hot", 30),
    check("refused, one hot key", limits, () => "refused", 5),
    ...depths.map((depth) =>
      check(
        `allowed, ${WIDE_KEYS} keys, limit 20,000, ${depth} earlier`,
        limits,
        () => `depth ${depth} ${upTo(WIDE_KEYS)}`,
        WIDE,
      )
    ),
    ...DEPTHS.map(([depth, keys]) =>
      counted(`log and COUNT, ${depth} earlier, ${keys} keys`, log, () => `depth ${depth} ${upTo(keys)}`)
    ),
    counted("log and COUNT, one hot key", log, () => "hot"),
    counted("log and COUNT, refused, 100 earlier, one hot key", log, () => "depth 100 1", 100),
    { name: "one-row update, one hot row", once: () => cheapest`update counters set n = n + 1 where id = 1` },
  ];
}

/** Runs everything and gives back the results as Markdown. */
export async function benchLimits(): Promise<string> {
  await using databases = await Databases.start();
  const variants = await variantsOf(databases);
  const { variants: flexible, end } = await throughPg(databases);
  await using redis = await redisVariants(key);
  await databases.settle();
  const measured: Measurement[] = await measure([...variants, ...flexible, ...redis.variants]);
  await end();
  return table("One check of a rate limit", measured) + (redis.missing ? `\n${redis.missing}\n` : "");
}
