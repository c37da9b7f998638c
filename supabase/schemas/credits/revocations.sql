-- Credit revocations: how credits are taken back without being spent, and an operator's corrections.
--
-- Invariants
--   * A correction with a key that was used before changes nothing.
--   * What cannot be taken back because it was spent becomes a debt, never a negative balance.
--
-- Lock order: ARCHITECTURE.md.

create table public.credit_revocations (
  id uuid not null default credits_private.uuid_v7() unique,
  user_id uuid not null references public.credit_accounts (user_id),
  revocation_key text not null check (revocation_key <> ''),
  amount public.credit_amount not null,
  debt_amount public.credit_amount not null check (debt_amount <= amount),
  reason text not null check (reason <> ''),
  created_at timestamptz not null default now(),
  primary key (user_id, revocation_key)
);

comment on table public.credit_revocations is
  'Credits taken back, once per key, and how much of that became a debt because it had been spent. The ledger knows it as adjustment:{id}, so that no key, which is free text, is kept for ever.';

alter table public.credit_revocations enable row level security;

create policy "owners read their revocations" on public.credit_revocations
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_revocations from public, anon, authenticated, service_role;
grant select on public.credit_revocations to service_role;
grant select (user_id, amount, debt_amount, created_at) on public.credit_revocations to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_revocations', 'credits', 'emptied', 'reasons are free text');

create function credits_private.revoke_credits(p_user_id uuid, p_amount numeric, p_reference text) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_debt numeric;
begin
  perform credits_private.expire_batches(p_user_id);
  select * into strict v_account from public.credit_accounts where user_id = p_user_id;
  v_debt := p_amount - v_account.available
    + (credits_private.take_from_batches(v_account, 'revoke', p_amount, null, p_reference)).available;
  if v_debt > 0 then
    insert into public.credit_debts (user_id, reference, original_amount, remaining_amount, created_at)
    values (p_user_id, p_reference, v_debt, v_debt, credits_private.clock());
    perform credits_private.post_entry(p_user_id, 'debt', v_debt, null, null, p_reference);
  end if;
  return v_debt;
end;
$$;

comment on function credits_private.revoke_credits(uuid, numeric, text) is
  'Takes credits back; what was spent already becomes a debt, whose amount is returned. The caller holds the account''s lock.';

create function public.adjust_credits(
  p_user_id uuid,
  p_amount numeric,
  p_adjustment_key text,
  p_reason text,
  p_actor text default null
) returns public.grant_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_done public.credit_revocations;
  v_granted public.user_credits;
  v_id uuid := credits_private.uuid_v7();
  v_result public.grant_result;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif coalesce(p_adjustment_key, '') = '' then
    perform credits_private.refuse_argument('p_adjustment_key', 'must not be empty');
  elsif not credits_private.is_amount(abs(p_amount)) then
    perform credits_private.refuse_argument('p_amount', 'must not be 0 and have at most two decimal places');
  end if;

  perform credits_private.check_key('p_adjustment_key', p_adjustment_key);
  perform credits_private.open_account(p_user_id);
  select * into v_done
  from public.credit_revocations
  where user_id = p_user_id and revocation_key = p_adjustment_key;
  if found then -- rule: adjusted-once
    return credits_private.grant_state(p_user_id, 'already_granted', null, -v_done.amount, 0);
  elsif p_amount > 0 then
    v_result := credits_private.grant_batch(p_user_id, p_amount, 'adjustment', p_adjustment_key, null, p_reason);
    if v_result.outcome = 'granted' then
      -- rule: adjusted-up-noted
      perform credits_private.note_action(p_actor, 'adjust_credits', p_user_id, null, p_reason, jsonb_build_object('amount', p_amount));
    end if;
    return v_result;
  end if;
  select * into v_granted from public.user_credits where user_id = p_user_id and grant_key = p_adjustment_key;
  if found then
    return credits_private.grant_state(p_user_id, 'already_granted', v_granted.id, v_granted.original_amount, 0);
  end if;

  insert into public.credit_revocations (id, user_id, revocation_key, amount, debt_amount, reason, created_at)
  values (
    v_id, p_user_id, p_adjustment_key, -p_amount,
    credits_private.revoke_credits(p_user_id, -p_amount, 'adjustment:' || v_id), p_reason, credits_private.clock()
  );
  -- rule: adjusted-down-noted
  perform credits_private.note_action(p_actor, 'adjust_credits', p_user_id, null, p_reason, jsonb_build_object('amount', p_amount));
  return credits_private.grant_state(p_user_id, 'granted', null, p_amount, 0);
end;
$$;

comment on function public.adjust_credits(uuid, numeric, text, text, text) is
  'An operator''s correction with its reason: a positive amount is a grant, a negative one is taken back and, where it was spent, becomes a debt. Outcomes: granted, already_granted. Idempotent by p_adjustment_key; operator_actions has who and why. Raises 22023 for a bad argument, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.adjust_credits(uuid, numeric, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.adjust_credits(uuid, numeric, text, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
