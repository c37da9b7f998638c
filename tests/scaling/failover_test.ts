// In a process of its own: it mostly waits, for servers of its own, and can while the shards are tested.
/**
 * A streaming replica takes the place of a primary that is killed while clients work: what was acknowledged and is there, what is
 * lost, and what brings it back. `docs/failover.md` is the runbook; each of its commands is one of these steps.
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { pgbouncerPath, type Pooler, startPooler } from "../../local/database/pooler.ts";
import { connect } from "../support/clone.ts";
import { disagreements, grant } from "../support/credit_calls.ts";
import { FailoverLoad, missing, provedBalances } from "../support/failover_load.ts";
import { FailoverShop } from "../support/failover_shop.ts";
import { newcomer } from "../support/newcomer.ts";
import { type Mode, Replicas, replicatingPostgres } from "../support/replicas.ts";

const absent = replicatingPostgres === undefined || pgbouncerPath === undefined;
if (absent) console.log("skipped: failover, because there is no Postgres of a package with pgbouncer");

const SYNCHRONOUS: Mode = { synchronous_standby_names: "replica", synchronous_commit: "on" };
const ASYNCHRONOUS: Mode = { synchronous_standby_names: "", synchronous_commit: "on" };
const CLIENTS = 16;

/** Clients and a shop before a primary, and the means to do without it. */
interface Scene {
  pair: Replicas;
  pooler: Pooler;
  load: FailoverLoad;
  shop: FailoverShop;
  users: string[];
  /** What the new primary has, asked directly. */
  promoted: postgres.Sql;
}

async function withScene(mode: Mode, test: (scene: Scene) => Promise<void>): Promise<void> {
  await using all = new AsyncDisposableStack();
  const pair = all.use(await Replicas.start(replicatingPostgres!, mode));
  const settings = { server_login_retry: "1" };
  const pooler = all.use(await startPooler(pair.primary.url, 8, settings));
  const open = (url: string, size: number, prepare: boolean) =>
    all.adopt(connect(url, size, {}, prepare), (sql) => sql.end({ timeout: 1 }));
  const sql = open(pooler.url, CLIENTS + 4, false);
  const users: string[] = [];
  for (let n = 0; n < CLIENTS; n++) users.push(await newcomer(sql));
  await pair.primary.ask("update public.rate_limit_policies set max_requests = 1000");
  const load = new FailoverLoad(sql, users);
  const shop = all.use(await FailoverShop.open(sql));
  await test({ pair, pooler, load, shop, users, promoted: open(pair.replica.url, 2, true) });
}

