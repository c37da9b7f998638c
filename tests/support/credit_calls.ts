/** The credit functions as a server calls them. Every amount is in whole hundredths of a credit. */
import type { Queries } from "./clone.ts";

/** What `grant_credits` and `adjust_credits` answer. */
export interface GrantAnswer {
  outcome: string;
  amount: number;
  debt_paid: number;
  available: number;
  reserved: number;
  debt: number;
}

/** What `reserve_credits` answers. */
export interface ReservationAnswer {
  outcome: string;
  amount: number | null;
  required: number | null;
  available: number | null;
  reserved: number | null;
  expires_at: Date | null;
}

/** What `confirm_credits` and `release_credits` answer. */
export interface SettlementAnswer {
  outcome: string;
  charged: number | null;
  returned: number | null;
  available: number | null;
  reserved: number | null;
}

/** Grants `amount` that expires after `lifetime` (a Postgres interval), or never. */
export async function grant(
  sql: Queries,
  user: string,
  key: string,
  amount: number,
  lifetime: string | null = null,
): Promise<GrantAnswer> {
  const [answer] = await sql<GrantAnswer[]>`
    select * from public.grant_credits(
      ${user}, ${amount / 100}, 'promotion', ${key}, credits_private.clock() + ${lifetime}::interval
    )`;
  return answer;
}

/** Corrects a balance by `amount`, which may be negative. */
export async function adjust(sql: Queries, user: string, key: string, amount: number): Promise<GrantAnswer> {
  const [answer] = await sql<GrantAnswer[]>`
    select * from public.adjust_credits(${user}, ${amount / 100}, ${key}, 'test', 'test')`;
  return answer;
}

/** Reserves `amount` for `job` until `ttl` (a Postgres interval) has passed. */
export async function reserve(
  sql: Queries,
  user: string,
  job: string,
  amount: number,
  ttl = "15 minutes",
): Promise<ReservationAnswer> {
  const [answer] = await sql<ReservationAnswer[]>`
    select * from public.reserve_credits(${user}, ${job}, ${
    amount / 100
  }, 'story', null, '{}', ${ttl}::interval)`;
  return answer;
}

/** Charges `amount` of a reservation, or all of it. */
export async function confirm(
  sql: Queries,
  user: string,
  job: string,
  amount: number | null = null,
): Promise<SettlementAnswer> {
  const [answer] = await sql<SettlementAnswer[]>`
    select * from public.confirm_credits(${user}, ${job}, ${amount === null ? null : amount / 100})`;
  return answer;
}

/** Gives a reservation back. */
export async function release(sql: Queries, user: string, job: string): Promise<SettlementAnswer> {
  const [answer] = await sql<
    SettlementAnswer[]
  >`select * from public.release_credits(${user}, ${job}, 'test')`;
  return answer;
}

/** Keeps a reservation alive; gives back the outcome. */
export async function extend(sql: Queries, user: string, job: string): Promise<string> {
  const [answer] = await sql<{ outcome: string }[]>`select * from public.extend_reservation(${user}, ${job})`;
  return answer.outcome;
}

/** Every disagreement in the books, of all users, as text. */
export async function disagreements(sql: Queries): Promise<string[]> {
  const rows = await sql<{ user_id: string; problem: string; expected: number; actual: number }[]>`
    select * from public.verify_credits()`;
  return rows.map((row) => `${row.user_id}: ${row.problem}: ${row.expected} expected, ${row.actual} found`);
}
