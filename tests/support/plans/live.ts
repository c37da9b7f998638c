/**
 * One subscriber's life, in the database and by the contract.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { z } from "zod";
import { Contract } from "./contract.ts";
import type { Finder } from "./finder.ts";
import { Life } from "./life.ts";
import type { Step } from "./script.ts";

const Rows = z.array(z.array(z.record(z.string(), z.unknown())));
const State = z.object({ all: z.number(), bought: z.number() });

/** Lives one life in the database and by the contract, and compares them after each step and at the end of each month. */
export async function live(sql: postgres.Sql, seed: number, number: number, finder: Finder): Promise<Life> {
  const user = crypto.randomUUID();
  const life = new Life(user, `cus_${number}`, seed, number);
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
      `seed ${seed} + ${number}\n${story.slice(-25).join("\n")}`,
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
        `${event.data.object.id} of ${new Date(when).toISOString()} was not found, seed ${seed} + ${number}`,
      );
    }
    if (moment === moments.at(-1)) {
      assert.equal(
        await finder.find(scene, "reconcile", false),
        0,
        `Stripe has news, seed ${seed} + ${number}`,
      );
    }
  }
  const problems = await sql`
    select problem from public.verify_credits(${user})
    union all select problem from public.plan_differences() where user_id = ${user}`;
  assert.deepEqual([...problems], [], `seed ${seed} + ${number}`);
  return life;
}
