/** What must be true after a soak: the books of the database are those that its clients were told. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import type { SoakLoad } from "./soak_load.ts";

interface Row {
  user_id: string;
  granted: number;
  available: number;
  reserved: number;
}

/** Lets time and the sweeps end what nobody settled, and compares. Gives back a sentence that says what was compared. */
export async function proveSoak(
  sql: postgres.Sql,
  load: SoakLoad,
  sweep: () => Promise<void>,
): Promise<string> {
  const held = async () =>
    (await sql<{ n: number }[]>`select sum(reserved)::float as n from public.credit_accounts`)[0].n;
  // A day passes in every ten seconds.
  for (const end = Date.now() + 120_000; await held() > 0 && Date.now() < end;) {
    await sweep();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
  const accounts = await sql<Row[]>`
    select user_id, available::float, reserved::float, granted::float from public.credit_accounts
    join (select user_id, sum(original_amount) as granted from public.user_credits group by 1) g using (user_id)`;
  for (const { user_id, granted, available, reserved } of accounts) {
    assert.deepEqual([available, reserved], [granted - (load.charged.get(user_id) ?? 0), 0], user_id);
  }
  const [{ jobs, expired, archived }] = await sql<{ jobs: number; expired: number; archived: number }[]>`
    select count(*)::float + (select coalesce(sum(reservations), 0) from public.credit_usage_months)::float as jobs,
      count(*) filter (where settle_reason = 'expired')::float as expired,
      (select count(*) from public.credit_ledger_archive)::float as archived
    from public.credit_usage_logs`;
  assert.equal(jobs, load.jobs, "jobs");
  const charged = [...load.charged.values()].reduce((total, credits) => total + credits, 0);
  return `At the end verify_credits() found nothing, and each of ${
    accounts.length.toLocaleString("en")
  } balances was what the answers to
its clients say: ${jobs.toLocaleString("en")} jobs, each in the books once, ${
    load.left.toLocaleString("en")
  } of them left to the sweep (${expired.toLocaleString("en")} swept are not
archived yet), ${charged.toLocaleString("en")} credits charged; ${
    archived.toLocaleString("en")
  } movements are in the archive.`;
}
