/** Compares the books of the database with those a load kept from the answers it got. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { disagreements } from "./credit_calls.ts";
import type { Customer } from "./credit_load.ts";

interface Row {
  key: string;
  amount: number;
}

/** Nothing acknowledged is missing, nothing is there that was not, and every balance is what they add up to. */
export async function reconcile(sql: postgres.Sql, customers: Customer[]): Promise<void> {
  assert.deepEqual(await disagreements(sql), []);
  for (const customer of customers) await reconcileOne(sql, customer);
}

async function reconcileOne(sql: postgres.Sql, customer: Customer): Promise<void> {
  const { id, granted, reserved, charged, released } = customer;
  const grants = await sql<Row[]>`
    select grant_key as key, original_amount::numeric as amount from public.user_credits where user_id = ${id}
    union all
    select revocation_key, -amount::numeric from public.credit_revocations where user_id = ${id}`;
  assert.deepEqual(sorted(grants), sorted(entries(granted)), "grants");

  const reservations = await sql<(Row & { used: number; status: string; settle_reason: string | null })[]>`
    select job_id::text as key, reserved_amount::numeric as amount, credits_used::numeric as used,
      status::text, settle_reason
    from public.credit_usage_logs where user_id = ${id}`;
  assert.deepEqual(sorted(reservations), sorted(entries(reserved)), "reservations");
  for (const { key, used, status, settle_reason } of reservations) {
    if (charged.has(key)) assert.deepEqual([status, used], ["confirmed", charged.get(key)], key);
    else if (released.has(key)) assert.equal(status, "refunded", key);
    else {assert.ok(
        status === "reserved" || settle_reason === "expired",
        `${key} ended without anybody being told`,
      );}
  }

  const held = reservations.filter((row) => row.status === "reserved");
  const [account] = await sql<{ reserved: number; net: number; expired: number }[]>`
    select reserved::numeric, (available - debt)::numeric as net,
      (select coalesce(sum(amount), 0) from public.credit_ledger where user_id = ${id} and kind = 'expire') as expired
    from public.credit_accounts where user_id = ${id}`;
  const charges = sum([...charged.values()]);
  assert.equal(account.reserved, sum(held.map((row) => row.amount)), "reserved");
  assert.equal(
    account.net,
    sum([...granted.values()]) - charges - account.reserved - account.expired,
    "available",
  );
}

function entries(amounts: Map<string, number>): Row[] {
  return [...amounts].map(([key, amount]) => ({ key, amount }));
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map(({ key, amount }) => `${key} ${amount}`).sort();
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
