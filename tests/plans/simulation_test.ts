/** Years of many subscribers: at each month's end all have what their contracts say, and the books agree. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { z } from "zod";
import { all, clone } from "../support/clone.ts";
import { effort } from "../support/effort.ts";
import { Contract } from "../support/plans/contract.ts";
import { Life } from "../support/plans/life.ts";
import { PLANS } from "../support/plans/script.ts";

const FULL = 300;
const SUBSCRIBERS = effort(FULL) < FULL ? effort(40) : FULL;
const CONNECTIONS = 2;
/** Another one each time where all of it is done. */
const SEED = SUBSCRIBERS === FULL ? Math.floor(Math.random() * 2 ** 31) : 1;

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
async function live(sql: postgres.Sql, number: number): Promise<void> {
  const user = crypto.randomUUID();
  const life = new Life(user, `cus_${number}`, SEED + number);
  const contract = new Contract();
  const moments = [...life.steps, ...life.monthEnds.map((at) => ({ at, sql: "select 1", apply() {} }))]
    .sort((a, b) => a.at - b.at);
  const state = `select * from credits_private.state('${user}')`;
  const script = moments.map(({ at, sql }) =>
    `select set_config('test.now', '${new Date(at).toISOString()}', false); ${sql}; ${state};`
  );
  const results = Rows.parse(
    await sql.unsafe(`
      select set_config('test.now', '2027-01-01Z', false);
      insert into auth.users (id, email) values ('${user}', '${user}@example.com');
      select public.keep_stripe_customer('${user}', 'cus_${number}', false);
      ${script.join("\n")}
      select problem, expected, actual from public.verify_credits('${user}');`).simple(),
  ).slice(2);
  const story: string[] = [];
  for (const [index, { at, sql, apply }] of moments.entries()) {
    apply(contract, at);
    const [outcome, [found]] = results.slice(3 * index + 1);
    story.push(`${new Date(at).toISOString()} ${sql.slice(0, 2000)} ${JSON.stringify([outcome, found])}`);
    const expected = { all: contract.wallet.available(at), bought: contract.wallet.available(at, "bought") };
    assert.deepEqual(
      State.parse(found),
      expected,
      `seed ${SEED} + ${number}\n${story.slice(-25).join("\n")}`,
    );
  }
  assert.deepEqual(results.at(-1), [], `seed ${SEED} + ${number}`);
}

Deno.test(`${SUBSCRIBERS} subscribers have what their contracts say, for three years`, async () => {
  await using database = await clone(CONNECTIONS);
  const { sql } = database;
  await prepare(sql);
  const connections = Array.from({ length: CONNECTIONS }, () => database.connect(1));
  await all(connections.map(async (one, first) => {
    for (let number = first; number < SUBSCRIBERS; number += CONNECTIONS) await live(one, number);
  }));
  const [last] = connections;
  await last`select set_config('test.now', '2031-06-01Z', false)`;
  await last`select public.grant_plan_credits(), public.expire_credits()`;
  assert.deepEqual([...await last`select * from public.verify_credits()`], []);
  const held = await last`select type, outcome, reason from public.stripe_events where outcome = 'held'`;
  assert.deepEqual([...held], []);
  const differences = await last`
    select problem, count(*) from public.plan_differences() where problem not in ('live_without_paid_invoice') group by 1`;
  assert.deepEqual([...differences], []);
});
