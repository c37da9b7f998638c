/** No credit is lost or minted on four shards: under load, under crashes, and while users are moved about. */
import assert from "node:assert/strict";
import { moveUser, type Step } from "../../sharding/move.ts";
import { Customer } from "../support/credit_load.ts";
import { confirm, grant, reserve } from "../support/credit_calls.ts";
import { reconcile } from "../support/credit_reconciliation.ts";
import { effort } from "../support/effort.ts";
import { canShard, insist, provesOnEach, rowsOf, type Shards, startShards, work } from "../support/shards.ts";

const CONNECTIONS = 16;

function test(name: string, body: (shards: Shards) => Promise<void>) {
  Deno.test({
    name,
    ignore: !canShard,
    fn: async () => {
      await using shards = await startShards(4, CONNECTIONS, true);
      await body(shards);
    },
  });
}

const people = (count: number) => Array.from({ length: count }, () => new Customer());

/** Where a user is at home, which their id says as long as nobody moved them. */
async function homeOf({ router }: Shards, user: string): Promise<number> {
  const [{ home }] = await router<{ home: number }[]>`select sharding.home_of(${user}::uuid) as home`;
  return home;
}

test("a shard or the router killed eight times under load: what was acknowledged is there, once", async (four) => {
  const customers = people(12);
  const operations = effort(6_000);
  let working = true;
  const load = work(four, CONNECTIONS, operations, (done) => customers[done % customers.length].next())
    .finally(() => working = false);
  let crashes = 0;
  while (working && crashes < 8) {
    await four.crash(crashes % 5 === 4 ? "router" : crashes % 4);
    crashes++;
    await Promise.race([load, new Promise((resolve) => setTimeout(resolve, 300))]);
  }
  await load;
  assert.ok(crashes >= 3, `${crashes} crashes came while there was work`);
  await provesOnEach(four);
  await reconcile(four.router, customers);
});

test("users moved about under load keep every credit, however often a move is cut off", async (four) => {
  const customers = people(8);
  let working = true;
  const load = work(four, CONNECTIONS, effort(6_000), (done) => customers[done % customers.length].next())
    .finally(() => working = false);
  let [moved, cut] = [0, 0];
  while (working) {
    const { id } = customers[Math.floor(Math.random() * customers.length)];
    const to = Math.floor(Math.random() * 4);
    const end = pick<Step | undefined>(["fenced", "copied", "placed", "removed", undefined, undefined]);
    try {
      if (await moveUser(four.databases, id, to, cutOffAt(end)) === "moved") moved++;
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      cut++;
      // On to there, or back to where they are.
      await moveUser(four.databases, id, Math.random() < 0.5 ? to : await homeOf(four, id));
    }
  }
  await load;
  assert.ok(moved >= 3 && cut >= 3, `${moved} moves, ${cut} of them cut off`);
  await provesOnEach(four);
  await reconcile(four.router, customers);
});

for (const end of ["fenced", "copied", "placed", "removed"] as const) {
  test(`a move that ends when it is ${end} goes on, or back, with the same rows`, async (four) => {
    for (const goesOn of [true, false]) {
      const user = crypto.randomUUID();
      await settle(four, user);
      const from = await homeOf(four, user);
      const to = (from + 1) % 4;
      const before = await rowsOf(four.shards[from], user);
      assert.ok(Object.keys(before).length > 5, "there is something to move");
      await assert.rejects(moveUser(four.databases, user, to, cutOffAt(end)), CutOff);
      await provesOnEach(four);
      if (end === "fenced" || end === "copied") {
        await assert.rejects(grant(four.router, user, "meanwhile", 100), { code: "55P03" });
      } else {
        await insist(() => grant(four.router, user, "before", 10_000));
      }
      const target = goesOn ? to : await homeOf(four, user);
      await moveUser(four.databases, user, target);
      for (const [shard, sql] of four.shards.entries()) {
        assert.deepEqual(await rowsOf(sql, user), shard === target ? before : {}, `shard ${shard}`);
      }
      const held = crypto.randomUUID();
      assert.equal((await reserve(four.router, user, held, 100)).outcome, "reserved");
      assert.equal((await confirm(four.router, user, held)).outcome, "confirmed");
      await provesOnEach(four);
    }
  });
}

test("a program that moves users and is killed at any moment leaves nothing that cannot be finished", async (four) => {
  const users = Array.from({ length: 4 }, () => crypto.randomUUID());
  const totals = new Map<string, unknown>();
  const balance = async (user: string) =>
    (await four.router`select available, reserved, debt from public.credit_accounts where user_id = ${user}`)[
      0
    ];
  for (const user of users) {
    await settle(four, user);
    totals.set(user, await balance(user));
  }
  for (let kills = 0; kills < 12; kills++) {
    const user = users[kills % users.length];
    const program = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        new URL("../support/move_once.ts", import.meta.url).pathname,
        user,
        String(kills % 4),
      ],
      env: { DATABASES: JSON.stringify(four.databases) },
      stdout: "piped",
    }).spawn();
    const reader = program.stdout.getReader();
    // It says when it begins; a whole move takes some tens of milliseconds.
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
    try {
      program.kill("SIGKILL");
    } catch {
      // It was done before.
    }
    await reader.cancel();
    await program.status;
    await moveUser(four.databases, user, await homeOf(four, user));
    assert.deepEqual(await balance(user), totals.get(user));
    await provesOnEach(four);
  }
});

class CutOff extends Error {}

function cutOffAt(end: Step | undefined): (done: Step) => void {
  return (done) => {
    if (done === end) throw new CutOff(done);
  };
}

function pick<T>(from: T[]): T {
  return from[Math.floor(Math.random() * from.length)];
}

/** A user with a purchase's worth of everything: batches, a hold, a charge, a job, a limit. */
async function settle({ router }: Shards, user: string): Promise<void> {
  await router`insert into auth.users (id, email, email_confirmed_at) values (${user}, ${`${user}@example.com`}, now())`;
  await grant(router, user, "before", 10_000);
  await router`select public.create_checkout(${user}, (select id from public.credit_packs limit 1))`;
  const [job, held] = [crypto.randomUUID(), crypto.randomUUID()];
  await reserve(router, user, job, 300);
  await confirm(router, user, job);
  await reserve(router, user, held, 400);
  await router`select public.create_story(${user}, '{"prompt": "a cat", "age_min": 3, "age_max": 6, "pages": 4, "language": "en"}', 'key')`;
}