/** Purchases one after the other, until told. */
function selling({ shop, users }: Scene) {
  const going = { on: true, sold: [] as string[] };
  const work = async () => {
    for (let n = 0; going.on; n++) going.sold.push(await shop.sell(users[n % users.length]));
  };
  return Object.assign(going, { done: work() });
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

async function paid(sql: postgres.Sql): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    select p.id from public.credit_purchases p join public.user_credits c
      on c.user_id = p.user_id and c.grant_key = 'purchase:' || p.id where p.status = 'paid'`;
  return new Set(rows.map(({ id }) => id));
}

/** The primary dies among the calls of everybody, at no moment in particular. */
async function fail(scene: Scene, lagging: boolean) {
  const { pair, load, shop } = scene;
  const working = load.work();
  const sales = selling(scene);
  const after = 500 + Math.floor(Math.random() * 500);
  await until(() => load.acks.length > after && shop.acknowledged.size >= 3);
  if (lagging) {
    await pair.cut();
    const [acks, sold] = [load.acks.length, shop.acknowledged.size];
    await until(() => load.acks.length > acks + 200 && shop.acknowledged.size >= sold + 2);
  }
  await pair.primary.crash();
  const acknowledged = { acks: [...load.acks], purchases: new Set(shop.acknowledged) };
  await pair.promote();
  return { acknowledged, working, sales };
}

/** Everybody finds the new primary, ends what they were about, and asks again for all that they were ever told. */
async function carryOn(
  { pooler, pair, load, shop }: Scene,
  { working, sales }: Awaited<ReturnType<typeof fail>>,
): Promise<void> {
  const before = load.acks.length;
  await pooler.point(pair.replica.url);
  await until(() => load.acks.length > before + 300);
  sales.on = false;
  load.stop();
  await Promise.all([working, sales.done]);
  await shop.delivered();
  await load.again();
}

async function proved({ promoted, users, load }: Scene): Promise<void> {
  assert.deepEqual(await disagreements(promoted), []);
  assert.deepEqual(await missing(promoted, load.acks), []);
  await provedBalances(promoted, users);
}

Deno.test({ name: "synchronous: whatever was acknowledged is there", ignore: absent }, async () => {
  await withScene(SYNCHRONOUS, async (scene) => {
    const { pair, promoted } = scene;
    const failed = await fail(scene, false);
    const { acks, purchases } = failed.acknowledged;
    assert.deepEqual(await missing(promoted, acks), []);
    assert.deepEqual(purchases.difference(await paid(promoted)), new Set());
    await carryOn(scene, failed);
    await proved(scene);
    assert.deepEqual(new Set(failed.sales.sold).difference(await paid(promoted)), new Set());

    // Nobody stands by for a primary that comes back on its own, so that it acknowledges nothing.
    await pair.primary.server.restart();
    const old = connect(pair.primary.url, 1);
    let acknowledged = false;
    const late = grant(old, scene.users[0], "too late", 100).then(() => acknowledged = true, () => {});
    await pair.primary.until("select from pg_stat_activity where wait_event = 'SyncRep'");
    assert.equal(acknowledged, false);
    await pair.primary.crash();
    await Promise.all([late, old.end({ timeout: 0 })]);
    await pair.rejoin();
    await pair.replica.set({ synchronous_standby_names: "old" });
    await proved(scene);
  });
});

Deno.test(
  { name: "synchronous: a wait that is cancelled is acknowledged, and lost", ignore: absent },
  async () => {
    await using pair = await Replicas.start(replicatingPostgres!, SYNCHRONOUS);
    const user = crypto.randomUUID();
    const sql = connect(pair.primary.url, 1);
    await grant(sql, user, "heard of", 100);
    await pair.cut();
    const waits = "from pg_stat_activity where wait_event = 'SyncRep'";
    const late = grant(sql, user, "cancelled", 100);
    await pair.primary.until(`select ${waits}`);
    await pair.primary.ask(`select pg_cancel_backend(pid) ${waits}`);
    assert.equal((await late).outcome, "granted");
    await sql.end();
    await pair.primary.crash();
    await pair.promote();
    const there = await pair.replica.ask("select grant_key from public.user_credits");
    assert.deepEqual(there.map(({ grant_key }) => grant_key), ["heard of"]);
  },
);

Deno.test(
  { name: "asynchronous: what the replica had not heard of is lost, and comes back", ignore: absent },
  async () => {
    await withScene(ASYNCHRONOUS, async (scene) => {
      const { pair, promoted, shop } = scene;
      const failed = await fail(scene, true);
      const { acks, purchases } = failed.acknowledged;
      const lost = await missing(promoted, acks);
      const unpaid = purchases.difference(await paid(promoted));
      assert.ok(lost.length >= 200, `${lost.length} of ${acks.length} calls are lost`);
      assert.ok(unpaid.size >= 2, `${unpaid.size} of ${purchases.size} purchases are lost`);
      console.log(
        `lost: ${lost.length} of ${acks.length} calls, ${unpaid.size} of ${purchases.size} purchases`,
      );
      assert.deepEqual(await disagreements(promoted), []);

      await carryOn(scene, failed);
      await proved(scene);
      assert.deepEqual(
        unpaid.intersection(await paid(promoted)),
        new Set(),
        "Stripe was told that all was well",
      );

      const report = await shop.reconcile(pair.replica.server.url());
      assert.ok(report.events.missing.every(({ outcome }) => outcome !== "failed" && outcome !== "held"));
      assert.deepEqual(report.purchases.differences, []);
      assert.deepEqual(new Set(failed.sales.sold).difference(await paid(promoted)), new Set());
      await proved(scene);

      // The old primary would go on as if nothing had happened; what it says there is undone when it rejoins.
      await pair.primary.server.restart();
      const old = connect(pair.primary.url, 1);
      assert.equal((await grant(old, scene.users[0], "beside", 100)).outcome, "granted");
      await old.end();
      await pair.primary.crash();
      await pair.rejoin();
      assert.deepEqual([...await promoted`select from public.user_credits where grant_key = 'beside'`], []);
      assert.deepEqual(
        await pair.primary.ask("select from public.user_credits where grant_key = 'beside'"),
        [],
      );
    });
  },
);
