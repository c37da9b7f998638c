/** The sliding window against a log of every call, and under callers that come at the same moment. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type postgres from "postgres";
import { z } from "zod";
import { clone } from "../support/clone.ts";
import { effort } from "../support/effort.ts";

const CALLERS = 64;
const START = Date.UTC(2030, 0, 1);
const WINDOW_MINUTES = 2;
const WINDOW = WINDOW_MINUTES * 60_000;

const CLOCK = `
  create or replace function credits_private.clock() returns timestamptz language plpgsql as $$
  begin
    return current_setting('test.now')::timestamptz;
  end $$`;

interface Call {
  /** Milliseconds since the call before it. */
  after: number;
  key: [string, string];
  max: number;
}

/** Two of the keys are the same when written one after the other. */
const key = fc.constantFrom<[string, string]>(["ab", "c"], ["a", "bc"], ["abc", "d"]);
function calls(maxima: number[], longest: number, length: number): fc.Arbitrary<Call[]> {
  const jump = fc.constantFrom(0, 1, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW / 2);
  const after = fc.oneof({ arbitrary: fc.nat(longest), weight: length / 10 }, { arbitrary: jump, weight: 1 });
  const max = fc.constantFrom(...maxima);
  return fc.array(fc.record({ after, key, max }), { minLength: 1, maxLength: length, size: "max" });
}

/** What the specification says, from a log of every allowed call. */
function naive(calls: Call[]): Record<string, unknown>[] {
  const log: { name: string; time: number }[] = [];
  let now = START;
  return calls.map(({ after, key, max }) => {
    now += after;
    const name = JSON.stringify(key);
    const recent = log.filter((entry) => entry.name === name && entry.time > now - WINDOW);
    if (recent.length < max) {
      log.push({ name, time: now });
      return {
        allowed: true,
        current_count: recent.length + 1,
        remaining: max - recent.length - 1,
        limit: max,
      };
    }
    const leaves = recent[recent.length - max].time + WINDOW;
    const retry_after_seconds = Math.ceil((leaves - now) / 1_000);
    return { allowed: false, current_count: recent.length, retry_after_seconds, limit: max };
  });
}

async function answers(sql: postgres.Sql, prefix: string, calls: Call[]): Promise<unknown[]> {
  let now = START;
  const script = calls.map(({ after, key: [identifier, action], max }) => {
    now += after;
    return `select set_config('test.now', '${new Date(now).toISOString()}', true);
      select public.check_rate_limit('${prefix}${identifier}', '${action}', ${max}, ${WINDOW_MINUTES}) as answer;`;
  });
  const rows = await sql.unsafe(`begin; ${script.join("\n")} commit;`).simple();
  const answered = z.array(z.array(z.record(z.string(), z.unknown()))).parse(rows);
  return answered.flat().filter((row) => "answer" in row).map((row) => row.answer);
}

async function agreesWithLog(calls: fc.Arbitrary<Call[]>, parameters: fc.Parameters<[Call[]]>) {
  await using database = await clone(1);
  await database.sql.unsafe(CLOCK);
  let run = 0;
  const property = fc.asyncProperty(calls, async (calls) => {
    assert.deepEqual(await answers(database.sql, `${run++} `, calls), naive(calls));
  });
  await fc.assert(property, parameters);
}

Deno.test("generated sequences of calls are limited as a log of timestamps says", async () => {
  await agreesWithLog(calls([3, 3, 3, 2, 5], WINDOW / 2, 30), { numRuns: effort(1_000) });
});

Deno.test("so are long ones with limits of hundreds, which change between the calls", async () => {
  // Making sequences this long smaller would take minutes; the first wrong answer says enough.
  await agreesWithLog(calls([200, 200, 200, 150, 270, 64, 4], WINDOW / 300, 900), {
    numRuns: effort(30),
    endOnFailure: true,
  });
});

Deno.test("after retry_after_seconds a call is allowed, and a second earlier it is not", async () => {
  await using database = await clone(1);
  await database.sql.unsafe(CLOCK);
  const key: [string, string] = ["someone", "something"];
  const first = [0, 17_300, 250].map((after) => ({ after, key, max: 3 }));
  const [, , , refused] = naive([...first, { after: 5_000, key, max: 3 }]);
  const wait = Number(refused.retry_after_seconds) * 1_000;
  const asked = [...first, { after: 5_000, key, max: 3 }, { after: wait - 1_000, key, max: 3 }, {
    after: 1_000,
    key,
    max: 3,
  }];
  const allowed = (await answers(database.sql, "", asked)).map((answer) =>
    z.object({ allowed: z.boolean() }).parse(answer).allowed
  );
  assert.deepEqual(allowed, [true, true, true, false, false, true]);
});

async function allowedOf(sql: postgres.Sql, keys: string[], max: number): Promise<string[]> {
  const checks = await Promise.all(keys.map(async (key) => {
    const [{ answer }] = await sql`select public.check_rate_limit(${key}, 'race', ${max}) as answer`;
    return answer.allowed ? [key] : [];
  }));
  return checks.flat();
}

Deno.test("64 concurrent callers get exactly the limit: of one new key, of the same key again, and of many keys", async () => {
  await using database = await clone(CALLERS);
  const twice = Array.from({ length: CALLERS * 2 }, () => "hot");
  assert.equal((await allowedOf(database.sql, twice, 20)).length, 20);
  assert.equal((await allowedOf(database.sql, twice, 30)).length, 10);

  const keys = Array.from({ length: 16 }, (_, index) => `key ${index}`);
  const mixed = Array.from({ length: 32 }, () => keys).flat();
  const counts = Object.groupBy(await allowedOf(database.sql, mixed, 5), (key) => key);
  assert.deepEqual(keys.map((key) => counts[key]?.length), keys.map(() => 5));
});

Deno.test("none of a new key's first callers is refused while there is room for all of them", async () => {
  await using database = await clone(CALLERS);
  for (let key = 0; key < 40; key++) {
    const callers = Array.from({ length: CALLERS }, () => `new ${key}`);
    assert.equal((await allowedOf(database.sql, callers, CALLERS)).length, CALLERS, `key ${key}`);
  }
});

Deno.test("a key never waits for another key, only for itself", async () => {
  await using database = await clone(1);
  const impatient = database.connect(1);
  await impatient`set lock_timeout = '200ms'`;
  await database.sql.begin(async (holder) => {
    await holder`select public.check_rate_limit('ab', 'c', 5)`;
    await impatient`select public.check_rate_limit('a', 'bc', 5)`;
    await assert.rejects(
      async () => await impatient`select public.check_rate_limit('ab', 'c', 5)`,
      /lock timeout/,
    );
  });
});
