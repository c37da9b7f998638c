/**
 * Which database is which shard, and that everybody is still found when there are more of them.
 *
 * @module
 */
import type postgres from "postgres";

/**
 * How many shards the router has had until now, 0 for a new one.
 *
 * @throws {RangeError} where users would not be found any more: fewer shards, others, in another order, or more of which one
 * has users already.
 */
export async function shardsBefore(router: postgres.Sql, shards: postgres.Sql[]): Promise<number> {
  const before = await told(router, "shards") ?? 0;
  if (shards.length < before) throw new RangeError(`there are ${before} shards, and all have to be named`);
  for (const [place, sql] of shards.entries()) {
    const self = await told(sql, "self");
    if (self !== place && (self !== undefined || place < before)) {
      throw new RangeError(
        `what is named as shard ${place} is ${self === undefined ? "none" : `shard ${self}`}`,
      );
    }
    if (place >= before && await hasUsers(sql)) {
      throw new RangeError(`what is named as the new shard ${place} has users already`);
    }
  }
  return before;
}

/** What a database was told by the last set-up. */
async function told(sql: postgres.Sql, name: "shards" | "self"): Promise<number | undefined> {
  const [{ known }] = await sql`select to_regprocedure(${`sharding.${name}()`}) is not null as known`;
  if (!known) return undefined;
  const [{ number }] = await sql.unsafe(`select sharding.${name}() as number`);
  return number;
}

async function hasUsers(sql: postgres.Sql): Promise<boolean> {
  const [{ users }] = await sql`
    select exists (select from auth.users) or exists (select from public.credit_accounts) as users`;
  return users;
}

/** SQL for the router: whom more shards than `before` would look for somewhere else stays where they are. */
export function keepPlaces(before: number): string {
  const accounts = Array.from(
    { length: before },
    (_, shard) => `union select user_id from shard_${shard}.credit_accounts`,
  );
  // Whoever was erased has an account, and nothing at Auth.
  return `
    insert into sharding.placements (user_id, shard)
    select u.id, sharding.own_shard(u.id) & ${before - 1}
    from (select id from auth.users ${accounts.join(" ")}) u
    where sharding.own_shard(u.id) >= ${before}
    on conflict (user_id) do nothing`;
}

/**
 * Tells the shards beyond `before` of all mailboxes that had their bonus where each was counted, with the key of their hashes.
 * Which of them a shard will be asked for, their hashes do not say.
 */
export async function copyMailboxes(shards: postgres.Sql[], before: number): Promise<void> {
  for (const [place, target] of shards.entries()) {
    if (place < before) continue;
    const source = shards[place % before];
    const [{ key }] = await source`select encode(key, 'hex') as key from credits_private.mailbox_key`;
    await target`update credits_private.mailbox_key set key = decode(${key}, 'hex')`;
    const rows = source<{ hash: string }[]>`
      select encode(mailbox_hash, 'hex') as hash from credits_private.bonus_mailboxes`;
    for await (const batch of rows.cursor(10_000)) {
      await target`
        insert into credits_private.bonus_mailboxes (mailbox_hash)
        select decode(h, 'hex') from unnest(${batch.map(({ hash }) => hash)}::text[]) h
        on conflict do nothing`;
    }
  }
}
