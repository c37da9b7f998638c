-- Stripe payments: what Stripe has said about the money of one payment.
--
-- Invariants
--   * Facts about a purchase's payment only accumulate, and each is folded so that the order of their events does
--     not matter.
--
-- Lock order: ARCHITECTURE.md.

create table public.stripe_payments (
  payment_intent_id text primary key,
  purchase_id uuid references public.credit_purchases (id),
  charge_refunded_cents bigint not null default 0,
  reversals text check (reversals is null or to_regprocedure(reversals || '(text)') is not null)
);

comment on table public.stripe_payments is
  'One row per PaymentIntent, locked first by every event about it. charge_refunded_cents is the most that charge.refunded ever reported. Where a later domain sold what was paid, reversals is its function that brings that to what all facts about the payment add up to; it takes the payment''s id, under its lock.';

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
  currency text not null,
  status text not null,
  status_at timestamptz not null,
  withdrawn_at timestamptz,
  reinstated_at timestamptz
);

comment on table public.stripe_disputes is
  'Disputes, each with its latest status by Stripe''s own clock: one that was won can be appealed and lost. amount_cents is in the currency of the dispute, which may be another than the payment''s. An inquiry (warning_*) takes nothing until funds are withdrawn; withdrawn_at and reinstated_at say when that was last said.';

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

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('stripe_payments', 'billing', 'kept', 'amounts'),
  ('stripe_refunds', 'billing', 'kept', 'amounts'),
  ('stripe_disputes', 'billing', 'kept', 'amounts');

create function credits_private.lock_payment(p_payment_intent_id text) returns public.stripe_payments
  language plpgsql set search_path = ''
as $$
declare
  v_payment public.stripe_payments;
begin
  -- The update of nothing locks the row that is there already.
  insert into public.stripe_payments (payment_intent_id)
  values (p_payment_intent_id)
  on conflict (payment_intent_id) do update set payment_intent_id = excluded.payment_intent_id
  returning * into v_payment;
  return v_payment;
end;
$$;

comment on function credits_private.lock_payment(text) is
  'Locks the row of a PaymentIntent, made here if need be, so that a refund and the payment it belongs to cannot miss each other.';

create function credits_private.refund_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  -- rule: failed-refunds
  return case when p_status in ('failed', 'canceled') then 2 when p_status = 'succeeded' then 1 else 0 end;
end;
$$;

comment on function credits_private.refund_rank(text) is 'How final a refund''s status is.';

create function credits_private.dispute_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  -- No two statuses share a rank, so that what is said in the same second does not depend on the order of events.
  return coalesce(array_position(array[
    'warning_needs_response', 'warning_under_review', 'needs_response', 'under_review',
    'appeal_needs_response', 'appeal_under_review',
    'prevented', 'warning_closed', 'lost', 'won'
  ], p_status), 0);
end;
$$;

comment on function credits_private.dispute_rank(text) is 'How final a dispute''s status is among those of one second; 0 for one that is not known here.';

create function credits_private.record_refund(p_id text, p_payment_intent_id text, p_amount_cents bigint, p_status text)
  returns void
  language plpgsql set search_path = ''
as $$
begin
  insert into public.stripe_refunds as r (id, payment_intent_id, amount_cents, status)
  values (p_id, p_payment_intent_id, p_amount_cents, p_status)
  on conflict (id) do update
  set status = excluded.status
  where credits_private.refund_rank(excluded.status) > credits_private.refund_rank(r.status); -- rule: refunds-move-on
end;
$$;

comment on function credits_private.record_refund(text, text, bigint, text) is
  'Folds what an event says about a refund into what is known of it.';

create function credits_private.record_dispute(
  p_id text,
  p_payment_intent_id text,
  p_amount_cents bigint,
  p_currency text,
  p_status text,
  p_at timestamptz,
  p_withdrawn boolean,
  p_reinstated boolean
) returns void
  language plpgsql set search_path = ''
as $$
begin
  insert into public.stripe_disputes as d (
    id, payment_intent_id, amount_cents, currency, status, status_at, withdrawn_at, reinstated_at
  )
  values (
    p_id, p_payment_intent_id, p_amount_cents, p_currency, p_status, p_at, case when p_withdrawn then p_at end,
    case when p_reinstated then p_at end
  )
  on conflict (id) do update
  set
    amount_cents = greatest(d.amount_cents, excluded.amount_cents),
    withdrawn_at = greatest(d.withdrawn_at, excluded.withdrawn_at),
    reinstated_at = greatest(d.reinstated_at, excluded.reinstated_at);
  update public.stripe_disputes
  set status = p_status, status_at = p_at
  where id = p_id
    and (p_at, credits_private.dispute_rank(p_status)) > (status_at, credits_private.dispute_rank(status)); -- rule: disputes-move-on
end;
$$;

comment on function credits_private.record_dispute(text, text, bigint, text, text, timestamptz, boolean, boolean) is
  'Folds what an event of p_at says about a dispute into what is known of it.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
