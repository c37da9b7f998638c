/** Generated sequences on four shards give what they give in one database, wherever users are moved meanwhile. */
import fc from "fast-check";
import type postgres from "postgres";
import { connect } from "../support/clone.ts";
import { agrees, type Perform } from "../support/credit_agreement.ts";
import { type Operation, operation, type Who, type World } from "../support/credit_operations.ts";
import { effort } from "../support/effort.ts";
import { test } from "../support/four_shards.ts";
import { metered } from "../support/metered_operations.ts";
import { homeOf, moveThrough, STEPS } from "../support/moves.ts";
import { provesOnEach, type Shards } from "../support/shards.ts";
import { eachAtHome, leave, prepareShards } from "../support/shards_clock.ts";

const RUNS = effort(200);

/** One for each shard, until they are moved. */
const IDS = Object.fromEntries(
  ["alice", "bob", "carol", "dave"].map((
    name,
    shard,
  ) => [name, `${crypto.randomUUID().slice(0, -1)}${shard}`]),
);

/** Of a move the model knows nothing. */
function move(four: Shards, user: Who): fc.Arbitrary<Operation> {
  const how = {
    by: fc.integer({ min: 1, max: 3 }),
    end: fc.option(fc.constantFrom(...STEPS), { nil: undefined }),
  };
  return fc.record({ user, ...how, goesOn: fc.boolean() }).map(({ user, by, end, goesOn }) => ({
    toString: () =>
      `move ${user} ${by} shards on${end ? `, cut off when ${end}, and ${goesOn ? "on" : "back"}` : ""}`,
    apply: ({ ids }: World) => ({
      first: async () => {
        const to = (await homeOf(four, ids[user]) + by) % four.shards.length;
        await moveThrough(four, ids[user], { to, end, goesOn });
      },
      sql: "credits_private.clock()",
      answer: {},
    }),
  }));
}

/** Each call on its own, through the router: what it did stays. */
function perform(router: postgres.Sql): Perform {
  return async (parts) => {
    const results: unknown[] = [];
    for (const { sql, first } of parts) {
      await first?.();
      results.push(...await router.unsafe(sql).simple());
    }
    return results;
  };
}

test(`${RUNS} generated sequences agree with the model on four shards, while users are moved`, async (four) => {
  await prepareShards(four);
  // One connection: each has sessions of its own on all shards, which plan everything anew.
  const router = connect(four.servers.router.dbUrl, 1);
  const user = fc.constantFrom(...Object.keys(IDS));
  const any = fc.oneof(
    { arbitrary: operation(user), weight: 8 },
    { arbitrary: metered(user), weight: 4 },
    { arbitrary: move(four, user), weight: 1 },
  );
  const sequence = fc.array(any, { minLength: 1, maxLength: 30, size: "max" });
  try {
    await fc.assert(
      fc.asyncProperty(sequence, async (operations) => {
        await agrees(perform(router), IDS, operations);
        await provesOnEach(four);
        await eachAtHome(four);
      }).beforeEach(() => leave(four)),
      // To shrink one takes minutes, and its story says which step is wrong.
      { numRuns: RUNS, endOnFailure: true },
    );
  } finally {
    await router.end();
    await leave(four);
  }
});
