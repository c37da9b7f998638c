-- Drips: when the credits of a paid invoice are due, and that they come then.
--
-- Invariants
--   * Months are counted from the anchor: what begins on 31 January is due on 28 February and on 31 March.
--   * What is due comes by the sweep, or when its user needs it. What nobody could be given in time is not made up for.
--   * Nothing comes while a subscription is not in good standing, and nothing once it is over.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.plan_due(p_invoice public.subscription_invoices, p_nth integer) returns timestamptz
  language plpgsql stable set search_path = ''
as $$
declare
  v_start timestamp := p_invoice.period_start at time zone 'UTC';
  v_anchor timestamp;
  v_months integer;
begin
  if p_nth >= p_invoice.grants then
    return p_invoice.period_end;
  end if;
  select s.anchor at time zone 'UTC' into v_anchor from public.subscriptions s where s.id = p_invoice.subscription_id;
  v_months := (extract(year from v_start) - extract(year from v_anchor)) * 12
    + extract(month from v_start) - extract(month from v_anchor);
  -- The subscription may not be known yet, or have another anchor by now.
  if v_anchor is null or v_anchor + make_interval(months => v_months) <> v_start then
    v_anchor := v_start;
    v_months := 0;
  end if;
  return (v_anchor + make_interval(months => v_months + p_nth)) at time zone 'UTC'; -- rule: from-the-anchor
end;
$$;

comment on function credits_private.plan_due(public.subscription_invoices, integer) is
  'When a paid invoice''s grant is due, counted from 0; after the last one, when the period ends.';

create function credits_private.paid_credits(p_invoice public.subscription_invoices) returns numeric
  language plpgsql immutable set search_path = ''
as $$
begin
  return p_invoice.grant_size * p_invoice.grants - p_invoice.deducted;
end;
$$;

comment on function credits_private.paid_credits(public.subscription_invoices) is 'All that a paid invoice grants in the course of its period.';

create function credits_private.grant_due(p_invoice_id text) returns boolean
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_invoice public.subscription_invoices;
  v_next public.subscription_invoices;
  v_status text;
  v_nth integer;
  v_due_at timestamptz;
  v_amount numeric;
begin
  select * into v_invoice from public.subscription_invoices where id = p_invoice_id and next_grant_at <= v_now;
  if not found then
    return false;
  end if;
  -- The first one comes when it is paid, whatever the two clocks say.
  v_nth := coalesce((
    select max(n) from generate_series(1, v_invoice.grants - 1) n where credits_private.plan_due(v_invoice, n) <= v_now
  ), 0);
  select status into v_status from public.subscriptions where id = v_invoice.subscription_id;
  if v_nth > 0 and v_status in ('canceled', 'incomplete_expired') then -- rule: over-drips-nothing
    update public.subscription_invoices set next_grant_at = null where id = v_invoice.id;
    return false;
  elsif v_nth > 0 and v_status not in ('active', 'trialing') then -- rule: drips-in-good-standing
    return false;
  end if;
  update public.subscription_invoices
  set next_grant_at = case when v_nth + 1 < grants then credits_private.plan_due(v_invoice, v_nth + 1) end
  where id = v_invoice.id;
  v_amount := least(
    v_invoice.grant_size - case v_nth when 0 then v_invoice.deducted else 0 end,
    credits_private.paid_credits(v_invoice) - v_invoice.reversed_credits - v_invoice.granted -- rule: future-drips-first
  );
  v_due_at := case v_nth when 0 then v_invoice.period_start else credits_private.plan_due(v_invoice, v_nth) end;
  if v_now >= credits_private.plan_due(v_invoice, v_nth + 1) -- rule: while-it-lasts
    or v_amount <= 0
    or exists (
      select from public.plan_grants
      where subscription_id = v_invoice.subscription_id and due_at = v_due_at and kind <> 'late' -- rule: due-once
    ) then
    return false;
  end if;
  select * into v_next
  from public.subscription_invoices
  where subscription_id = v_invoice.subscription_id and grants > 0 and period_start > v_invoice.period_start -- rule: successor
  order by period_start
  limit 1;
  if found then
    update public.subscription_invoices set next_grant_at = null where id = v_invoice.id;
    if v_invoice.granted = 0 then
      perform credits_private.land_late(v_invoice, v_next, v_amount);
    end if;
    return false;
  end if;
  perform credits_private.land_grant(v_invoice, v_due_at, credits_private.plan_due(v_invoice, v_nth + 1), v_amount);
  return true;
end;
$$;

comment on function credits_private.grant_due(text) is
  'Grants what of a paid invoice is due now, and says when the next part is; whether something came. The caller holds the account''s lock, and the user is there.';

create function credits_private.grant_due_plans(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  if exists (
    select from public.subscription_invoices where user_id = p_user_id and next_grant_at <= credits_private.clock()
  ) and credits_private.lock_user(p_user_id) then
    perform credits_private.grant_due(i.id)
    from public.subscription_invoices i
    where i.user_id = p_user_id and i.next_grant_at <= credits_private.clock();
  end if;
end;
$$;

comment on function credits_private.grant_due_plans(uuid) is
  'Grants what is due to a user. The caller holds the account''s lock.';

insert into credits_private.due_grants (step) values ('credits_private.grant_due_plans');

create function public.grant_plan_credits() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_due record;
  v_count integer := 0;
begin
  for v_due in
    select i.id, i.user_id
    from public.subscription_invoices i
    left join public.subscriptions s on s.id = i.subscription_id
    where i.next_grant_at <= credits_private.clock()
      and coalesce(s.status, 'active') not in ('past_due', 'unpaid', 'paused', 'incomplete')
    order by i.next_grant_at
    limit 1000 -- rule: plan-sweep-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_due.user_id for no key update skip locked;
    continue when not found;
    begin
      if credits_private.lock_user(v_due.user_id) then
        v_count := v_count + credits_private.grant_due(v_due.id)::integer; -- rule: plan-sweep
      else
        update public.subscription_invoices set next_grant_at = null where id = v_due.id;
      end if;
    exception when others then
      raise warning 'what is due of invoice % was not granted: % (%)', v_due.id, sqlerrm, sqlstate; -- rule: plan-sweep-goes-on
    end;
  end loop;
  perform credits_private.note_run('grant_plan_credits', v_count);
  return v_count;
end;
$$;

comment on function public.grant_plan_credits() is
  'Grants what plans owe by now, of at most 1,000 invoices a call; returns how many grants came. An invoice that makes it fail is passed over with a warning. A user who needs what is due gets it before it has run. Idempotent.';

revoke all on function public.grant_plan_credits() from public, anon, authenticated, service_role;
grant execute on function public.grant_plan_credits() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('grant_plan_credits', 5);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
