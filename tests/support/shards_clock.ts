/**
 * Shards at the time that a test says, and with nobody on them. The connections of a router carry no setting to its shards, so
 * that the time is in a table of each server.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connect } from "../../sharding/set_up.ts";
import { prepare } from "./credit_agreement.ts";
import type { Shards } from "./shards.ts";

/** Without a time in it, the clock is the usual one. */
const CLOCK = `
  create schema testing;
  create table testing.clock (now timestamptz);
  insert into testing.clock values (null);

  create or replace function credits_private.clock() returns timestamptz language plpgsql security definer as $$
  begin
    return coalesce((select now from testing.clock), clock_timestamp());
  end $$;

  create function credits_private.put_clock(p_now timestamptz) returns boolean language plpgsql security definer as $$
  begin
    update testing.clock set now = p_now;
    return true;
  end $$;`;

/** Under the names that a single database has for them. */
const OF_THE_ROUTER = `
  create function credits_private.put_clocks(p_now timestamptz) returns setof boolean language plproxy as $$
    cluster 'shards'; run on all; select c from credits_private.put_clock(p_now) c;
  $$;

  create function credits_private.set_clock(p_now timestamptz) returns void language plpgsql as $$
  begin
    perform credits_private.put_clock(p_now);
    perform from credits_private.put_clocks(p_now);
  end $$;

  create function credits_private.state_of(p_user_id uuid, out spendable numeric, out reserved numeric, out debt numeric)
    language plproxy as $$
    cluster 'shards'; run on sharding.home_of(p_user_id); select s.* from credits_private.state(array[p_user_id]) s;
  $$;

  create function credits_private.state(p_users uuid[], out spendable numeric, out reserved numeric, out debt numeric)
    returns setof record language plpgsql as $$
  begin
    return query
      select s.* from unnest(p_users) with ordinality u (id, position), credits_private.state_of(u.id) s order by u.position;
  end $$;`;

/** Prepares shards for sequences, and gives back what makes them usable for others again. */
export async function prepareShards({ databases, shards }: Shards): Promise<void> {
  for (const sql of shards) {
    await prepare(sql);
    // The router may ask for a state, but not for the time.
    await sql.unsafe(`${CLOCK} alter function credits_private.state(uuid[]) security definer;`);
  }
  const router = connect(databases.router);
  await router.unsafe(CLOCK + OF_THE_ROUTER);
  await router.end();
}

/** Nobody is there, everybody who comes is where their id says, and a token costs what it did. */
export async function leave({ router, shards }: Shards): Promise<void> {
  await Promise.all(shards.map(async (sql) => {
    const tables = await sql<{ relation: string }[]>`
      select relation from sharding.tables where follows = 'user' order by position desc`;
    await sql.begin((transaction) =>
      transaction.unsafe(`
      set local session_replication_role = replica;
      ${tables.map(({ relation }) => `delete from ${relation};`).join("")}
      delete from sharding.fences;
      delete from public.rates where version > 1;
      delete from public.rate_cards where version > 1;`).simple()
    );
  }));
  await router`delete from sharding.placements`;
  await router`select credits_private.set_clock(null)`;
}

/** Each user's rows are where the router says that they are at home, and nowhere else. */
export async function eachAtHome({ router, shards }: Shards): Promise<void> {
  const [{ query }] = await shards[0]`
    select string_agg(format('select user_id from %s', relation), ' union ') as query
    from sharding.tables where of_user = 'user_id = $1'`;
  for (const [shard, sql] of shards.entries()) {
    const users = (await sql.unsafe(query)).map(({ user_id }) => user_id);
    const away = await router`
      select u as user_id, sharding.home_of(u) as home from unnest(${users}::uuid[]) u where sharding.home_of(u) <> ${shard}`;
    assert.deepEqual([...away], [], `who has rows on shard ${shard}`);
  }
}
