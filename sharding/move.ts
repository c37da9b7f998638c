/**
 * Moving a user from one shard to another.
 *
 * Fenced at the old shard first, so that nothing new is done for them; copied; placed; removed. Each of these is a commit of
 * one database, and what is true after each is enough to go on from there, or back, whoever was killed.
 *
 * @module
 */
import type postgres from "postgres";
import { connect, type Databases } from "./set_up.ts";

/** What has just been committed; for tests, and for those who watch. */
export type Step = "fenced" | "copied" | "placed" | "removed";

/** Where a user's rows are. */
interface Table {
  relation: string;
  /** Those that are written; the others are computed. */
  columns: string[];
  /** The condition that finds a user's rows; `$1` is the user's id. */
  rows: string;
}

/**
 * Moves a user to the shard `to`; calls for them are refused with 55P03, which callers try again, for as long as it takes.
 * Called again after it was interrupted it goes on; called with the shard that they are still at home on it takes an
 * interrupted move back.
 *
 * @throws {RangeError} for a shard that there is not, and what Postgres says of an id that is no uuid.
 */
export async function moveUser(
  { router, shards }: Databases,
  userId: string,
  to: number,
  step: (done: Step) => Promise<void> | void = () => {},
): Promise<"moved" | "already_there"> {
  if (shards[to] === undefined) throw new RangeError(`there is no shard ${to}`);
  await using connections = new AsyncDisposableStack();
  const open = (url: string) => connections.adopt(connect(url), (sql) => sql.end({ timeout: 1 }));
  const directory = open(router);
  const databases = shards.map(open);
  // One at a time: a second one for the same user waits, and then finds them where they are.
  await directory`select pg_advisory_lock(hashtextextended(${userId}::uuid::text, 1))`;
  const [{ home }] = await directory<{ home: number }[]>`select sharding.home_of(${userId}::uuid) as home`;
  const tables = await tablesOf(databases[to]);
  if (home !== to) {
    await databases[home]`select sharding.fence(${userId}::uuid)`;
    await step("fenced");
    await databases[home].begin(async (source) => {
      await lock(source, userId);
      await databases[to].begin((target) => copy(source, target, tables, userId));
      await step("copied");
      await directory`
        insert into sharding.placements (user_id, shard) values (${userId}, ${to})
        on conflict (user_id) do update set shard = excluded.shard, moved_at = excluded.moved_at`;
      await step("placed");
      await remove(source, tables, userId);
      await leave(source, userId, to);
    });
    await step("removed");
  }
  const left = await Promise.all(
    databases.map((sql, shard) => shard !== to && clear(sql, tables, userId, to)),
  );
  await databases[to]`delete from sharding.fences where user_id = ${userId}`;
  // Only now: until a move is over, its place says that it is to go on.
  await directory`delete from sharding.placements where user_id = ${userId} and shard = sharding.own_shard(user_id)`;
  return home !== to || left.some(Boolean) ? "moved" : "already_there";
}

/**
 * Moves everybody who is somewhere else than their id says to where it says, one after the other, as {@linkcode moveUser} does,
 * and ends what was interrupted; calls `moved` after each.
 */
export async function spread(
  databases: Databases,
  moved: (userId: string) => void = () => {},
): Promise<void> {
  await using directory = Object.assign(connect(databases.router), {
    [Symbol.asyncDispose]: () => directory.end(),
  });
  while (true) {
    const away = await directory<{ user_id: string; own: number }[]>`
      select user_id, sharding.own_shard(user_id) as own from sharding.placements limit 1000`;
    if (away.length === 0) return;
    for (const { user_id, own } of away) {
      await moveUser(databases, user_id, own);
      moved(user_id);
    }
  }
}

/** Waits for what has begun for the user, and keeps the sweeps away. Only a superuser may leave triggers out. */
async function lock(sql: postgres.TransactionSql, userId: string): Promise<void> {
  await sql`set local session_replication_role = replica`;
  await sql`select pg_advisory_xact_lock(sharding.fence_key(${userId}::uuid))`;
  await sql`select from public.credit_accounts where user_id = ${userId} for update`;
}

async function copy(
  source: postgres.TransactionSql,
  target: postgres.TransactionSql,
  tables: Table[],
  userId: string,
): Promise<void> {
  await target`set local session_replication_role = replica`;
  await remove(target, tables, userId);
  await target`delete from sharding.fences where user_id = ${userId}`;
  for (const { relation, columns, rows } of tables) {
    // As Postgres writes a row, so that nothing is read on the way.
    const reading = source.unsafe<{ row: string }[]>(
      `select t::text as row from ${relation} t where ${rows}`,
      [userId],
    );
    for await (const batch of reading.cursor(1_000)) {
      const names = columns.map((name) => `(r.row).${name}`);
      await target.unsafe(
        `insert into ${relation} (${columns}) overriding system value select ${names} from (select t::${relation} as row from unnest($1::text[]) t) r`,
        [batch.map(({ row }) => row)],
      );
    }
  }
}

/** Deletes what is found by other rows before those. */
async function remove(sql: postgres.TransactionSql, tables: Table[], userId: string): Promise<void> {
  for (const { relation, rows } of tables.toReversed()) {
    await sql.unsafe(`delete from ${relation} where ${rows}`, [userId]);
  }
}

/** Whoever still believes that the user is here is told to ask again. */
async function leave(sql: postgres.TransactionSql, userId: string, to: number): Promise<void> {
  await sql`
    insert into sharding.fences (user_id, left_for) values (${userId}, ${to})
    on conflict (user_id) do update set left_for = excluded.left_for`;
}

/** Removes what an interrupted move left on a shard where the user is not at home. */
async function clear(sql: postgres.Sql, tables: Table[], userId: string, home: number): Promise<boolean> {
  const [{ trace }] = await sql<{ trace: boolean }[]>`
    select exists (select from sharding.fences where user_id = ${userId} and left_for is distinct from ${home})
      or exists (select from public.credit_accounts where user_id = ${userId})
      or exists (select from auth.users where id = ${userId}) as trace`;
  if (!trace) return false;
  await sql.begin(async (transaction) => {
    await lock(transaction, userId);
    await remove(transaction, tables, userId);
    await leave(transaction, userId, home);
  });
  return true;
}

async function tablesOf(sql: postgres.Sql): Promise<Table[]> {
  return await sql<Table[]>`
    select t.relation, t.of_user as rows, array_agg(quote_ident(a.attname) order by a.attnum) as columns
    from sharding.tables t
    join pg_attribute a on a.attrelid = t.relation::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where t.follows = 'user'
    group by t.relation, t.of_user, t.position order by t.position`;
}
