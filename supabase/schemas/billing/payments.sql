-- Stripe payments: what Stripe has said about the money of one payment, and what follows from it for a purchase.
--
-- Invariants
--   * Facts about a purchase's payment only accumulate, and each is folded so that the order of their events does
--     not matter; reversed_cents and revoked_credits are computed from all of them, never added up event by event.
--   * A partial reversal takes the matching part of the credits, rounded down to a hundredth: at most a hundredth
--     of a credit, one cent's worth, and in the user's favour. A full one takes them all.
--   * What is taken goes from the purchase's own batch first, then from other credits, then becomes a debt.
--
-- Lock order: payment -> purchase -> account -> batches.

create table public.stripe_payments (
  payment_intent_id text primary key,
  purchase_id uuid references public.purchases (id),
  charge_refunded_cents bigint not null default 0
);

comment on table public.stripe_payments is
  'One row per PaymentIntent, locked first by every event about it. charge_refunded_cents is the most that charge.refunded ever reported.';

create index stripe_payments_by_purchase on public.stripe_payments (purchase_id);

create table public.stripe_refunds (
  id text primary key,
  payment_intent_id text not null references public.stripe_payments (payment_intent_id),
  amount_cents bigint not null check (amount_cents >= 0),
  status text not null
);

comment on table public.stripe_refunds is
  'Refunds. A status only moves on: pending, then succeeded, then failed or canceled (a bank can return a refund that had succeeded).';

create index stripe_refunds_by_payment on public.stripe_refunds (payment_intent_id);

create table public.stripe_disputes (
  id text primary key,
  payment_intent_id text not null references public.stripe_payments (payment_intent_id),
  amount_cents bigint not null check (amount_cents >= 0),
  status text not null,
  withdrawn boolean not null,
  reinstated boolean not null
);

comment on table public.stripe_disputes is
  'Disputes, each with the furthest status reported. An inquiry (warning_*) takes nothing until funds are withdrawn.';

create index stripe_disputes_by_payment on public.stripe_disputes (payment_intent_id);

alter table public.stripe_payments enable row level security;
alter table public.stripe_refunds enable row level security;
alter table public.stripe_disputes enable row level security;

create policy "operators read payments" on public.stripe_payments for select to service_role using (true);
create policy "operators read refunds" on public.stripe_refunds for select to service_role using (true);
create policy "operators read disputes" on public.stripe_disputes for select to service_role using (true);

revoke all on public.stripe_payments, public.stripe_refunds, public.stripe_disputes
  from public, anon, authenticated, service_role;
grant select on public.stripe_payments, public.stripe_refunds, public.stripe_disputes to service_role;

create function private.lock_payment(p_payment_intent_id text) returns public.stripe_payments
  language sql set search_path = ''
as $$
  -- The update of nothing locks the row that is there already.
  insert into public.stripe_payments (payment_intent_id)
  values (p_payment_intent_id)
  on conflict (payment_intent_id) do update set payment_intent_id = excluded.payment_intent_id
  returning *;
$$;

comment on function private.lock_payment(text) is
  'Locks the row of a PaymentIntent, made here if need be, so that a refund and the payment it belongs to cannot miss each other.';

revoke all on function private.lock_payment(text) from public, anon, authenticated, service_role;

create function private.refund_rank(p_status text) returns integer
  language sql immutable set search_path = ''
as $$
  select case when p_status in ('failed', 'canceled') then 2 when p_status = 'succeeded' then 1 else 0 end;
$$;

comment on function private.refund_rank(text) is 'How final a refund''s status is.';

revoke all on function private.refund_rank(text) from public, anon, authenticated, service_role;

create function private.dispute_rank(p_status text) returns integer
  language sql immutable set search_path = ''
as $$
  -- No two statuses share a rank, so that the highest one ever reported does not depend on the order of events.
  select coalesce(array_position(array[
    'warning_needs_response', 'warning_under_review', 'needs_response', 'under_review',
    'prevented', 'warning_closed', 'lost', 'won'
  ], p_status), 0);
