-- The archive of the ledger: where old movements go, and what they add up to.
--
-- Invariants
--   * A row leaves the ledger for the archive and in no other way.
--   * A user's archived rows are the first ones, numbered from 1 to the checkpoint's entry. No reservation has rows on
--     both sides of it.
--   * What they add up to stays, so that verify_credits() needs no archived row: the archive may be exported and emptied.

create domain public.credit_total as numeric(20, 2) check (value >= 0);

comment on domain public.credit_total is 'A sum of exact amounts of credits, of more than one account can hold.';

create table public.credit_ledger_archive (like public.credit_ledger, primary key (user_id, entry));

comment on table public.credit_ledger_archive is
  'Rows that archive_ledger() took out of the ledger, unchanged. Nothing here reads it: its owner may truncate it once it is exported.';

create table public.credit_checkpoints (
  user_id uuid primary key,
  entry bigint not null,
  available public.credit_amount not null,
  reserved public.credit_amount not null,
  debt public.credit_amount not null,
  archived_at timestamptz not null
);

comment on table public.credit_checkpoints is 'A user''s balances after their last archived row: where the ledger that is left begins.';

create table public.credit_archive_sums (
  user_id uuid not null,
  id bigint primary key generated always as identity,
  kind public.ledger_kind not null,
  batch_id bigint,
  reference text,
  amount public.credit_total not null,
  unique nulls not distinct (user_id, kind, batch_id, reference)
);

comment on table public.credit_archive_sums is
  'What a user''s archived rows add up to, by kind and batch. reference is kept of what was taken back and forgiven: a dispute that is won looks for it.';

create table public.credit_usage_months (
  user_id uuid not null,
  month date not null,
  job_type text not null,
  reservations bigint not null,
  charged public.credit_total not null,
  refunded public.credit_total not null,
  primary key (user_id, month, job_type)
);

comment on table public.credit_usage_months is
  'Reservations whose movements are archived: how many of a kind ended in a month (UTC), what was charged for them, and what of that was given back.';

create function credits_private.keep_archived() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  -- A look-up for each row, whatever is planned: a join might read the whole archive for one user's rows.
  if exists (
    select from gone g
    where (select true from public.credit_ledger_archive a where a.user_id = g.user_id and a.entry = g.entry) is null -- rule: archived-first
  ) then
    raise exception 'public.credit_ledger is append-only' using errcode = 'restrict_violation';
  end if;
  return null;
end;
$$;

comment on function credits_private.keep_archived() is 'Statement trigger: rows leave the ledger once they are in the archive.';

create trigger credit_ledger_archived_first after delete on public.credit_ledger
  referencing old table as gone
  for each statement execute function credits_private.keep_archived();

create trigger credit_ledger_archive_append_only before update or delete on public.credit_ledger_archive
  for each statement execute function credits_private.refuse_change();

alter table public.credit_ledger_archive enable row level security;
alter table public.credit_checkpoints enable row level security;
alter table public.credit_archive_sums enable row level security;
alter table public.credit_usage_months enable row level security;

create policy "operators read the archive" on public.credit_ledger_archive for select to service_role using (true);
create policy "operators read checkpoints" on public.credit_checkpoints for select to service_role using (true);
create policy "operators read sums" on public.credit_archive_sums for select to service_role using (true);
create policy "operators read months" on public.credit_usage_months for select to service_role using (true);

revoke all on public.credit_ledger_archive, public.credit_checkpoints, public.credit_archive_sums, public.credit_usage_months
  from public, anon, authenticated, service_role;
revoke all on sequence public.credit_archive_sums_id_seq from public, anon, authenticated, service_role;
grant select on public.credit_ledger_archive, public.credit_checkpoints, public.credit_archive_sums, public.credit_usage_months
  to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('credit_ledger_archive', 'credits', 'kept', 'amounts, append-only'),
  ('credit_checkpoints', 'credits', 'kept', 'amounts'),
  ('credit_archive_sums', 'credits', 'kept', 'amounts'),
  ('credit_usage_months', 'credits', 'kept', 'amounts');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
