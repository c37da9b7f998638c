-- Invoices: what a paid one grants, decided once.
--
-- Invariants
--   * Only a paid invoice grants. How much is the version's, times the quantity; what was paid never says it.
--   * A period grants once, whatever invoices there are of it. A trial grants once a user.
--   * A change of plan that credits unused time grants no more than the difference to what is running.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create function credits_private.invoice_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(array_position(array['draft', 'open', 'uncollectible', 'void', 'paid'], p_status), 0); -- rule: invoices-move-on
end;
$$;

comment on function credits_private.invoice_rank(text) is 'How final an invoice''s status is; 0 for one that is not known here.';

create function credits_private.plan_line(p_invoice jsonb) returns jsonb
  language plpgsql stable set search_path = ''
as $$
begin
  return (
    select l.value
    from jsonb_array_elements(p_invoice -> 'lines') l
    join public.plan_prices r on r.stripe_price_id = l.value ->> 'price'
    where l.value -> 'proration' is distinct from 'true' -- rule: no-prorations
      and credits_private.as_cents(l.value -> 'amount') is not null
      and credits_private.as_cents(l.value -> 'quantity') between 1 and 1000000
      and credits_private.as_cents(l.value -> 'end') > credits_private.as_cents(l.value -> 'start')
    order by (l.value ->> 'start')::numeric desc, l.value ->> 'price'
    limit 1
  );
end;
$$;

comment on function credits_private.plan_line(jsonb) is
  'The line of an invoice that stands for a period of a plan; null when there is none, as where a change of plan only charges the difference.';

create function credits_private.record_invoice(p_invoice jsonb, p_user_id uuid, p_line jsonb, p_at timestamptz)
  returns public.subscription_invoices
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions := credits_private.keep_version(p_invoice ->> 'subscription', p_line ->> 'price');
  v_invoice public.subscription_invoices;
begin
  insert into public.subscription_invoices as i (
    id, user_id, subscription_id, status, billing_reason, stripe_price_id, version_id, quantity, period_start, period_end,
    currency, total_cents, created_at
  )
  values (
    p_invoice ->> 'id', p_user_id, p_invoice ->> 'subscription', p_invoice ->> 'status', p_invoice ->> 'billing_reason',
    p_line ->> 'price', v_version.id, (p_line ->> 'quantity')::integer, to_timestamp((p_line ->> 'start')::numeric),
    to_timestamp((p_line ->> 'end')::numeric), p_invoice ->> 'currency', credits_private.as_cents(p_invoice -> 'total'), p_at
  )
  on conflict (id) do update
  set
    status = excluded.status, stripe_price_id = excluded.stripe_price_id, version_id = excluded.version_id,
    quantity = excluded.quantity, period_start = excluded.period_start, period_end = excluded.period_end,
    total_cents = excluded.total_cents
  where credits_private.invoice_rank(excluded.status) > credits_private.invoice_rank(i.status);
  select * into v_invoice from public.subscription_invoices where id = p_invoice ->> 'id';
  return v_invoice;
end;
$$;

comment on function credits_private.record_invoice(jsonb, uuid, jsonb, timestamptz) is
  'Folds what an event says about an invoice into what is known of it.';

create function credits_private.decision_of(p_invoice public.subscription_invoices, p_said jsonb, p_line jsonb) returns text
  language plpgsql stable set search_path = ''
as $$
declare
  v_amount bigint := credits_private.as_cents(p_line -> 'amount');
  v_discount bigint := coalesce(credits_private.as_cents(p_said -> 'discount'), 0);
  v_credited boolean := exists (
    select from jsonb_array_elements(p_said -> 'lines') l where (l.value ->> 'amount')::numeric < 0
  );
begin
  if p_invoice.billing_reason not in ('subscription_create', 'subscription_cycle', 'subscription_update') then -- rule: reasons-that-grant
    return 'other_reason';
  elsif exists (
    select from public.subscription_invoices i
    where i.subscription_id = p_invoice.subscription_id and i.period_start = p_invoice.period_start and i.grants > 0 -- rule: period-once
  ) then
    return 'same_period';
  elsif p_invoice.billing_reason = 'subscription_update'
    and (select upgrade from public.plan_versions where id = p_invoice.version_id) <> 'fresh_cycle' then -- rule: upgrade-mode
    return 'next_period';
  elsif v_amount = 0 and (select amount_cents > 0 from public.plan_prices where stripe_price_id = p_invoice.stripe_price_id) then -- rule: trials-are-free
    return case
      when exists (
        select from public.subscription_invoices i where i.user_id = p_invoice.user_id and i.decision = 'trial' -- rule: one-trial
      ) then 'second_trial'
      else 'trial'
    end;
  elsif v_amount > 0 and v_discount >= v_amount
    and not (select grant_when_free from credits_private.plan_settings where only_row) then -- rule: free-by-setting
    return 'free';
  elsif p_invoice.billing_reason = 'subscription_update' and v_credited then -- rule: credited-is-difference
    return 'difference';
  end if;
  return 'full';
end;
$$;

comment on function credits_private.decision_of(public.subscription_invoices, jsonb, jsonb) is
  'What a paid invoice grants: full, trial or difference; or why nothing: other_reason, same_period (another invoice of it granted), next_period (a change of plan that waits for it), second_trial, free (a discount of everything).';

create function credits_private.decide_invoice(p_invoice public.subscription_invoices, p_said jsonb, p_line jsonb) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions;
  v_decision text := credits_private.decision_of(p_invoice, p_said, p_line);
  v_size numeric;
  v_deducted numeric := 0;
begin
  select * into strict v_version from public.plan_versions where id = p_invoice.version_id;
  v_size := case
    when v_decision = 'trial' then v_version.trial_credits -- rule: trial-size
    when v_decision in ('full', 'difference') then v_version.credits * p_invoice.quantity -- rule: size-of-version
    else 0
  end;
  if v_decision = 'difference' then -- rule: difference-to-what-runs
    select least(v_size, coalesce(sum(g.amount), 0)) into v_deducted
    from public.plan_grants g
    join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
    where g.subscription_id = p_invoice.subscription_id and g.kind in ('credits', 'late') and b.expires_at > credits_private.clock();
  end if;
  update public.subscription_invoices
  set
    decision = v_decision,
    grant_size = v_size,
    grants = case
      when v_size = 0 then 0
      when v_decision <> 'trial' and v_version.drip = 'month' -- rule: drips-of-a-year
        and (select "interval" from public.plan_prices where stripe_price_id = p_invoice.stripe_price_id) = 'year' then 12
      else 1
    end,
    deducted = v_deducted,
    next_grant_at = case when v_size > 0 then '-infinity'::timestamptz end
  where id = p_invoice.id and decision is null;
end;
$$;

comment on function credits_private.decide_invoice(public.subscription_invoices, jsonb, jsonb) is
  'Writes down what an invoice that has been paid grants.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