$$;

comment on function private.dispute_rank(text) is 'How final a dispute''s status is.';

revoke all on function private.dispute_rank(text) from public, anon, authenticated, service_role;

create function private.record_refund(p_id text, p_payment_intent_id text, p_amount_cents bigint, p_status text)
  returns void
  language sql set search_path = ''
as $$
  insert into public.stripe_refunds as r (id, payment_intent_id, amount_cents, status)
  values (p_id, p_payment_intent_id, p_amount_cents, p_status)
  on conflict (id) do update
  set status = excluded.status
  where private.refund_rank(excluded.status) > private.refund_rank(r.status);
$$;

comment on function private.record_refund(text, text, bigint, text) is
  'Folds what an event says about a refund into what is known of it.';

revoke all on function private.record_refund(text, text, bigint, text)
  from public, anon, authenticated, service_role;

create function private.record_dispute(
  p_id text,
  p_payment_intent_id text,
  p_amount_cents bigint,
  p_status text,
  p_withdrawn boolean,
  p_reinstated boolean
) returns void
  language sql set search_path = ''
as $$
  insert into public.stripe_disputes as d (id, payment_intent_id, amount_cents, status, withdrawn, reinstated)
  values (p_id, p_payment_intent_id, p_amount_cents, p_status, p_withdrawn, p_reinstated)
  on conflict (id) do update
  set
    status = case
      when private.dispute_rank(excluded.status) > private.dispute_rank(d.status) then excluded.status
      else d.status
    end,
    amount_cents = greatest(d.amount_cents, excluded.amount_cents),
    withdrawn = d.withdrawn or excluded.withdrawn,
    reinstated = d.reinstated or excluded.reinstated;
$$;

comment on function private.record_dispute(text, text, bigint, text, boolean, boolean) is
  'Folds what an event says about a dispute into what is known of it.';

revoke all on function private.record_dispute(text, text, bigint, text, boolean, boolean)
  from public, anon, authenticated, service_role;

create function private.reversed_cents(p_payment_intent_id text, out refunded bigint, out disputed bigint)
  language sql stable set search_path = ''
as $$
  select
    -- charge.refunded reports a running total that a refund's later failure makes too high.
    greatest(
      coalesce(sum(r.amount_cents) filter (where private.refund_rank(r.status) < 2), 0),
      p.charge_refunded_cents - coalesce(sum(r.amount_cents) filter (where private.refund_rank(r.status) = 2), 0)
    )::bigint,
    (
      select coalesce(sum(d.amount_cents), 0)::bigint
      from public.stripe_disputes d
      where d.payment_intent_id = p.payment_intent_id
        and (d.withdrawn or d.status in ('needs_response', 'under_review', 'lost'))
        and d.status not in ('won', 'warning_closed', 'prevented')
        -- A lost dispute stays lost: what Stripe reinstates of it is what had been refunded before, which counts there.
        and (d.status = 'lost' or not d.reinstated)
    )
  from public.stripe_payments p
  left join public.stripe_refunds r on r.payment_intent_id = p.payment_intent_id
  where p.payment_intent_id = p_payment_intent_id
  group by p.payment_intent_id;
$$;

comment on function private.reversed_cents(text) is
  'How much of a payment has gone back to the payer, by refunds and by disputes, as far as Stripe has said.';

revoke all on function private.reversed_cents(text) from public, anon, authenticated, service_role;

