/** No credit is lost or minted on four shards: under load, under crashes, and while users are moved about. */
import assert from "node:assert/strict";
import { moveUser } from "../../sharding/move.ts";
import { Customer } from "../support/credit_load.ts";
import { confirm, grant, reserve } from "../support/credit_calls.ts";
import { reconcile } from "../support/credit_reconciliation.ts";
import { CONNECTIONS, test } from "../support/four_shards.ts";
import { CutOff, cutOffAt, homeOf, moveThrough, STEPS } from "../support/moves.ts";
import { insist, provesOnEach, rowsOf, type Shards, workWhile } from "../support/shards.ts";

const people = (count: number) => Array.from({ length: count }, () => new Customer(false));

for (const end of STEPS) {
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
  for (let kills = 0; kills < 8; kills++) {
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

test("users moved about under load keep every credit, however often a move is cut off", async (four) => {
  const customers = people(8);
  const ends = STEPS.flatMap((step) => [step, undefined]);
  await workWhile(four.router, CONNECTIONS, (done) => customers[done % customers.length].next(), async () => {
    for (let moves = 0; moves < 16; moves++) {
      const { id } = customers[moves % customers.length];
      const to = (await homeOf(four, id) + 1 + moves % 3) % 4;
      await moveThrough(four, id, { to, end: ends[moves % ends.length], goesOn: moves % 3 !== 0 });
    }
  });
  await provesOnEach(four);
  await reconcile(four.router, customers);
});

test("a shard or the router killed eight times under load: what was acknowledged is there, once", async (four) => {
  const customers = people(12);
  await workWhile(four.mortal, CONNECTIONS, (done) => customers[done % customers.length].next(), async () => {
    for (const server of [0, 1, "router", 2, 3, 0, "router", 2] as const) {
      await acknowledged(customers, 100);
      await four.crash(server);
    }
    await acknowledged(customers, 100);
  });
  await provesOnEach(four);
  await reconcile(four.router, customers);
});

/** Waits until `more` reservations were acknowledged, so that there is something to lose. */
async function acknowledged(customers: Customer[], more: number): Promise<void> {
  const count = () => customers.reduce((sum, { reserved }) => sum + reserved.size, 0);
  const wanted = count() + more;
  while (count() < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
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
