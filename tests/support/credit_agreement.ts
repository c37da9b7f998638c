/** Runs operations on credits in the database and in the model, and compares what both say. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { z } from "zod";
import { type Answer, LONGEST_HOLD } from "./credit_model.ts";
import { type Operation, timestamp, type World } from "./credit_operations.ts";
import { MeteredModel, POLICIES } from "./metered_model.ts";

const START = Date.UTC(2030, 0, 1);

/** Lets a transaction set its own clock, and look at what its users have in one call. */
const HELPERS = `
  create or replace function credits_private.clock() returns timestamptz language plpgsql as $$
  begin
    return coalesce(nullif(current_setting('test.now', true), ''), '2029-12-31')::timestamptz;
  end $$;

  create function credits_private.set_clock(p_now timestamptz) returns void language plpgsql as $$
  begin
    perform set_config('test.now', p_now::text, true);
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

/** Statements, and what is done before them. */
interface Part {
  sql: string;
  first?: () => Promise<void>;
}

/** Runs parts one after the other; gives back the rows of each of their statements. */
export type Perform = (parts: Part[]) => Promise<unknown[]>;

/** All in one transaction and one round trip, and undone. */
export function undone(sql: postgres.Sql): Perform {
  return async (parts) => {
    const script = parts.map((part) => part.sql).join("\n");
    // Of a rollback, which has no rows, the driver says nothing; of what comes first it does.
    return (await sql.unsafe(`begin; ${script} rollback;`).simple()).slice(1);
  };
}

/** What one operation should have given, in the form {@link execute} gives what it did give. */
interface Step extends Part {
  operation: Operation;
  answer: Answer;
  state: State;
}

/** Prepares a database of one's own: its clock, its longest hold, and a card for each policy at the price of 1. */
export async function prepare(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(HELPERS);
  await sql`
    update credits_private.credit_settings set reservation_max_lifetime = ${LONGEST_HOLD} * interval '1 millisecond'`;
  for (const action of POLICIES) {
    await sql`
      select public.save_rate_card(${action}, '[{"meter": "token", "price": 0.01}]', null, ${action}, 'test', 'test')`;
  }
}

/** Runs the model ahead, because a whole sequence may go to the database in one round trip. */
function plan(world: World, operations: Operation[]): Step[] {
  return operations.map((operation) => {
    // No two operations at the same moment, so that no two reservations end at the same moment.
    world.now += 1;
    const { sql, answer, first } = operation.apply(world);
    const state = Object.values(world.users).map((user) => ({
      spendable: user.available(world.now),
      reserved: user.reserved,
      debt: user.debt,
    }));
    const ids = Object.keys(world.users).map((name) => `"${world.ids[name]}"`);
    const script = `
      select credits_private.set_clock(${timestamp(world.now)});
      select * from ${sql};
      select * from credits_private.state('{${ids}}');`;
    return { operation, sql: script, answer, state, first };
  });
}

async function execute(perform: Perform, steps: Step[]) {
  const end = `
    select public.expire_credits();
    select problem, expected, actual from public.verify_credits();`;
  const results = Results.parse(await perform([...steps, { sql: end }]));
  const observed = steps.map((_, index) => ({
    row: results[index * 3 + 1][0],
    state: States.parse(results[index * 3 + 2]),
  }));
  return { observed, problems: results[steps.length * 3 + 1] };
}

function check(step: Step, row: Record<string, unknown>, state: State) {
  const actual = Object.keys(step.answer).map((name) => {
    const value = row[name];
    return [name, value instanceof Date ? value.getTime() : value];
  });
  assert.deepEqual(Object.fromEntries(actual), step.answer);
  assert.deepEqual(state, step.state);
}

/** Fails with the whole story where the database and the model say different things, or the books do not agree. */
export async function agrees(perform: Perform, ids: World["ids"], operations: Operation[]): Promise<void> {
  const users = Object.fromEntries(Object.keys(ids).map((name) => [name, new MeteredModel()]));
  const steps = plan({ users, ids, now: START, prices: {} }, operations);
  const { observed, problems } = await execute(perform, steps);
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
