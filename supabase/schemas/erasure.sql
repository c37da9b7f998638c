-- Erasure: a user's content and identity go, the books still balance.
--
-- Invariants
--   * Amounts, times and the ledger stay under the user's id, which names nobody once the identity is gone.
--   * After an erasure no credit comes in for that user, late events about their money are held (user_gone), and none
--     can be spent: a token that is still good makes no new content.
--
-- Which table holds what of a user is listed in private.user_data; a test fails when a table is missing there.
--
-- Lock order: rate limits -> identity -> purchases -> account -> batches -> reservation -> job.

create table private.user_data (
  table_name text primary key,
  on_erasure text not null check (on_erasure in ('deleted', 'emptied', 'kept', 'none')),
  why text not null
);

comment on table private.user_data is
  'What an erasure does to each table of public: its user''s rows are deleted, emptied of content, kept as they are, or it holds no user data.';

insert into private.user_data (table_name, on_erasure, why)
values
  ('stories', 'deleted', 'content'),
  ('books', 'deleted', 'content; the files go through the Storage API, see pdf_paths'),
  ('generation_jobs', 'emptied', 'idempotency keys and error messages can hold what the user wrote'),
  ('credit_usage_logs', 'emptied', 'metadata holds prompts and titles'),
  ('credit_batches', 'emptied', 'descriptions are free text'),
  ('credit_accounts', 'kept', 'amounts'),
  ('credit_ledger', 'kept', 'amounts, append-only'),
  ('credit_debts', 'kept', 'amounts'),
  ('credit_revocations', 'emptied', 'reasons are free text'),
  ('purchases', 'emptied', 'amounts stay; the checkout address goes'),
  ('stripe_events', 'kept', 'amounts and ids; names and addresses are never kept'),
  ('stripe_payments', 'kept', 'amounts'),
  ('stripe_refunds', 'kept', 'amounts'),
  ('stripe_disputes', 'kept', 'amounts'),
  ('api_rate_limits', 'deleted', 'when the user called what'),
  ('rate_limit_policies', 'none', 'settings'),
  ('credit_pricing', 'none', 'prices'),
  ('credit_packs', 'none', 'prices');

alter table private.user_data enable row level security;

create policy "nobody but the functions" on private.user_data using (false);

revoke all on private.user_data from public, anon, authenticated, service_role;

create type public.erasure_result as (outcome text, pdf_paths text[]);

create function private.erase_content(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_paths text[];
begin
  select array_agg(b.user_id || '/' || b.id || '.pdf') into v_paths from public.books b where b.user_id = p_user_id;
  delete from public.books where user_id = p_user_id;
  delete from public.stories where user_id = p_user_id;
  update public.generation_jobs
  set idempotency_key = null, request_digest = null, error_message = null, worker = null
  where user_id = p_user_id;
  update public.credit_usage_logs set metadata = '{}', description = null where user_id = p_user_id;
  update public.credit_batches set description = null where user_id = p_user_id;
  update public.credit_revocations set reason = 'erased' where user_id = p_user_id;
  update public.purchases set checkout_url = null where user_id = p_user_id;
  return coalesce(v_paths, '{}');
end;
$$;

comment on function private.erase_content(uuid) is
  'Deletes or empties what a user''s rows say beside amounts; returns the files of their books.';

revoke all on function private.erase_content(uuid) from public, anon, authenticated, service_role;

create function public.erase_user(p_user_id uuid) returns public.erasure_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_open record;
  v_paths text[];
begin
  -- In the order in which everybody else locks them: an admission its limit first, a confirmed e-mail its identity,
  -- a payment its purchase, and all of them the account last.
  delete from public.api_rate_limits where identifier = p_user_id::text;
  delete from auth.users where id = p_user_id;
  perform 1 from public.purchases where user_id = p_user_id order by id for update;
  v_account := private.ensure_account(p_user_id);
  for v_open in
    select id from public.generation_jobs where user_id = p_user_id and status in ('queued', 'generating') order by id
  loop
    perform private.cancel_if_alive(v_open.id);
  end loop;
  for v_open in
    select job_id from public.credit_usage_logs where user_id = p_user_id and status = 'reserved' order by job_id
  loop
    perform public.release_credits(v_open.job_id, p_user_id, 'erased');
  end loop;
  v_paths := private.erase_content(p_user_id);
  update public.credit_accounts
  set erased_at = coalesce(erased_at, private.clock())
  where user_id = p_user_id;
  return row(case when v_account.erased_at is null then 'erased' else 'already_erased' end, v_paths)
    ::public.erasure_result;
end;
$$;

comment on function public.erase_user(uuid) is
  'Erases a user: content and identity go, unfinished jobs are cancelled, amounts stay under an id that names nobody. pdf_paths are the files that the caller removes from the bucket. Outcomes: erased, already_erased (what came since is erased too). Idempotent.';

revoke all on function public.erase_user(uuid) from public, anon, authenticated, service_role;
grant execute on function public.erase_user(uuid) to service_role;
