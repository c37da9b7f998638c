-- Erasure: a user's content and identity go, the books still balance.
--
-- Invariants
--   * Amounts, times and the ledger stay under the user's id, which names nobody once the identity is gone.
--   * After an erasure no credit comes in for that user, late events about their money are held (user_gone), and none
--     can be spent: a token that is still good makes no new content.
--
-- Which table holds what of a user is listed in credits_private.user_data, and what is done about it is a step of each
-- domain in credits_private.erasure_steps; a test fails when a table is missing there.
--
-- Lock order: ARCHITECTURE.md. The steps go in the order in which everybody else locks: a confirmed e-mail its identity
-- first, an admission its limit (10), a payment its purchase (30), and all of them the account (40) before a job (50).

create type public.erasure_result as (outcome text, files text[]);

create function public.erase_user(p_user_id uuid) returns public.erasure_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_step text;
  v_files text[];
  v_all_files text[] := array[]::text[];
  v_erased_before timestamptz;
begin
  delete from auth.users where id = p_user_id;
  for v_step in select step from credits_private.erasure_steps order by position loop
    execute format('select %s($1)', v_step) into v_files using p_user_id;
    v_all_files := v_all_files || v_files;
  end loop;
  select erased_at into strict v_erased_before from public.credit_accounts where user_id = p_user_id;
  update public.credit_accounts
  set erased_at = coalesce(erased_at, credits_private.clock())
  where user_id = p_user_id;
  return row(case when v_erased_before is null then 'erased' else 'already_erased' end, v_all_files)
    ::public.erasure_result;
end;
$$;

comment on function public.erase_user(uuid) is
  'Erases a user: content and identity go, unfinished work is cancelled, amounts stay under an id that names nobody. files are what the caller removes from Storage, as bucket/path. Outcomes: erased, already_erased (what came since is erased too). Idempotent.';

revoke all on function public.erase_user(uuid) from public, anon, authenticated, service_role;
grant execute on function public.erase_user(uuid) to service_role;
