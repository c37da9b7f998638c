/** Generated sequences of operations give what the model of the contract gives, and leave books that agree. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type postgres from "postgres";
import { z } from "zod";
import { clone } from "../support/clone.ts";
import { type Answer, LONGEST_HOLD, Model } from "../support/credit_model.ts";
import { NAMES, type Operation, operation, timestamp, type World } from "../support/credit_operations.ts";
import { effort } from "../support/effort.ts";

const RUNS = effort(2_000);
const CONNECTIONS = 2;
const START = Date.UTC(2030, 0, 1);

/** Lets a session set its own clock, and look at what its users have in one call. */
const HELPERS = `
  create or replace function credits_private.clock() returns timestamptz language plpgsql as $$
  begin
    return current_setting('test.now')::timestamptz;
  end $$;

  create function credits_private.state(p_users uuid[], out spendable numeric, out reserved numeric, out debt numeric)
    returns setof record language plpgsql as $$
  begin
    return query
      select
        coalesce((
          select sum(b.remaining_amount) from public.user_credits b
          where b.user_id = u.id and (b.expires_at is null or b.expires_at > credits_private.clock())
        ), 0),
        coalesce(a.reserved, 0), coalesce(a.debt, 0)
      from unnest(p_users) with ordinality u (id, position)
      left join public.credit_accounts a on a.user_id = u.id
      order by u.position;
  end $$;`;

const Results = z.array(z.array(z.record(z.string(), z.unknown())));
const States = z.array(z.object({ spendable: z.number(), reserved: z.number(), debt: z.number() }));
type State = z.infer<typeof States>;

/** What one operation should have given, in the form {@link observe} gives what it did give. */
interface Step {
  operation: Operation;
  sql: string;
  answer: Answer;
  state: State;
}

/** Runs the model ahead, because a whole sequence goes to the database in one round trip. */
function plan(world: World, operations: Operation[]): Step[] {
  return operations.map((operation) => {
    // No two operations at the same moment, so that no two reservations end at the same moment.
    world.now += 1;
    const { sql, answer } = operation.apply(world);
    const state = NAMES.map((name) => ({
      spendable: world.users[name].available(world.now),
      reserved: world.users[name].reserved,
      debt: world.users[name].debt,
    }));
    const ids = NAMES.map((name) => `"${world.ids[name]}"`);
    const script = `
      select set_config('test.now', ${timestamp(world.now)}, true);
      select * from ${sql};
      select * from credits_private.state('{${ids}}');`;
    return { operation, sql: script, answer, state };
  });
}

async function execute(sql: postgres.Sql, steps: Step[]) {
  const results = Results.parse(
    await sql.unsafe(`
    begin;
    ${steps.map((step) => step.sql).join("\n")}
    select public.expire_credits();
    select problem, expected, actual from public.verify_credits();
    rollback;`).simple(),
  );
  const observed = steps.map((_, index) => ({
    row: results[index * 3 + 2][0],
    state: States.parse(results[index * 3 + 3]),
  }));
  return { observed, problems: results[steps.length * 3 + 2] };
}

function check(step: Step, row: Record<string, unknown>, state: State) {
  const actual = Object.keys(step.answer).map((name) => {
    const value = row[name];
    return [name, value instanceof Date ? value.getTime() : value];
  });
  assert.deepEqual(Object.fromEntries(actual), step.answer);
  assert.deepEqual(state, step.state);
}

async function agrees(sql: postgres.Sql, ids: World["ids"], operations: Operation[]) {
  const world: World = { users: { alice: new Model(), bob: new Model() }, ids, now: START };
  const steps = plan(world, operations);
  const { observed, problems } = await execute(sql, steps);
  const story: string[] = [];
  for (const [index, step] of steps.entries()) {
    const { row, state } = observed[index];
    story.push(`${step.operation}: ${JSON.stringify(row)}`);
    try {
      check(step, row, state);
    } catch (error) {
      throw new Error(
        `the last of these is wrong:\n${story.join("\n")}\n${error instanceof Error ? error.message : error}`,
      );
    }
  }
  assert.deepEqual(problems, [], story.join("\n"));
}

Deno.test(`${RUNS} generated sequences of credit operations agree with the model`, async () => {
  const run = async () => {
    // Each in a database of its own: one archives at a time.
    await using database = await clone(1);
    const { sql } = database;
    await sql.unsafe(HELPERS);
    await sql`
      update credits_private.credit_settings set reservation_max_lifetime = ${LONGEST_HOLD} * interval '1 millisecond'`;
    const ids = { alice: crypto.randomUUID(), bob: crypto.randomUUID() };
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 1, maxLength: 30, size: "max" }),
        (operations) => agrees(sql, ids, operations),
      ),
      { numRuns: Math.ceil(RUNS / CONNECTIONS) },
    );
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, run));
});
