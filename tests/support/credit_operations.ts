/** Operations on credits, each of which says what it is, in words and in SQL, and what the model answers. */
import fc from "fast-check";
import type { Answer } from "./credit_model.ts";
import type { MeteredModel, Policy } from "./metered_model.ts";

/** What the operations run against: the model, the ids the database knows the users by, the time, and what tokens cost. */
export interface World {
  users: Record<string, MeteredModel>;
  ids: Record<string, string>;
  now: number;
  prices: Partial<Record<Policy, number>>;
}

/**
 * One operation; `apply` changes the model and gives back the SQL that does the same, and the answer to expect. `first` is
 * done before the SQL, and nothing of it is to be noticed.
 */
export interface Operation {
  toString(): string;
  apply(world: World): { sql: string; answer: Answer; first?: () => Promise<void> };
}

/** In milliseconds. */
export const MINUTE = 60_000;

/** Who does it, by name. All know the same jobs and keys, so that one can try what is another's. */
export type Who = fc.Arbitrary<string>;

const key = fc.constantFrom("a", "b", "c");
/** For which job, and for how long. */
export const job = fc.constantFrom(...[1, 2, 3, 4].map((n) => `00000000-0000-7000-8000-00000000000${n}`));
export const minutes = fc.constantFrom(1, 5, 15, 40, 90, 150);
const amount = fc.integer({ min: 1, max: 1_500 });

const grant = (user: Who) =>
  fc.record({
    user,
    key,
    amount: fc.integer({ min: 1, max: 5_000 }),
    lifetime: fc.option(minutes),
  }).map((p) => ({
    toString: () => `grant ${p.user} ${credits(p.amount)} as ${p.key}, expiring in ${p.lifetime ?? "∞"} min`,
    apply({ users, ids, now }: World) {
      const expiresAt = p.lifetime ? now + p.lifetime * MINUTE : Infinity;
      const until = p.lifetime ? timestamp(expiresAt) : "null";
      return {
        sql: `grant_credits('${ids[p.user]}', ${credits(p.amount)}, 'promotion', '${p.key}', ${until})`,
        answer: users[p.user].grant(now, p.key, p.amount, expiresAt),
      };
    },
  }));

const adjust = (user: Who) =>
  fc.record({ user, key, amount: fc.integer({ min: -1_500, max: 1_000 }).filter(Boolean) }).map((
    p,
  ) => ({
    toString: () => `adjust ${p.user} by ${credits(p.amount)} as ${p.key}`,
    apply({ users, ids, now }: World) {
      const sql = `adjust_credits('${ids[p.user]}', ${credits(p.amount)}, '${p.key}', 'test', 'test')`;
      return { sql, answer: users[p.user].adjust(now, p.key, p.amount) };
    },
  }));

const reserve = (user: Who) =>
  fc.record({ user, job, amount, ttl: minutes }).map((p) => ({
    toString: () => `reserve ${credits(p.amount)} of ${p.user} for job ${p.job.at(-1)}, for ${p.ttl} min`,
    apply({ users, ids, now }: World) {
      const ttl = `p_ttl => '${p.ttl} minutes'`;
      return {
        sql: `reserve_credits('${ids[p.user]}', '${p.job}', ${credits(p.amount)}, 'story', ${ttl})`,
        answer: users[p.user].reserve(now, p.job, p.amount, p.ttl * MINUTE),
      };
    },
  }));

const confirm = (user: Who) =>
  fc.record({ user, job, quarters: fc.option(fc.nat(4)) }).map((p) => ({
    toString: () =>
      `confirm ${p.quarters === null ? "all" : `${p.quarters}/4`} of ${p.user}'s job ${p.job.at(-1)}`,
    apply({ users, ids, now }: World) {
      const part = p.quarters === null ? null : users[p.user].share(p.job, p.quarters);
      return {
        sql: `confirm_credits('${ids[p.user]}', '${p.job}', ${part === null ? "null" : credits(part)})`,
        answer: users[p.user].confirm(now, p.job, part),
      };
    },
  }));

