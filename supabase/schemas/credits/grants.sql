-- Credit grants: how credits come in, and how they leave when they expire.
--
-- Invariants
--   * A grant with a key that was used before changes nothing.
--   * New credits pay the user's debts before anything becomes available.
--
-- Lock order: ARCHITECTURE.md.

create type public.grant_result as (
  outcome text,
  batch_id bigint,
  amount numeric,
  debt_paid numeric,
  available numeric,
  reserved numeric,
  debt numeric
);

create function credits_private.ensure_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
begin
  insert into public.credit_accounts (user_id, created_at)
  values (p_user_id, credits_private.clock())
  on conflict (user_id) do nothing;
  return credits_private.lock_account(p_user_id);
end;
$$;

comment on function credits_private.ensure_account(uuid) is
  'Locks and returns the user''s account, creating it first when there is none.';

create function credits_private.open_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts := credits_private.ensure_account(p_user_id);
begin
  if v_account.erased_at is not null then -- rule: erased-get-nothing
    perform credits_private.refuse_argument('p_user_id', 'belongs to an erased user');
  end if;
  return v_account;
end;
$$;

comment on function credits_private.open_account(uuid) is
  'ensure_account for whoever is to be given something: refuses erased users with 22023.';

create function credits_private.grant_state(p_user_id uuid, p_outcome text, p_batch_id bigint, p_amount numeric, p_debt_paid numeric)
  returns public.grant_result
  language sql set search_path = ''
as $$
  select p_outcome, p_batch_id, p_amount, p_debt_paid, a.available, a.reserved, a.debt
  from public.credit_accounts a
  where a.user_id = p_user_id;
$$;

comment on function credits_private.grant_state(uuid, text, bigint, numeric, numeric) is
  'An outcome together with the balances after it.';

create function credits_private.grant_batch(
  p_user_id uuid,
  p_amount numeric,
  p_source text,
  p_grant_key text,
  p_expires_at timestamptz,
  p_description text
) returns public.grant_result
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_batch public.user_credits;
  v_debt_paid numeric;
begin
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif (p_source = any (enum_range(null::public.credit_source)::text[])) is not true then
    perform credits_private.refuse_argument(
      'p_source', 'must be one of ' || array_to_string(enum_range(null::public.credit_source), ', ')
    );
  elsif coalesce(p_grant_key, '') = '' then
    perform credits_private.refuse_argument('p_grant_key', 'must not be empty');
  elsif p_expires_at <= credits_private.clock() then
    perform credits_private.refuse_argument('p_expires_at', 'must be in the future');
  end if;

  v_account := credits_private.open_account(p_user_id);
  select * into v_batch from public.user_credits where user_id = p_user_id and grant_key = p_grant_key;
  if found then -- rule: granted-once
    return credits_private.grant_state(p_user_id, 'already_granted', v_batch.id, v_batch.original_amount, 0);
  elsif not credits_private.is_amount(v_account.available + v_account.reserved + p_amount) then
    -- What is held must always find room when it comes back.
    perform credits_private.refuse_argument('p_amount', 'must leave the account with at most ' || credits_private.largest_amount());
  end if;

  insert into public.user_credits (user_id, source, grant_key, original_amount, description, expires_at, created_at)
  values (
    p_user_id, p_source::public.credit_source, p_grant_key, p_amount, p_description, p_expires_at, credits_private.clock()
  )
  returning * into v_batch;
  v_account := credits_private.post_entry(p_user_id, 'grant', p_amount, v_batch.id, null, p_source);
  v_debt_paid := v_account.debt - (credits_private.pay_debts(v_account)).debt; -- rule: grants-pay-debts
  return credits_private.grant_state(p_user_id, 'granted', v_batch.id, p_amount, v_debt_paid);
end;
$$;

comment on function credits_private.grant_batch(uuid, numeric, text, text, timestamptz, text) is
  'grant_credits() under any key: the system''s own are made here and nowhere else.';

create function credits_private.check_key(p_argument text, p_key text) returns void
  language plpgsql set search_path = ''
as $$
begin
  if p_key ~ '^(purchase|sub|job|usage|erased):|^signup_bonus$' then -- rule: keys-apart
    perform credits_private.refuse_argument(p_argument, 'must not begin as the system''s own keys do');
  end if;
end;
$$;

comment on function credits_private.check_key(text, text) is
  'Refuses a key that only the system makes: a purchase that finds its grant made by hand would grant nothing.';

create function public.grant_credits(
  p_user_id uuid,
  p_amount numeric,
  p_source text,
  p_grant_key text,
  p_expires_at timestamptz default null,
  p_description text default null
) returns public.grant_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  perform credits_private.check_key('p_grant_key', p_grant_key);
  return credits_private.grant_batch(p_user_id, p_amount, p_source, p_grant_key, p_expires_at, p_description);
end;
$$;

comment on function public.grant_credits(uuid, numeric, text, text, timestamptz, text) is
  'Adds a batch of credits, once per (user, grant key), and pays open debts from it first. Outcomes: granted, already_granted (nothing changes; amount is the first grant''s). Idempotent by p_grant_key. Raises 22023 for a bad argument, and for a key that only the system makes.';

revoke all on function public.grant_credits(uuid, numeric, text, text, timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.grant_credits(uuid, numeric, text, text, timestamptz, text) to service_role;

create table credits_private.due_grants (
  step text primary key check (to_regprocedure(step || '(uuid)') is not null)
);

comment on table credits_private.due_grants is
  'What grants credits by itself as time goes by: functions that grant what is due to a user. They are called before a user is told that credits do not suffice, so that nothing depends on a sweep having run. The caller holds the account''s lock.';

alter table credits_private.due_grants enable row level security;

create policy "nobody but the functions" on credits_private.due_grants using (false);

revoke all on credits_private.due_grants from public, anon, authenticated, service_role;

create function credits_private.with_due_grants(p_account public.credit_accounts, p_needed numeric) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_step text;
begin
  if p_account.available >= p_needed or p_account.erased_at is not null then
    return p_account;
  end if;
  for v_step in select step from credits_private.due_grants order by step loop
    execute format('select %s($1)', v_step::regproc) using p_account.user_id; -- rule: due-before-refused
  end loop;
  select * into strict p_account from public.credit_accounts where user_id = p_account.user_id;
  return p_account;
end;
$$;

comment on function credits_private.with_due_grants(public.credit_accounts, numeric) is
  'The account, and where it has less than p_needed, once what is due by now has been granted. The caller holds the account''s lock.';

create function public.expire_credits() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_user_id uuid;
  v_now timestamptz := credits_private.clock();
  v_count integer := 0;
begin
  for v_user_id in
    select user_id
    from public.user_credits
    where is_open and expires_at <= v_now
    group by user_id
    order by min(expires_at)
    limit 1000 -- rule: expiry-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_user_id for no key update skip locked;
    continue when not found;
    begin
      v_count := v_count + credits_private.expire_batches(v_user_id); -- rule: expiry-sweep
    exception when others then
      raise warning 'the credits of user % did not expire: % (%)', v_user_id, sqlerrm, sqlstate; -- rule: expiry-goes-on
    end;
  end loop;
  perform credits_private.note_run('expire_credits', v_count);
  return v_count;
end;
$$;

comment on function public.expire_credits() is
  'Moves expired batches out of the balances, those of at most 1,000 users a call, so that no account is locked for long; returns how many. An account that makes it fail is passed over with a warning. Nothing depends on it having run: expired credits cannot be reserved before it either. Idempotent.';

revoke all on function public.expire_credits() from public, anon, authenticated, service_role;
grant execute on function public.expire_credits() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('expire_credits', 5);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