create function private.revoke_purchase(p_purchase public.purchases, p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_reference text := 'purchase:' || p_purchase.id;
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  -- What a reversal gave back is a batch of its own, so a purchase can have several.
  for v_batch in
    select b.id, b.remaining_amount
    from private.open_batches b
    where b.user_id = p_purchase.user_id
      and (b.grant_key = v_reference or b.grant_key like v_reference || ':reinstated:%')
    order by b.id
  loop
    exit when v_left = 0;
    v_part := least(v_left, v_batch.remaining_amount);
    perform private.revoke_credits(p_purchase.user_id, v_part, v_reference, v_batch.id);
    v_left := v_left - v_part;
  end loop;
  if v_left = 0 then
    return 0;
  end if;
  return private.revoke_credits(p_purchase.user_id, v_left, v_reference);
end;
$$;

comment on function private.revoke_purchase(public.purchases, numeric) is
  'Takes credits of a purchase back: from its own batches, then from the user''s others, then as a debt, which is returned. The caller holds the locks.';

revoke all on function private.revoke_purchase(public.purchases, numeric)
  from public, anon, authenticated, service_role;

create function private.reinstate_credits(p_purchase public.purchases, p_amount numeric) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_reference text := 'purchase:' || p_purchase.id;
  v_debt record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  for v_debt in
    select id, remaining_amount
    from public.credit_debts
    where user_id = p_purchase.user_id and reference = v_reference and remaining_amount > 0
    order by id
  loop
    exit when v_left = 0;
    v_part := least(v_left, v_debt.remaining_amount);
    update public.credit_debts
    set remaining_amount = remaining_amount - v_part
    where user_id = p_purchase.user_id and id = v_debt.id;
    perform private.post_entry(p_purchase.user_id, 'forgive', v_part, null, null, v_reference);
    v_left := v_left - v_part;
  end loop;
  if v_left > 0 then
    perform public.grant_credits(
      p_purchase.user_id, v_left, 'purchase', v_reference || ':reinstated:' || p_purchase.reversal_count, null,
      'Reinstated purchase'
    );
  end if;
end;
$$;

comment on function private.reinstate_credits(public.purchases, numeric) is
  'Gives back what a reversal had taken: forgives what is left of its debt, grants the rest. The caller holds the locks.';

revoke all on function private.reinstate_credits(public.purchases, numeric)
  from public, anon, authenticated, service_role;

create function private.apply_reversals(p_purchase_id uuid) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.purchases;
  v_reversed record;
  v_cents bigint;
  v_target numeric;
  v_change numeric;
begin
  select * into v_purchase from public.purchases where id = p_purchase_id for update;
  if v_purchase.paid_cents = 0 then
    return;
  end if;
  select * into v_reversed from private.reversed_cents(v_purchase.stripe_payment_intent_id);
  v_cents := least(coalesce(v_reversed.refunded + v_reversed.disputed, 0), v_purchase.paid_cents);
  v_target := trunc(v_purchase.credits * v_cents / v_purchase.paid_cents, 2);
  v_change := v_target - v_purchase.revoked_credits;

  update public.purchases
  set
    reversed_cents = v_cents,
    revoked_credits = v_target,
    reversal_count = reversal_count + (v_change <> 0)::integer,
    status = case
      when coalesce(v_reversed.disputed, 0) > 0 then 'disputed'
      when v_cents = v_purchase.paid_cents then 'refunded'
      when v_cents > 0 then 'partially_refunded'
      else 'paid'
    end::public.purchase_status
  where id = p_purchase_id
  returning * into v_purchase;

  perform private.open_account(v_purchase.user_id);
  if v_change > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (
      v_purchase.user_id, 'purchase:' || v_purchase.id || ':' || v_purchase.reversal_count, v_change,
      private.revoke_purchase(v_purchase, v_change), v_purchase.status::text, private.clock()
    );
  elsif v_change < 0 then
    perform private.reinstate_credits(v_purchase, -v_change);
  end if;
end;
$$;

comment on function private.apply_reversals(uuid) is
  'Brings a paid purchase to what all known refunds and disputes of its payment add up to. Idempotent; order-free. The caller holds the payment''s lock.';

revoke all on function private.apply_reversals(uuid) from public, anon, authenticated, service_role;