const release = (user: Who) =>
  fc.record({ user, job }).map((p) => ({
    toString: () => `release ${p.user}'s job ${p.job.at(-1)}`,
    apply({ users, ids, now }: World) {
      return {
        sql: `release_credits('${ids[p.user]}', '${p.job}')`,
        answer: users[p.user].release(now, p.job),
      };
    },
  }));

const refund = (user: Who) =>
  fc.record({ user, job, key, quarters: fc.option(fc.nat(4)) }).map((p) => ({
    toString: () =>
      `refund ${p.quarters === null ? "all" : `${p.quarters}/4`} of ${p.user}'s job ${
        p.job.at(-1)
      } as ${p.key}`,
    apply({ users, ids, now }: World) {
      let part: number | null = null;
      const answer = users[p.user].refund(now, p.job, p.key, (charged) => {
        if (p.quarters !== null) part = Math.max(1, Math.floor(charged * p.quarters / 4));
        return part ?? charged;
      });
      const amount = part === null ? "null" : credits(part);
      return {
        sql: `refund_job('${ids[p.user]}', '${p.job}', '${p.key}', 'test', 'test', ${amount})`,
        answer,
      };
    },
  }));

const extend = (user: Who) =>
  fc.record({ user, job, ttl: minutes }).map((p) => ({
    toString: () => `extend ${p.user}'s job ${p.job.at(-1)} for ${p.ttl} min`,
    apply({ users, ids, now }: World) {
      return {
        sql: `extend_reservation('${ids[p.user]}', '${p.job}', '${p.ttl} minutes')`,
        answer: users[p.user].extend(now, p.job, p.ttl * MINUTE),
      };
    },
  }));

const sweep = fc.constantFrom(15, 15, 5, 60).map((ttl) => ({
  toString: () => `release what is stale after ${ttl} min`,
  apply({ users, now }: World) {
    const deadline = now + (15 - ttl) * MINUTE;
    const released = Object.values(users).map((one) => one.sweep(now, deadline)).reduce((one, other) =>
      one + other
    );
    return { sql: `release_stale_reservations(${ttl}) as released`, answer: { released } };
  },
}));

const expire = fc.constant({
  toString: () => "expire what has expired",
  apply: () => ({ sql: "expire_credits()", answer: {} }),
});

const pass = minutes.map((length) => ({
  toString: () => `${length} minutes pass`,
  apply(world: World) {
    world.now += length * MINUTE;
    return { sql: "credits_private.clock()", answer: {} };
  },
}));

const archive = fc.constant({
  toString: () => "100 days pass, and what is older than 60 is archived",
  apply(world: World) {
    world.now += 100 * 24 * 60 * MINUTE;
    for (const one of Object.values(world.users)) one.archive();
    return { sql: "archive_ledger(credits_private.clock() - interval '60 days')", answer: {} };
  },
});

/** Any operation, the usual ones more often. */
export const operation = (user: Who): fc.Arbitrary<Operation> =>
  fc.oneof(
    { arbitrary: grant(user), weight: 4 },
    { arbitrary: adjust(user), weight: 2 },
    { arbitrary: reserve(user), weight: 7 },
    { arbitrary: confirm(user), weight: 5 },
    { arbitrary: release(user), weight: 3 },
    { arbitrary: refund(user), weight: 3 },
    { arbitrary: extend(user), weight: 2 },
    { arbitrary: sweep, weight: 2 },
    { arbitrary: expire, weight: 1 },
    { arbitrary: archive, weight: 1 },
    { arbitrary: pass, weight: 4 },
  );

/** A point in time as SQL. */
export function timestamp(now: number): string {
  return `'${new Date(now).toISOString()}'`;
}

function credits(amount: number): string {
  return (amount / 100).toFixed(2);
}
