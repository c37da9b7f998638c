/** Years of many subscribers: at each month's end all have what their contracts say, and the books agree. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { clone } from "../support/clone.ts";
import { effort } from "../support/effort.ts";
import { Finder } from "../support/plans/finder.ts";
import type { Life } from "../support/plans/life.ts";
import { live } from "../support/plans/live.ts";
import { PLANS } from "../support/plans/news.ts";

const FULL = 300;
const SUBSCRIBERS = effort(FULL) < FULL ? effort(100) : FULL;
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
    "changes that arrive in reverse",
    "event lost",
    "invoice lost",
    "refund lost",
    "refresh",
    "reconcile",
    "held and replayed",
  ],
];
/** What the database has to have made of it. */
const ENDS = [
  "full",
  "trial",
  "difference",
  "credits of 1",
  "credits of 12",
  "rollover of 1",
  ...(SUBSCRIBERS === FULL ? ["late of 1"] : []),
];

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

Deno.test(`${SUBSCRIBERS} subscribers have what their contracts say, for three years`, async () => {
  // One connection: the sweep of another would be at another time.
  await using database = await clone(1);
  const { sql } = database;
  await prepare(sql);
  const finder = new Finder();
  const lives: Life[] = [];
  await finder.run(async () => {
    for (let number = 0; number < SUBSCRIBERS; number++) lives.push(await live(sql, SEED, number, finder));
  });
  await sql`select set_config('test.now', '2031-06-01Z', false)`;
  await sql`select public.grant_plan_credits(), public.expire_credits()`;
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
  assert.deepEqual([
    ...await sql`select type, outcome, reason from public.stripe_events where outcome = 'held'`,
  ], []);

  const kinds: Record<string, number> = {};
  for (const life of lives) {
    for (const [kind, count] of Object.entries(life.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  assert.deepEqual(KINDS.filter((kind) => !kinds[kind]), [], "what never happened");
  const ends = await sql<{ what: string; count: number }[]>`
    select decision as what, count(*)::int from public.subscription_invoices group by 1
    union all
    select g.kind || ' of ' || i.grants, count(*)::int
    from public.plan_grants g join public.subscription_invoices i on i.id = g.invoice_id group by 1`;
  assert.deepEqual(ENDS.filter((end) => !ends.some(({ what }) => what === end)), [], "what never came of it");
});
