/** Fills an empty database with users whose books agree, set by set, because a million calls would take too long. */
import type postgres from "postgres";

/** What every user has. */
export interface Seed {
  users: number;
  /** Batches granted to each user, of which the first `exhausted` have been spent. */
  batches?: number;
  exhausted?: number;
  /** Confirmed and open reservations of each user, one credit each. */
  past?: number;
  open?: number;
}

/** Credits in a batch that is not exhausted; an exhausted one held a single credit. */
const BATCH = 1_000_000;

/** The id of the n-th user of a seed, counted from 1. */
export function seededUser(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

/** The id of a user's n-th open reservation. */
export function openJob(user: number, n: number): string {
  return `0192${user.toString(16).padStart(8, "0")}7000800000${n.toString(16).padStart(10, "0")}`
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Adds users with batches, past and open reservations and the ledger of all of it. */
export async function seed(sql: postgres.Sql, what: Seed): Promise<void> {
  const { users, batches = 1, exhausted = 0, past = 0, open = 0 } = what;
  const closed = exhausted + past;
  const total = exhausted + (batches - exhausted) * BATCH;
  const people = `(
    select n, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid as id from generate_series(1, ${users}) n
  ) u`;
  const job = (kind: string, n: string) =>
    `('${kind}' || lpad(to_hex(u.n), 8, '0') || '7000800000' || lpad(to_hex(${n}), 10, '0'))::uuid`;
  // No temporary tables: the schema they make resets the plans of every connection, which tests want to keep.
  await sql.unsafe(`
    insert into auth.users (id, email) select id, id || '@example.com' from ${people} on conflict (id) do nothing;

    insert into public.credit_accounts (
      user_id, available, reserved, last_entry
    )
    select id, ${total - closed - open}, ${open}, ${batches + 2 * closed + open}
    from ${people};

    insert into public.user_credits (user_id, id, source, grant_key, original_amount, remaining_amount)
    overriding system value
    select
      u.id, b, 'purchase', 'batch ' || b, case when b <= ${exhausted} then 1 else ${BATCH} end,
      case when b <= ${exhausted} then 0 when b = ${exhausted + 1} then ${
    BATCH - past - open
  } else ${BATCH} end
    from ${people}, generate_series(1, ${batches}) b;

    select setval(pg_get_serial_sequence('public.user_credits', 'id'), 1000000000);

    insert into public.credit_ledger (
      user_id, entry, kind, amount, batch_id, reference, available_after, reserved_after, debt_after
    )
    select
      u.id, b, 'grant', case when b <= ${exhausted} then 1 else ${BATCH} end, b, 'batch ' || b,
      least(b, ${exhausted}) + greatest(b - ${exhausted}, 0) * ${BATCH}, 0, 0
    from ${people}, generate_series(1, ${batches}) b;

    insert into public.credit_ledger (
      user_id, entry, kind, amount, batch_id, job_id, available_after, reserved_after, debt_after
    )
    select
      u.id, ${batches} + 2 * r - 1 + k, (array['reserve', 'confirm'])[k + 1]::public.ledger_kind, 1,
      case when k = 0 then least(r, ${exhausted + 1}) end, ${job("0191", "r")}, ${total} - r, 1 - k, 0
    from ${people}, generate_series(1, ${closed}) r, generate_series(0, 1) k;

    insert into public.credit_ledger (
      user_id, entry, kind, amount, batch_id, job_id, available_after, reserved_after, debt_after
    )
    select
      u.id, ${batches + 2 * closed} + o, 'reserve', 1, ${exhausted + 1}, ${job("0192", "o")},
      ${total - closed} - o, o, 0
    from ${people}, generate_series(1, ${open}) o;

    insert into public.credit_usage_logs (
      user_id, job_id, job_type, reserved_amount, credits_used, status, metadata, first_entry, last_entry,
      expires_at, settled_at
    )
    select
      u.id, ${
    job("0191", "r")
  }, 'story', 1, 1, 'confirmed'::public.reservation_status, '{}'::jsonb, ${batches} + 2 * r - 1,
      ${batches} + 2 * r - 1, now() + interval '1 day', now()
    from ${people}, generate_series(1, ${closed}) r
    union all
    select
      u.id, ${job("0192", "o")}, 'story', 1, 1, 'reserved'::public.reservation_status, '{}'::jsonb, ${
    batches + 2 * closed
  } + o,
      ${batches + 2 * closed} + o, now() + interval '1 day', null
    from ${people}, generate_series(1, ${open}) o;
`).simple();
}
