/** A router offers what one database does, and what is not by user has one home. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { type Relation, relationsOf, routinesOf } from "../../sharding/catalogue.ts";
import { grant, reserve } from "../support/credit_calls.ts";
import { four, test } from "../support/four_shards.ts";
import { provesOnEach } from "../support/shards.ts";

const { router, shards } = four;

/** A new user of Auth, at home on `shard`. */
async function newUser(shard: number, email = `${crypto.randomUUID()}@example.com`): Promise<string> {
  const id = crypto.randomUUID().slice(0, -1) + (shard + 4 * Math.floor(Math.random() * 4)).toString(16);
  await router`insert into auth.users (id, email, email_confirmed_at) values (${id}, ${email}, now())`;
  return id;
}

/** Of a database, what callers see, with the schemas of all names. */
async function offered<T>(sql: postgres.Sql, read: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  return await sql.begin(async (transaction) => {
    await transaction`set local search_path = ''`;
    return await read(transaction as unknown as postgres.Sql);
  }) as T;
}

test("the router has every function and table of a shard, with its parameters, result, rights and comment", async () => {
  const [wanted, there] = [await offered(shards[0], routinesOf), await offered(router, routinesOf)];
  assert.deepEqual(there, wanted);
  const [tables, views] = [await offered(shards[0], relationsOf), await offered(router, relationsOf)];
  const seen = (relations: Relation[]) =>
    relations.map(({ name, columns, grants }) => ({ name, columns, grants: grants.sort() }));
  assert.deepEqual(seen(views), seen(tables));
});

test("every table is moved with its user, the same everywhere, or a shard's own", async () => {
  const missing = await shards[0]`
    select format('%I.%I', n.nspname, c.relname) as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'credits_private')
    except select relation from sharding.tables`;
  assert.deepEqual([...missing], []);
  const shared = await shards[0]<{ relation: string }[]>`
    select relation from sharding.tables where follows = 'shard' order by relation`;
  // Registries that migrations fill, when sweeps last ran, and the mailboxes, which are at home by their own name.
  assert.deepEqual(shared.map(({ relation }) => relation.replace("credits_private.", "")), [
    "bonus_mailboxes",
    "book_checks",
    "due_grants",
    "erasure_steps",
    "event_handlers",
    "health_checks",
    "job_kinds",
    "job_request_fields",
    "quotes",
    "setting_tables",
    "sweeps",
    "user_data",
  ]);
});

test("a user is on one shard, which their id says, and what Auth does to them is done there", async () => {
  for (const shard of shards.keys()) {
    const user = await newUser(shard);
    const found = await Promise.all(
      shards.map((sql) => sql`select email from auth.users where id = ${user}`),
    );
    assert.deepEqual(found.map((rows) => rows.length), shards.map((_, at) => Number(at === shard)));
    const email = `${crypto.randomUUID()}@example.com`;
    await router`update auth.users set email = ${email} where id = ${user}`;
    assert.equal((await shards[shard]`select email from auth.users where id = ${user}`)[0].email, email);
    await router`delete from auth.users where id = ${user}`;
    assert.equal((await shards[shard]`select from auth.users where id = ${user}`).length, 0);
    assert.equal((await router`select from public.users_to_erase where user_id = ${user}`).length, 1);
  }
});

test("a mailbox has one signup bonus, on whichever shards its addresses are", async () => {
  const name = crypto.randomUUID();
  const users = await Promise.all(
    Array.from({ length: 12 }, (_, index) => newUser(index % 4, `${name}+${index}@example.com`)),
  );
  const bonuses = await router`
    select from public.user_credits where source = 'signup_bonus' and user_id = any (${users})`;
  assert.equal(bonuses.length, 1);
});

test("a user reads their own rows of all shards, and nobody else's", async () => {
  const [mine, other] = [await newUser(1), await newUser(2)];
  for (const user of [mine, other]) await grant(router, user, "read", 500);
  const seen = await router.begin(async (sql) => {
    await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: mine })}, true)`;
    await sql`set local role authenticated`;
    return await sql<{ user_id: string }[]>`select user_id, kind, amount from public.credit_ledger`;
  });
  assert.ok(seen.length > 0);
  assert.deepEqual(new Set(seen.map(({ user_id }) => user_id)), new Set([mine]));
  for (const name of ["grant_credits", "read_balance", "verify_credits", "apply_stripe_event"]) {
    const [{ may }] = await router`
      select bool_or(has_function_privilege(r, p.oid, 'execute')) as may
      from pg_proc p, unnest(array['anon', 'authenticated']) r
      where p.proname = ${name} and p.pronamespace = 'public'::regnamespace`;
    assert.equal(may, false, name);
  }
  const [{ open }] = await router`
    select bool_or(has_schema_privilege(r, s, 'usage')) as open
    from unnest(array['anon', 'authenticated', 'service_role']) r, unnest(array['sharding', 'shard_0', 'credits_private']) s`;
  assert.equal(open, false);
});

test("what is refused on a shard is refused with its code", async () => {
  const user = await newUser(3);
  await assert.rejects(reserve(router, user, crypto.randomUUID(), -5), { code: "22023" });
  await assert.rejects(router`select public.replay_stripe_event('evt_none', 'a reason', 'me')`, {
    code: "22023",
  });
  assert.equal((await reserve(router, user, crypto.randomUUID(), 100_000)).outcome, "insufficient_credits");
});

test("a setting and a rate card are changed on every shard, and what an operator edits after it is copied", async () => {
  const [{ outcome }] = await router`
    select (public.change_setting('rate_limit_policies', 'balance', 'max_requests', '41', 'a test', 'me')).outcome`;
  assert.equal(outcome, "changed");
  await router`select public.save_rate_card('sharded', '[{"meter": "token", "price": 0.5}]', null, 'cap', 'a test', 'me')`;
  await router`update public.credit_packs set position = 40 + position`;
  await router`select sharding.copy_reference()`;
  for (const sql of shards) {
    const [{ max, cards, packs }] = await sql`
      select (select max_requests from public.rate_limit_policies where action = 'balance') as max,
        (select count(*)::int from public.rates where action = 'sharded') as cards,
        (select bool_and(position > 40) from public.credit_packs) as packs`;
    assert.deepEqual({ max, cards, packs }, { max: 41, cards: 1, packs: true });
  }
  const [{ copied }] = await router`select sharding.copy_reference() as copied`;
  assert.equal(copied, 0, "nothing differs any more");
  const [{ estimate }] = await router`
    select (public.estimate_cost('sharded', '[{"meter": "token", "quantity": 3}]')).outcome as estimate`;
  assert.equal(estimate, "ok");
});

test("sweeps run on every shard and say how much they did together", async () => {
  const users = await Promise.all([0, 1, 2, 3].map((shard) => newUser(shard)));
  for (const user of users) {
    await grant(router, user, "sweep", 1_000);
    await reserve(router, user, crypto.randomUUID(), 100, "1 millisecond");
  }
  const [{ swept }] = await router`select public.release_stale_reservations() as swept`;
  assert.ok(swept >= 4, `${swept} swept`);
  const [{ left }] = await router`
    select count(*)::int as left from public.credit_usage_logs where status = 'reserved' and user_id = any (${users})`;
  assert.equal(left, 0);
  await provesOnEach({ shards });
});
