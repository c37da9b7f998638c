-- Credit refunds: what was charged for a job, given back later, for work that turned out to be worth nothing.
--
-- Invariants
--   * All refunds of a job together never exceed what it was charged.
--   * A refund with a key that was used before changes nothing.
--   * Credits return to the batches they came from, with the expiry those have, and pay open debts first.
--
-- Lock order: ARCHITECTURE.md.

create table public.credit_refunds (
  id uuid not null default credits_private.uuid_v7() unique,
  user_id uuid not null references public.credit_accounts (user_id),
  refund_key text not null check (refund_key <> ''),
  job_id uuid not null,
  amount public.credit_amount not null check (amount > 0),
  reason text not null check (reason <> ''),
  created_at timestamptz not null default now(),
  primary key (user_id, refund_key)
);

comment on table public.credit_refunds is
  'Credits given back after they were charged, once per key, and why. The ledger knows a row as refund:{id}, so that no key, which is free text, is kept for ever.';

alter table public.credit_refunds enable row level security;

create policy "owners read their refunds" on public.credit_refunds
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_refunds from public, anon, authenticated, service_role;
grant select on public.credit_refunds to service_role;
grant select (user_id, job_id, amount, created_at) on public.credit_refunds to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_refunds', 'credits', 'emptied', 'reasons are free text');

create function public.refund_job(
  p_user_id uuid,
  p_job_id uuid,
  p_refund_key text,
  p_reason text,
  p_actor text default null,
  p_amount numeric default null
) returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_reservation public.credit_usage_logs;
  v_refund public.credit_refunds;
  v_left numeric;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  if coalesce(p_refund_key, '') = '' then
    perform credits_private.refuse_argument('p_refund_key', 'must not be empty');
  elsif p_amount is not null and not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  end if;

  -- Lock, and look.
  v_account := credits_private.lock_account(p_user_id);
  select * into v_reservation
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-refund
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  end if;
  v_left := case v_reservation.status when 'confirmed' then v_reservation.credits_used else 0 end
    - v_reservation.refunded_amount;
  select * into v_refund from public.credit_refunds where user_id = p_user_id and refund_key = p_refund_key;
  if found then -- rule: refunded-once
    return row(
      case when v_refund.job_id = p_job_id then 'already_refunded' else 'key_used' end,
      p_job_id, v_left, case when v_refund.job_id = p_job_id then v_refund.amount else 0 end,
      v_account.available, v_account.reserved
    )::public.settlement_result;
  elsif v_reservation.status <> 'confirmed' or v_left = 0 then
    return row('nothing_charged', p_job_id, v_left, 0, v_account.available, v_account.reserved)::public.settlement_result;
  elsif v_account.erased_at is not null then -- rule: erased-refunded-nothing
    perform credits_private.refuse_argument('p_user_id', 'belongs to an erased user');
  end if;

  -- Decide.
  p_amount := coalesce(p_amount, v_left);
  if p_amount > v_left then -- rule: refunded-at-most
    perform credits_private.refuse_argument('p_amount', 'must not exceed what is still charged');
  elsif not credits_private.is_amount(v_account.available + v_account.reserved + p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must leave the account with at most ' || credits_private.largest_amount());
  end if;

  -- Post.
  insert into public.credit_refunds (user_id, refund_key, job_id, amount, reason, created_at)
  values (p_user_id, p_refund_key, p_job_id, p_amount, p_reason, credits_private.clock())
  returning * into v_refund;
  v_account := credits_private.return_to_batches(v_reservation, p_amount, 'refund:' || v_refund.id);
  update public.credit_usage_logs
  set refunded_amount = refunded_amount + p_amount
  where user_id = p_user_id and job_id = p_job_id;
  -- rule: refund-noted
  perform credits_private.note_action(p_actor, 'refund_job', p_user_id, p_job_id::text, p_reason, jsonb_build_object('amount', p_amount));
  return row('refunded', p_job_id, v_left - p_amount, p_amount, v_account.available, v_account.reserved)
    ::public.settlement_result;
end;
$$;

comment on function public.refund_job(uuid, uuid, text, text, text, numeric) is
  'Gives back what a finished job was charged, or p_amount of it, to the batches it came from; what has expired meanwhile expires at once, and open debts are paid first. charged is what stays charged, returned what this refund gave back. Outcomes: refunded; already_refunded (the key was used for this job); key_used (the key was used for another job); nothing_charged (still held, released, or all of it given back already); not_found. Idempotent by p_refund_key; operator_actions has who and why. Raises 22023 for a bad argument, for an actor or a reason of nothing, for more than is still charged, and for an erased user.';

revoke all on function public.refund_job(uuid, uuid, text, text, text, numeric) from public, anon, authenticated, service_role;
grant execute on function public.refund_job(uuid, uuid, text, text, text, numeric) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
