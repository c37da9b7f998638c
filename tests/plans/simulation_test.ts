/** Years of many subscribers: at each month's end all have what their contracts say, and the books agree. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { z } from "zod";
import { all, clone } from "../support/clone.ts";
import { effort } from "../support/effort.ts";
import { Contract } from "../support/plans/contract.ts";
import { Finder } from "../support/plans/finder.ts";
import { Life } from "../support/plans/life.ts";
import { PLANS } from "../support/plans/news.ts";
import type { Step } from "../support/plans/script.ts";

const FULL = 300;
const SUBSCRIBERS = effort(FULL) < FULL ? effort(40) : FULL;
const CONNECTIONS = 2;
/** Another one each time where all of it is done. */
const SEED = SUBSCRIBERS === FULL ? Math.floor(Math.random() * 2 ** 31) : 1;

/** What has to be in it, whatever the seed. */
const KINDS = [
  ...[
    "month",
    "year, month by month",
    "trial",
    "from 01-31",
    "from 02-29",
    "shape before basil",
    "shape since basil",
  ],
  ...["up, down and up in full", "up, down and up, credited", "canceled", "paused", "unpaid", "second tab"],
  ...[
    "recovered within the period",
    "recovered after the period",
    "refund",
    "partial refund",
    "refund that comes first",
  ],
  ...[
    "dispute won",
    "dispute lost",
    "bought",
    "held across a boundary",
    "our clock behind",
    "our clock ahead",
  ],
  ...[
    "delivered days later",
    "event lost",
    "invoice lost",
    "refund lost",
    "refresh",
    "reconcile",
    "held and replayed",
  ],
];
/** What the database has to have made of it. */
const ENDS = ["full", "trial", "difference", "credits of 1", "credits of 12", "rollover of 1", "late of 1"];

const Rows = z.array(z.array(z.record(z.string(), z.unknown())));
const State = z.object({ all: z.number(), bought: z.number() });

