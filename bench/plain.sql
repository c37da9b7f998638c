-- The plain design that the credits are measured against: row locks over a user's batches, the sum of which is the
-- balance, allocation in JSON, random keys; idempotent by job as the other one is, but with no account row and no ledger.
create schema plain;

create table plain.credits (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  remaining numeric(12, 2) not null check (remaining >= 0),
  expires_at timestamptz,
  created_at timestamptz not null default now()
);

create index on plain.credits (user_id, expires_at, created_at);

create table plain.usage (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  job_id uuid not null unique,
  credits numeric(12, 2) not null check (credits > 0),
  status text not null check (status in ('reserved', 'confirmed', 'refunded')),
  metadata jsonb not null,
  created_at timestamptz not null default now()
);

create index on plain.usage (user_id, created_at);
create index on plain.usage (created_at) where status = 'reserved';

create function plain.reserve(p_user_id uuid, p_amount numeric, p_job_id uuid) returns uuid
  language plpgsql security definer set search_path = ''
as $$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
  v_balance numeric;
  v_allocation jsonb := '[]';
  v_id uuid;
begin
  select sum(remaining) into v_balance
  from (
    select remaining from plain.credits
    where user_id = p_user_id and (expires_at is null or expires_at > now())
    order by expires_at, created_at, id
    for update
  ) locked;
  select id into v_id from plain.usage where job_id = p_job_id and user_id = p_user_id;
  if found then
    return v_id;
  elsif v_balance is null or v_balance < p_amount then
    return null;
  end if;

  for v_batch in
    select id, remaining from plain.credits
    where user_id = p_user_id and remaining > 0 and (expires_at is null or expires_at > now())
    order by expires_at, created_at, id
  loop
    exit when v_left = 0;
    v_part := least(v_left, v_batch.remaining);
    update plain.credits set remaining = remaining - v_part where id = v_batch.id;
    v_allocation := v_allocation || jsonb_build_object('batch', v_batch.id, 'amount', v_part);
    v_left := v_left - v_part;
  end loop;
  insert into plain.usage (user_id, job_id, credits, status, metadata)
  values (p_user_id, p_job_id, p_amount, 'reserved', jsonb_build_object('batches_consumed', v_allocation))
  returning id into v_id;
  return v_id;
end;
$$;

create function plain.confirm(p_id uuid, p_user_id uuid) returns boolean
  language plpgsql security definer set search_path = ''
as $$
declare
  v_usage plain.usage;
begin
  select * into v_usage from plain.usage where id = p_id and user_id = p_user_id for update;
  if v_usage.status = 'reserved' then
    update plain.usage set status = 'confirmed' where id = p_id;
  end if;
  return v_usage.status = 'reserved';
end;
$$;

create function plain.release(p_id uuid, p_user_id uuid) returns boolean
  language plpgsql security definer set search_path = ''
as $$
declare
  v_usage plain.usage;
  v_part record;
begin
  select * into v_usage from plain.usage where id = p_id and user_id = p_user_id for update;
  if v_usage.status = 'reserved' then
    for v_part in select * from jsonb_to_recordset(v_usage.metadata -> 'batches_consumed') as p (batch uuid, amount numeric)
    loop
      update plain.credits set remaining = remaining + v_part.amount where id = v_part.batch;
    end loop;
    update plain.usage set status = 'refunded' where id = p_id;
  end if;
  return v_usage.status = 'reserved';
end;
$$;
