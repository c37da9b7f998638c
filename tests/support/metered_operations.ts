/** Operations on metered work, as those of `credit_operations.ts`. */
import fc from "fast-check";
import { job, MINUTE, minutes, type Operation, type Who, type World } from "./credit_operations.ts";
import { POLICIES } from "./metered_model.ts";

const policy = fc.constantFrom(...POLICIES);
const tokens = fc.integer({ min: 1, max: 1_000 });

/** As `prepare` saves the cards. */
const FIRST_PRICE = 10;

const usage = (quantity: number) => `'[{"meter": "token", "quantity": ${quantity}}]'`;

const reserve = (user: Who) =>
  fc.record({ user, job, policy, tokens, ttl: minutes }).map((p) => ({
    toString: () =>
      `reserve ${p.tokens} tokens of ${p.user} for job ${p.job.at(-1)}, ${p.policy}, ${p.ttl} min`,
    apply({ users, ids, now, prices }: World) {
      const price = prices[p.policy] ?? FIRST_PRICE;
      return {
        sql: `reserve_metered('${ids[p.user]}', '${p.job}', '${p.policy}', ${
          usage(p.tokens)
        }, p_ttl => '${p.ttl} minutes')`,
        answer: users[p.user].reserveMetered(now, p.job, { ...p, price, ttl: p.ttl * MINUTE }),
      };
    },
  }));

const settle = (user: Who) =>
  fc.record({
    user,
    job,
    report: fc.oneof(
      fc.integer({ min: 0, max: 1_500 }).map((tokens) => ({ tokens, sql: usage(tokens) })),
      fc.constantFrom("null", "'{}'", `'[{"meter": "token", "quantity": "0"}]'`, `'[{"meter": "token"}]'`)
        .map(
          (sql) => ({ tokens: null, sql }),
        ),
    ),
  }).map((p) => ({
    toString: () => `settle ${p.user}'s job ${p.job.at(-1)} with ${p.report.sql}`,
    apply({ users, ids, now }: World) {
      return {
        sql: `settle_usage('${ids[p.user]}', '${p.job}', ${p.report.sql})`,
        answer: users[p.user].settle(now, p.job, p.report.tokens),
      };
    },
  }));

const add = (user: Who) =>
  fc.record({ user, job, seq: fc.nat(3), amount: fc.integer({ min: 1, max: 500 }) }).map((p) => ({
    toString: () => `add ${p.amount} to ${p.user}'s job ${p.job.at(-1)} as step ${p.seq}`,
    apply({ users, ids, now }: World) {
      return {
        sql: `add_to_reservation('${ids[p.user]}', '${p.job}', ${(p.amount / 100).toFixed(2)}, ${p.seq})`,
        answer: users[p.user].add(now, p.job, p.seq, p.amount),
      };
    },
  }));

const reprice = fc.record({ policy, price: fc.integer({ min: 1, max: 40 }) }).map((p) => ({
  toString: () => `a token of ${p.policy} costs ${p.price} thousandths from now on`,
  apply(world: World) {
    world.prices[p.policy] = p.price;
    const card = `[{"meter": "token", "price": ${p.price / 1000}}]`;
    return {
      sql: `save_rate_card('${p.policy}', '${card}', null, '${p.policy}', 'test', 'test')`,
      answer: {},
    };
  },
}));

/** Any operation on metered work. */
export const metered = (user: Who): fc.Arbitrary<Operation> =>
  fc.oneof(
    { arbitrary: reserve(user), weight: 4 },
    { arbitrary: settle(user), weight: 5 },
    { arbitrary: add(user), weight: 3 },
    { arbitrary: reprice, weight: 1 },
  );