async function prepare(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create or replace function credits_private.clock() returns timestamptz language plpgsql as $$
    begin
      return current_setting('test.now')::timestamptz;
    end $$;
    create function credits_private.state(p_user uuid, out "all" numeric, out bought numeric) language sql as $$
      select coalesce(sum(remaining_amount), 0), coalesce(sum(remaining_amount) filter (where source = 'migration'), 0)
      from public.user_credits
      where user_id = p_user and (expires_at is null or expires_at > credits_private.clock());
    $$;`).simple();
  for (const [name, { credits, cap }] of Object.entries(PLANS)) {
    const [plan] = await sql`insert into public.plans (name) values (${name}) returning id`;
    const [version] = await sql`
      insert into public.plan_versions (plan_id, version, credits, drip, rollover_cap, trial_credits)
      values (${plan.id}, 1, ${credits / 100}, 'month', ${cap / 100}, 3) returning id`;
    for (const interval of ["month", "year"]) {
      await sql`insert into public.plan_prices (stripe_price_id, version_id, "interval", amount_cents)
        values (${`${name}_${interval}`}, ${version.id}, ${interval}, 1000)`;
    }
  }
}

/** Lives one life in the database and by the contract, and compares them after each step and at the end of each month. */
async function live(sql: postgres.Sql, number: number, finder: Finder): Promise<Life> {
  const user = crypto.randomUUID();
  const life = new Life(user, `cus_${number}`, SEED, number);
  const contract = new Contract();
  const story: string[] = [];
  const moments = [...life.steps, ...life.monthEnds.map((at): Step => ({ at, sql: "select 1", apply() {} }))]
    .sort((a, b) => a.at - b.at);
  const clock = (at: number) =>
    `select set_config('test.now', '${new Date(life.ours(at)).toISOString()}', false)`;
  const state = `select * from credits_private.state('${user}')`;
  const agree = (at: number, what: string, found: unknown) => {
    const now = life.ours(at);
    story.push(`${new Date(at).toISOString()} ${what} ${JSON.stringify(found)}`);
    const expected = {
      all: contract.wallet.available(now),
      bought: contract.wallet.available(now, "bought"),
    };
    assert.deepEqual(
      State.parse(found),
      expected,
      `seed ${SEED} + ${number}\n${story.slice(-25).join("\n")}`,
    );
  };
  let script: Step[] = [];
  const run = async () => {
    const statements = script.map(({ at, sql }) => `${clock(at)}; ${sql}; ${state};`);
    const results = Rows.parse(await sql.unsafe(`${statements.join("\n")} select 1; select 1;`).simple());
    for (const [index, { at, sql, apply }] of script.entries()) {
      const [, outcome, [found]] = results.slice(3 * index);
      apply(contract, life.ours(at));
      agree(at, `${sql.slice(0, 1000)} ${JSON.stringify(outcome)}`, found);
    }
    script = [];
  };
  await sql.unsafe(`
    ${clock(moments[0].at)};
    insert into auth.users (id, email) values ('${user}', '${user}@example.com');`).simple();
  if (!life.kinds["held and replayed"]) {
    await sql`select public.keep_stripe_customer(${user}, ${life.customer}, false)`;
  }
  for (const moment of moments) {
    const { at, search } = moment;
    if (search === undefined) {
      script.push(moment);
      continue;
    }
    await run();
    await sql.unsafe(clock(at));
    const scene = { sql, customer: life.customer, told: life.told, contract, at, now: life.ours(at) };
    const found = await finder.find(scene, search);
    agree(at, `${search} found ${found}`, (await sql.unsafe(state))[0]);
    // Whoever looks finds every invoice that was lost by then.
    for (const { event, at: when } of life.told.undelivered(0, at)) {
      const isFound = event.type !== "invoice.paid" || contract.knows(String(event.data.object.id));
      assert.ok(
        isFound,
        `${event.data.object.id} of ${new Date(when).toISOString()} was not found, seed ${SEED} + ${number}`,
      );
    }
    if (moment === moments.at(-1)) {
      assert.equal(
        await finder.find(scene, "reconcile", false),
        0,
        `Stripe has news, seed ${SEED} + ${number}`,
      );
    }
  }
  const problems = await sql`
    select problem from public.verify_credits(${user})
    union all select problem from public.plan_differences() where user_id = ${user}`;
  assert.deepEqual([...problems], [], `seed ${SEED} + ${number}`);
  return life;
}

Deno.test(`${SUBSCRIBERS} subscribers have what their contracts say, for three years`, async () => {
  await using database = await clone(CONNECTIONS);
  const { sql } = database;
  await prepare(sql);
  const connections = Array.from({ length: CONNECTIONS }, () => database.connect(1));
  const finder = new Finder();
  const lives: Life[] = [];
  await finder.run(async () => {
    await all(connections.map(async (one, first) => {
      for (let number = first; number < SUBSCRIBERS; number += CONNECTIONS) {
        lives.push(await live(one, number, finder));
      }
    }));
  });
  const [last] = connections;
  await last`select set_config('test.now', '2031-06-01Z', false)`;
  await last`select public.grant_plan_credits(), public.expire_credits()`;
  assert.deepEqual([...await last`select * from public.verify_credits()`], []);
  assert.deepEqual([
    ...await last`select type, outcome, reason from public.stripe_events where outcome = 'held'`,
  ], []);

  const kinds: Record<string, number> = {};
  for (const life of lives) {
    for (const [kind, count] of Object.entries(life.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  assert.deepEqual(KINDS.filter((kind) => !kinds[kind]), [], "what never happened");
  const ends = await last<{ what: string; count: number }[]>`
    select decision as what, count(*)::int from public.subscription_invoices group by 1
    union all
    select g.kind || ' of ' || i.grants, count(*)::int
    from public.plan_grants g join public.subscription_invoices i on i.id = g.invoice_id group by 1`;
  assert.deepEqual(ENDS.filter((end) => !ends.some(({ what }) => what === end)), [], "what never came of it");
  if (Deno.env.has("TEST_EFFORT")) console.log(JSON.stringify({ ...kinds, ends }));
});
