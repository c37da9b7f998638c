/** What the router costs, and what 1, 2 and 4 shards do on the same processors. */
import postgres from "postgres";
import { startSharded } from "../local/database/sharded.ts";
import { Children } from "../local/processes/children.ts";
import { freePort } from "../local/processes/ports.ts";
import { removeFolder } from "../local/processes/remove.ts";
import { CONNECTIONS, measure, table, upTo, type Variant } from "./measure.ts";

const USERS = 2_000;
const SETTINGS = {
  fsync: "on",
  synchronous_commit: "on",
  shared_buffers: "256MB",
  max_wal_size: "4GB",
  max_connections: "100",
};

/** `deno task bench shards`. */
export async function benchShards(): Promise<string> {
  await using undo = new AsyncDisposableStack();
  const dir = undo.adopt(await Deno.makeTempDir({ prefix: "credits-bench-shards-" }), removeFolder);
  await Deno.chmod(dir, 0o755);
  const children = undo.adopt(new Children(), (children) => children.stop());
  const open = (url: string) =>
    undo.adopt(postgres(url, { max: CONNECTIONS, onnotice: () => {} }), (sql) => sql.end({ timeout: 1 }));
  const [writes, reads]: Variant[][] = [[], []];
  for (const count of [1, 2, 4]) {
    const own = `${dir}/${count}`;
    await Deno.mkdir(own);
    const options = { children, dir: own, port: freePort(), password: "bench", settings: SETTINGS };
    const { router, shards } = await startSharded(options, count);
    const sql = open(router.dbUrl);
    const users = await fill(sql);
    if (count === 1) {
      const alone = open(shards[0].dbUrl);
      await alone`create table public.counters (id integer primary key, n integer not null)`;
      await alone`insert into public.counters select i, 0 from generate_series(1, 10000) i`;
      writes.push({
        name: "one-row update on a shard (the limit)",
        once: () => alone`update public.counters set n = n + 1 where id = ${upTo(10_000)}`,
      }, { name: "reserve + confirm on a shard, without the router", once: () => pair(alone, users) });
      reads.push({
        name: "verify_credits(user) on a shard, without the router",
        once: () => proof(alone, users),
      });
      reads.push({ name: "a row of the account's table, without the router", once: () => row(alone, users) });
    }
    const behind = `${count} ${count === 1 ? "shard" : "shards"} behind the router`;
    writes.push({ name: `reserve + confirm, ${behind}`, once: () => pair(sql, users) });
    reads.push({ name: `verify_credits(user), ${behind}`, once: () => proof(sql, users) });
    reads.push({ name: `a row of the account's table, ${behind}`, once: () => row(sql, users) });
  }
  return [
    `Debian's Postgres 15 with PL/Proxy; router, shards and callers share the processors, so that more shards
do not mean more of them: what is measured is what spreading costs.\n`,
    table("Writes", await measure(writes)),
    table("Reads", await measure(reads)),
  ].join("\n");
}

/** Users with credits, and some past. */
async function fill(sql: postgres.Sql): Promise<string[]> {
  const users = Array.from({ length: USERS }, () => crypto.randomUUID());
  for (let from = 0; from < USERS; from += 100) {
    await Promise.all(
      users.slice(from, from + 100).map(async (user) => {
        await sql`select public.grant_credits(${user}, 1000000, 'promotion', 'bench')`;
        await pair(sql, [user]);
      }),
    );
  }
  return users;
}

async function pair(sql: postgres.Sql, users: string[]): Promise<void> {
  const [user, job] = [users[upTo(users.length) - 1], crypto.randomUUID()];
  await sql`select public.reserve_credits(${user}, ${job}, 1, 'story')`;
  await sql`select public.confirm_credits(${user}, ${job})`;
}

function proof(sql: postgres.Sql, users: string[]) {
  return sql`select * from public.verify_credits(${users[upTo(users.length) - 1]})`;
}

function row(sql: postgres.Sql, users: string[]) {
  return sql`select available, reserved from public.credit_accounts where user_id = ${
    users[upTo(users.length) - 1]
  }`;
}
