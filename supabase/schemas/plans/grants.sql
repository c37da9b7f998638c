-- Grants of plans: how a period's credits come, and what becomes of those of the period before.
--
-- Invariants
--   * A plan's credits end when the next ones of the same subscription come, in one transaction, or a grace after their
--     period. Of what is left and not held then, at most the version's cap stays.
--   * Only batches of the same subscription end. What is held stays held, and is spent if its job is.
--   * A subscription grants once for each moment at which credits are due.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create function credits_private.plan_key(p_subscription_id text, p_at timestamptz) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return 'sub:' || p_subscription_id || ':' || trunc(extract(epoch from p_at));
end;
$$;

comment on function credits_private.plan_key(text, timestamptz) is 'The key of what a subscription grants at a moment.';

create function credits_private.add_plan_batch(
  p_invoice public.subscription_invoices,
  p_kind text,
  p_amount numeric,
  p_key text,
  p_due_at timestamptz,
  p_expires_at timestamptz
) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_grant public.grant_result;
begin
  v_grant := credits_private.grant_batch(p_invoice.user_id, p_amount, 'plan', p_key, p_expires_at, null);
  if v_grant.outcome = 'granted' then
    insert into public.plan_grants (user_id, batch_id, subscription_id, invoice_id, kind, due_at, amount)
    values (p_invoice.user_id, v_grant.batch_id, p_invoice.subscription_id, p_invoice.id, p_kind, p_due_at, p_amount);
    update public.subscription_invoices
    set granted = granted + p_amount
    where id = p_invoice.id and p_kind <> 'rollover'; -- rule: rollover-is-no-grant
  end if;
end;
$$;

comment on function credits_private.add_plan_batch(public.subscription_invoices, text, numeric, text, timestamptz, timestamptz) is
  'Grants a batch that an invoice paid for, once per key, and notes it.';

create type credits_private.rollover as (invoice_id text, amount numeric);

create function credits_private.end_batches(p_invoice public.subscription_invoices, p_cap numeric) returns credits_private.rollover[]
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_batch record;
  v_left numeric := p_cap;
  v_stays credits_private.rollover[] := array[]::credits_private.rollover[];
begin
  perform credits_private.expire_batches(p_invoice.user_id);
  for v_batch in
    select g.invoice_id, g.kind, b.id, b.remaining_amount::numeric as rest
    from public.plan_grants g
    join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
    where g.subscription_id = p_invoice.subscription_id -- rule: own-batches-end
      and (b.expires_at > v_now or b.is_open)
    order by g.due_at desc, b.id desc
  loop
    if least(v_left, v_batch.rest) > 0
      and v_batch.kind <> 'trial' then -- rule: trials-end
      v_stays := v_stays || row(v_batch.invoice_id, least(v_left, v_batch.rest))::credits_private.rollover; -- rule: rollover-cap
      v_left := v_left - least(v_left, v_batch.rest);
    end if;
    -- Also of one that is empty: what is held of it expires when it returns.
    update public.user_credits
    set expires_at = v_now
    where user_id = p_invoice.user_id and id = v_batch.id; -- rule: old-batches-end
  end loop;
  perform credits_private.expire_batches(p_invoice.user_id);
  return v_stays;
end;
$$;

comment on function credits_private.end_batches(public.subscription_invoices, numeric) is
  'Ends the batches of an invoice''s subscription; returns how much of what was left of each stays, at most p_cap together, the newest first.';

create function credits_private.land_grant(
  p_invoice public.subscription_invoices,
  p_due_at timestamptz,
  p_ends_at timestamptz,
  p_amount numeric
) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions;
  v_stays credits_private.rollover[] := array[]::credits_private.rollover[];
  v_stay credits_private.rollover;
  v_number integer := 0;
  v_key text := credits_private.plan_key(p_invoice.subscription_id, p_due_at);
  v_expires_at timestamptz;
begin
  select * into strict v_version from public.plan_versions where id = p_invoice.version_id;
  select p_ends_at + grace into v_expires_at from credits_private.plan_settings where only_row; -- rule: grace
  -- A difference comes beside what it is the difference to.
  if p_invoice.decision <> 'difference' or p_due_at > p_invoice.period_start then -- rule: difference-beside
    v_stays := credits_private.end_batches(p_invoice, v_version.rollover_cap);
  end if;
  perform credits_private.add_plan_batch(
    p_invoice, case p_invoice.decision when 'trial' then 'trial' else 'credits' end, p_amount, v_key, p_due_at, v_expires_at
  );
  foreach v_stay in array v_stays loop
    v_number := v_number + 1;
    perform credits_private.add_plan_batch(
      i, 'rollover', v_stay.amount, v_key || ':rollover:' || v_number, p_due_at,
      least(v_expires_at, credits_private.clock() + v_version.rollover_lifetime) -- rule: rollover-lifetime
    )
    from public.subscription_invoices i
    where i.id = v_stay.invoice_id;
  end loop;
end;
$$;

comment on function credits_private.land_grant(public.subscription_invoices, timestamptz, timestamptz, numeric) is
  'Credits that are due from p_due_at to p_ends_at come, and in the same transaction those of the same subscription before them end.';

create function credits_private.land_late(
  p_invoice public.subscription_invoices,
  p_next public.subscription_invoices,
  p_amount numeric
) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_amount numeric;
  v_expires_at timestamptz;
begin
  select least(p_amount, v.rollover_cap - coalesce((
    select sum(g.amount) from public.plan_grants g where g.subscription_id = p_next.subscription_id and g.kind in ('rollover', 'late')
      and g.due_at >= p_next.period_start
  ), 0)), least(p_next.period_end + s.grace, credits_private.clock() + v.rollover_lifetime)
  into v_amount, v_expires_at
  from public.plan_versions v, credits_private.plan_settings s
  where v.id = p_next.version_id and s.only_row;
  if v_amount > 0
    and p_next.decision <> 'difference' -- rule: difference-has-it
    and v_expires_at > credits_private.clock() then
    perform credits_private.add_plan_batch(
      p_invoice, 'late', v_amount, credits_private.plan_key(p_invoice.subscription_id, p_invoice.period_start),
      p_next.period_start, v_expires_at
    );
  end if;
end;
$$;

comment on function credits_private.land_late(public.subscription_invoices, public.subscription_invoices, numeric) is
  'What an invoice grants whose successor came first: what would have rolled over, so that their order does not matter.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
