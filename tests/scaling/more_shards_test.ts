/** Two shards become four: everybody is found where they were, and moved while they work. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { moveUser, spread } from "../../sharding/move.ts";
import { setUp } from "../../sharding/set_up.ts";
import { removeFolder } from "../../local/processes/remove.ts";
import { Customer } from "../support/credit_load.ts";
import { reconcile } from "../support/credit_reconciliation.ts";
import { CutOff, cutOffAt, STEPS } from "../support/moves.ts";
import { canShard, provesOnEach, startShards, workWhile } from "../support/shards.ts";

const CONNECTIONS = 8;
const BOXES = Array.from({ length: 16 }, () => crypto.randomUUID());

/** Somebody of Auth with a confirmed address, and so with the bonus of a mailbox that has not had it. */
async function signUp(router: postgres.Sql, mailbox: string): Promise<string> {
  const id = crypto.randomUUID();
  const email = `${mailbox}+${id}@example.com`;
  await router`insert into auth.users (id, email, email_confirmed_at) values (${id}, ${email}, now())`;
  return id;
}

async function balances(router: postgres.Sql, users: string[]): Promise<Record<string, number>> {
  const rows = await router<{ user_id: string; available: number }[]>`
    select user_id, available from public.credit_accounts where user_id = any (${users}) order by user_id`;
  return Object.fromEntries(rows.map(({ user_id, available }) => [user_id, available]));
}

async function shardsOf(shards: postgres.Sql[], user: string): Promise<number[]> {
  const found = await Promise.all(
    shards.map((sql) => sql`select from public.credit_accounts where user_id = ${user}`),
  );
  return found.flatMap((rows, shard) => rows.length ? [shard] : []);
}

Deno.test({
  name: "two shards become four, and nobody is lost, paid twice or kept from working",
  ignore: !canShard,
  fn: async (t) => {
    await using undo = new AsyncDisposableStack();
    const dir = undo.adopt(await Deno.makeTempDir({ prefix: "credits-more-shards-" }), removeFolder);
    await Deno.chmod(dir, 0o755);
    const customers = Array.from({ length: 8 }, () => new Customer(false));
    const work = (done: number) => customers[done % customers.length].next();
    const [members, before] = await (async () => {
      await using two = await startShards(2, CONNECTIONS, dir);
      const members = await Promise.all(BOXES.map((mailbox) => signUp(two.router, mailbox)));
      await workWhile(two.router, CONNECTIONS, work, async () => {
        while ((await two.router`select from public.credit_usage_logs`).length < 100);
      });
      return [members, await balances(two.router, members)] as const;
    })();
    assert.equal(Object.keys(before).length, BOXES.length, "each mailbox had its bonus");

    await using four = await startShards(4, CONNECTIONS, dir);
    const { router, shards } = four;
    await t.step("everybody is where they were, and has what they had", async () => {
      assert.deepEqual(await balances(router, members), before);
      for (const { id } of customers) {
        const [{ home }] = await router`select sharding.home_of(${id}::uuid) as home`;
        assert.deepEqual(await shardsOf(shards, id), [home]);
        assert.ok(home < 2);
      }
      await reconcile(router, customers);
    });
    await t.step(
      "a mailbox that had its bonus has none again, and whoever is new is where the id says",
      async () => {
        const again = await Promise.all(BOXES.map((mailbox) => signUp(router, mailbox)));
        const bonuses = await router`
        select from public.user_credits where source = 'signup_bonus' and user_id = any (${again})`;
        assert.equal(bonuses.length, 0);
        const others = await Promise.all(BOXES.map(() => signUp(router, crypto.randomUUID())));
        const homes = await Promise.all(others.map((user) => shardsOf(shards, user)));
        assert.deepEqual(homes, others.map((user) => [Number.parseInt(user.slice(-1), 16) % 4]));
      },
    );
    await t.step("all move to where their ids say, while they work", async () => {
      for (const end of STEPS) {
        const [{ user_id, own }] = await router`
          select user_id, sharding.own_shard(user_id) as own from sharding.placements
          where shard <> sharding.own_shard(user_id) and user_id = any (${members}) limit 1`;
        await assert.rejects(moveUser(four.databases, user_id, own, cutOffAt(end)), CutOff);
      }
      await workWhile(router, CONNECTIONS, work, () => spread(four.databases));
      assert.deepEqual([...await router`select * from sharding.placements`], []);
      for (const user of [...members, ...customers.map(({ id }) => id)]) {
        assert.deepEqual(await shardsOf(shards, user), [Number.parseInt(user.slice(-1), 16) % 4]);
      }
      assert.deepEqual(await balances(router, members), before);
      await reconcile(router, customers);
      await provesOnEach(four);
    });
    await t.step("shards that users would be lost with are refused", async () => {
      const [a, b, c, d] = four.databases.shards;
      const named: [string[], RegExp][] = [
        [[a, b], /there are 4 shards/],
        [[b, a, c, d], /shard 0 is shard 1/],
        [[a, b, c, d, a, b, c, d], /shard 4 is shard 0/],
        [[a, b, c, four.databases.router], /shard 3 is none/],
      ];
      for (const [shards, message] of named) {
        await assert.rejects(setUp({ ...four.databases, shards }), { name: "RangeError", message });
      }
      assert.deepEqual(await balances(router, members), before);
    });
  },
});
