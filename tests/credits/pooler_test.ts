/** H1 through a pooler in transaction mode, where no two transactions of a caller need share a session. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { pgbouncerPath, startPooler } from "../../local/database/pooler.ts";
import { all, clone, connect } from "../support/clone.ts";
import { confirm, disagreements, grant, release, reserve } from "../support/credit_calls.ts";
import { Customer } from "../support/credit_load.ts";
import { reconcile } from "../support/credit_reconciliation.ts";

// As for the browser: the machine that is there to test must have it.
const ignore = pgbouncerPath === undefined && !Deno.env.get("CI");
if (ignore) console.log("skipped: credits through a pooler, because there is no pgbouncer");

const CALLERS = 64;
const SERVER_CONNECTIONS = 4;

/** Runs `test` with a pool of many callers, who share few connections to a database of their own. */
async function throughPooler(test: (callers: postgres.Sql, direct: postgres.Sql) => Promise<void>) {
  await using database = await clone(2);
  await using pooler = await startPooler(database.url, SERVER_CONNECTIONS);
  const callers = connect(pooler.url, CALLERS, {}, false);
  try {
    await test(callers, database.sql);
  } finally {
    await callers.end();
  }
}

Deno.test(
  { name: "H1: 2,000 mixed operations of 64 callers on 4 sessions lose and mint nothing", ignore },
  () => {
    return throughPooler(async (callers, direct) => {
      const customers = Array.from({ length: 5 }, () => new Customer());
      let operations = 2_000;
      const work = async () => {
        while (operations-- > 0) await customers[operations % customers.length].next()(callers);
      };
      await all(Array.from({ length: CALLERS }, work));
      await reconcile(direct, customers);
      const sessions = await direct`select from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`;
      assert.ok(
        sessions.length <= SERVER_CONNECTIONS + 1,
        `${sessions.length} sessions for ${CALLERS} callers`,
      );
    });
  },
);

Deno.test({ name: "64 callers on 4 sessions reserve, charge and return one job once", ignore }, () => {
  return throughPooler(async (callers, direct) => {
    const user = crypto.randomUUID();
    const [kept, returned] = [crypto.randomUUID(), crypto.randomUUID()];
    await grant(direct, user, "first", 10_000);
    const many = <T>(call: () => Promise<T>) => all(Array.from({ length: CALLERS }, call));
    const reserved = await many(() => reserve(callers, user, kept, 100));
    await many(() => reserve(callers, user, returned, 200));
    const confirmed = await many(() => confirm(callers, user, kept, 60));
    const released = await many(() => release(callers, user, returned));
    const first = (answers: { outcome: string }[], outcome: string) =>
      answers.filter((answer) => answer.outcome === outcome).length;
    assert.equal(first(reserved, "reserved"), 1);
    assert.equal(first(confirmed, "confirmed"), 1);
    assert.equal(first(released, "released"), 1);
    const [account] = await direct`
      select available::numeric, reserved::numeric from public.credit_accounts where user_id = ${user}`;
    assert.deepEqual({ ...account }, { available: 9_940, reserved: 0 });
    assert.deepEqual(await disagreements(direct), []);
  });
});
