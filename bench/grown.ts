/** A database that has grown for three years, row by row as time would have left it, made set by set and indexed after. */
import type postgres from "postgres";
import { upTo } from "./measure.ts";
import { seededUser } from "./seed.ts";

/** Reservations of each user, all confirmed: two ledger rows each, beside the row of their grant. */
const PAIRS = 50;
/** Reservations of the one user who has many. */
const HEAVY_PAIRS = 5_000;
const BATCH = 1_000_000;
const DAYS = 1_095;

/** Who is in a database that has grown. */
export interface Grown {
  /** {@linkcode seededUser} 1 to this have 101 ledger rows each. */
  users: number;
  /** One user with 10,001 ledger rows. */
  heavy: string;
}

/** A database that has grown, and who is in it. */
export interface GrownDatabase extends Grown {
  name: string;
  sql: postgres.Sql;
}

/** Any user; in a large database their pages are seldom in memory. */
export function anyUser({ users }: Grown): string {
  return seededUser(upTo(users));
}

/** One of those who are active at one time, who lie among the others. */
export function activeUser({ users }: Grown, active = 10_000): string {
  return seededUser(1 + Math.floor(upTo(active) * (users - 1) / Math.max(active, users)));
}

/**
 * Fills an empty database with about `rows` ledger rows, half as many past reservations, and books that prove. Rows of a
 * user lie as far apart as they do when all users spend at the same time. Needs the superuser; where `wal_level` is
 * minimal, nothing of it is logged.
 */
export async function grow(sql: postgres.Sql, rows: number): Promise<Grown> {
  const users = Math.max(1, Math.round((rows - 2 * HEAVY_PAIRS - 1) / (2 * PAIRS + 1)));
  const heavy = seededUser(0);
  await sql.begin(async (tx) => {
    // No trigger and no foreign key looks at what is made here.
    await tx`set local session_replication_role = replica`;
    const indexes = await withoutIndexes(tx);
    await tx.unsafe(accounts(users)).simple();
    await tx.unsafe(`
      truncate public.credit_ledger, public.credit_usage_logs;
      insert into public.credit_ledger (
        user_id, entry, kind, amount, batch_id, reference, available_after, reserved_after, debt_after, created_at
      )
      select ${id("n")}, 1, 'grant', ${BATCH}, 1, 'promotion', ${BATCH}, 0, 0, now() - interval '${
      DAYS + 1
    } days'
      from generate_series(0, ${users}) n;
      ${reservations(PAIRS, 1, users)}
      ${reservations(HEAVY_PAIRS, 0, 0)}`).simple();
    for (const index of indexes) await tx.unsafe(index);
  });
  return { users, heavy };
}

/** Drops the indexes that past rows are in, and gives back the statements that make them again. */
async function withoutIndexes(tx: postgres.TransactionSql): Promise<string[]> {
  const [{ definition }] = await tx<{ definition: string }[]>`
    select pg_get_indexdef('public.credit_usage_logs_by_time'::regclass) as definition`;
  await tx.unsafe(`
    alter table public.credit_ledger drop constraint credit_ledger_pkey;
    alter table public.credit_usage_logs drop constraint credit_usage_logs_pkey;
    drop index public.credit_usage_logs_by_time;`).simple();
  return [
    "alter table public.credit_ledger add constraint credit_ledger_pkey primary key (user_id, entry)",
    "alter table public.credit_usage_logs add constraint credit_usage_logs_pkey primary key (user_id, job_id)",
    definition.replace(" ON ONLY ", " ON "),
  ];
}

function accounts(users: number): string {
  const pairs = `case when n = 0 then ${HEAVY_PAIRS} else ${PAIRS} end`;
  return `
    insert into auth.users (id, email)
    select ${id("n")}, n || '@example.com' from generate_series(0, ${users}) n;
    insert into public.credit_accounts (user_id, available, last_entry)
    select ${id("n")}, ${BATCH} - ${pairs}, 1 + 2 * ${pairs} from generate_series(0, ${users}) n;
    insert into public.user_credits (user_id, id, source, grant_key, original_amount, remaining_amount)
    overriding system value
    select ${id("n")}, 1, 'promotion', 'opening', ${BATCH}, ${BATCH} - ${pairs}
    from generate_series(0, ${users}) n;
    select setval(pg_get_serial_sequence('public.user_credits', 'id'), 1000000000);`;
}

/** The n-th reservation of everybody lies before the next one of anybody. */
function reservations(pairs: number, from: number, to: number): string {
  const all = `generate_series(1, ${pairs}) r, lateral generate_series(${from}, ${to} + 0 * r) n`;
  const time = `now() - interval '${DAYS} days' * (1 - r / ${pairs + 1}.0)`;
  return `
    insert into public.credit_ledger (
      user_id, entry, kind, amount, batch_id, job_id, available_after, reserved_after, debt_after, created_at
    )
    select
      ${id("n")}, 2 * r + k, case k when 0 then 'reserve' else 'confirm' end::public.ledger_kind, 1,
      case k when 0 then 1 end, ${job}, ${BATCH} - r, 1 - k, 0, ${time} + k * interval '1 minute'
    from ${all}, lateral generate_series(0, 1 + 0 * n) k;

    insert into public.credit_usage_logs (
      user_id, job_id, job_type, reserved_amount, credits_used, status, metadata, first_entry, last_entry,
      expires_at, created_at, settled_at
    )
    select
      ${id("n")}, ${job}, 'story', 1, 1, 'confirmed', '{}', 2 * r, 2 * r,
      ${time} + interval '15 minutes', ${time}, ${time} + interval '1 minute'
    from ${all};`;
}

/** As {@linkcode seededUser} has it. */
function id(n: string): string {
  return `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;
}

const job = `(lpad(to_hex(r), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
