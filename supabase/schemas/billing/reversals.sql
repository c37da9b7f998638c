-- Reversals: what follows from refunds and disputes of a payment for the purchase that it paid.
--
-- Invariants
--   * reversed_cents and revoked_credits are computed from all facts, never added up event by event.
--   * A partial reversal takes the matching part of the credits, rounded down to a hundredth: at most a hundredth
--     of a credit, one cent's worth, and in the user's favour. A full one takes them all.
--   * What is taken goes from the purchase's own batch first, then from other credits, then becomes a debt.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.reversed_cents(p_payment_intent_id text, out refunded bigint, out disputed bigint)
  language plpgsql stable set search_path = ''
as $$
begin
  select
    -- charge.refunded reports a running total that a refund's later failure makes too high.
    greatest(
      coalesce(sum(r.amount_cents) filter (where credits_private.refund_rank(r.status) < 2), 0),
      -- rule: refunds-counted-once
      p.charge_refunded_cents - coalesce(sum(r.amount_cents) filter (where credits_private.refund_rank(r.status) = 2), 0)
    )::bigint,
    (
      -- In another currency its part of the payment cannot be told, so that it is taken for the whole.
      select coalesce(sum(case when d.currency = u.currency then d.amount_cents else u.paid_cents end), 0)::bigint -- rule: dispute-currency
      from public.stripe_disputes d
      join public.credit_purchases u on u.id = p.purchase_id
      where d.payment_intent_id = p.payment_intent_id
        and (
          d.withdrawn_at is not null
          -- rule: inquiries-take-nothing
          or d.status in ('needs_response', 'under_review', 'lost', 'appeal_needs_response', 'appeal_under_review')
        )
        and d.status not in ('won', 'warning_closed', 'prevented')
        -- A lost dispute stays lost: what Stripe reinstates of it is what had been refunded before, which counts there.
        and (
          d.status = 'lost' -- rule: lost-stays-lost
          or d.reinstated_at is null
          or d.withdrawn_at > d.reinstated_at -- rule: withdrawn-again
        )
    )
  into refunded, disputed
  from public.stripe_payments p
  left join public.stripe_refunds r on r.payment_intent_id = p.payment_intent_id
  where p.payment_intent_id = p_payment_intent_id
  group by p.payment_intent_id;
end;
$$;

comment on function credits_private.reversed_cents(text) is
  'How much of a payment has gone back to the payer, by refunds and by disputes, as far as Stripe has said.';

create function credits_private.revoke_purchase(p_purchase public.credit_purchases, p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_reference text := 'purchase:' || p_purchase.id;
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  perform credits_private.expire_batches(p_purchase.user_id);
  -- What a reversal gave back is a batch of its own, so a purchase can have several.
  for v_batch in
    select b.id, b.remaining_amount
    from public.user_credits b
    where b.user_id = p_purchase.user_id
      and b.is_open
      and (
        b.grant_key = v_reference -- rule: own-batch-first
        or b.grant_key like v_reference || ':reinstated:%' -- rule: reinstated-batch-too
      )
    order by b.id
  loop
    v_part := least(v_left, v_batch.remaining_amount);
    perform credits_private.post_entry(p_purchase.user_id, 'revoke', v_part, v_batch.id, null, v_reference);
    v_left := v_left - v_part;
    if v_left = 0 then
      return 0;
    end if;
  end loop;
  return credits_private.revoke_credits(p_purchase.user_id, v_left, v_reference);
end;
$$;

comment on function credits_private.revoke_purchase(public.credit_purchases, numeric) is
  'Takes credits of a purchase back: from its own batches, then from the user''s others, then as a debt, which is returned. The caller holds the locks.';

create function credits_private.reinstate_credits(p_purchase public.credit_purchases, p_amount numeric) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_reference text := 'purchase:' || p_purchase.id;
  -- What expired meanwhile comes back for a day.
  v_soonest timestamptz := credits_private.clock() + interval '1 day';
  v_debt record;
  v_taken record;
  v_number integer := 0;
  v_part numeric;
  v_left numeric := p_amount;
begin
  for v_debt in
    select id, remaining_amount
    from public.credit_debts
    where user_id = p_purchase.user_id and reference = v_reference and remaining_amount > 0
    order by id
  loop
    exit when v_left = 0; -- rule: forgives-first
    v_part := least(v_left, v_debt.remaining_amount);
    update public.credit_debts
    set remaining_amount = remaining_amount - v_part
    where user_id = p_purchase.user_id and id = v_debt.id;
    perform credits_private.post_entry(p_purchase.user_id, 'forgive', v_part, null, null, v_reference);
    v_left := v_left - v_part;
  end loop;
  -- What later credits paid of the debt, the rest, has no batch of its own that it could go back to.
  for v_taken in
    select t.expires_at, sum(t.amount) as amount, false as is_rest
    from (
      select b.expires_at, l.amount
      from credits_private.ledger_effects l
      join public.user_credits b on b.user_id = l.user_id and b.id = l.batch_id
      where l.user_id = p_purchase.user_id and l.kind = 'revoke' and l.reference = v_reference
      union all
      select g.expires_at, -g.original_amount
      from public.user_credits g
      where g.user_id = p_purchase.user_id and g.grant_key like v_reference || ':reinstated:%'
    ) t
    group by t.expires_at
    having sum(t.amount) > 0
    union all
    select null, p_amount, true
    order by is_rest, expires_at desc nulls first -- rule: longest-first
  loop
    exit when v_left = 0;
    v_number := v_number + 1;
    v_part := least(v_left, v_taken.amount);
    perform credits_private.grant_batch(
      p_purchase.user_id, v_part, 'purchase',
      concat_ws(':', v_reference, 'reinstated', p_purchase.reversal_count, v_number),
      case when v_taken.expires_at is not null then greatest(v_taken.expires_at, v_soonest) end, -- rule: same-expiry
      'Reinstated purchase'
    );
    v_left := v_left - v_part;
  end loop;
end;
$$;

comment on function credits_private.reinstate_credits(public.credit_purchases, numeric) is
  'Gives back what a reversal had taken: forgives what is left of its debt, grants the rest with the expiry it had, what lasts longest first. The caller holds the locks.';

create table credits_private.billing_settings (
  only_row boolean primary key default true check (only_row),
  freeze_on_fraud_warning boolean not null default false
);

comment on table credits_private.billing_settings is
  'Whether an early fraud warning freezes what is left of its purchase, until the payment goes back or the warning is cleared.';

insert into credits_private.billing_settings default values;

alter table credits_private.billing_settings enable row level security;

create policy "nobody but the functions" on credits_private.billing_settings using (false);

revoke all on credits_private.billing_settings from public, anon, authenticated, service_role;

create function credits_private.freeze_purchase(p_purchase public.credit_purchases) returns void
  language plpgsql set search_path = ''
as $$
begin
  if credits_private.lock_user(p_purchase.user_id) then
    perform credits_private.expire_batches(p_purchase.user_id);
    update public.credit_purchases
    set frozen_credits = revoked_credits + (
      select coalesce(sum(b.remaining_amount), 0)
      from public.user_credits b
      where b.user_id = p_purchase.user_id and b.is_open
        and b.grant_key ^@ ('purchase:' || p_purchase.id) -- rule: freezes-own
    )
    where id = p_purchase.id;
  end if;
end;
$$;

comment on function credits_private.freeze_purchase(public.credit_purchases) is
  'Says that what is left of a purchase is frozen; apply_reversals() then takes it. The caller holds the locks of payment and purchase.';

create function credits_private.apply_reversals(p_purchase_id uuid) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.credit_purchases;
  v_reversed record;
  v_cents bigint;
  v_target numeric;
  v_change numeric;
begin
  select * into v_purchase from public.credit_purchases where id = p_purchase_id for update;
  if v_purchase.paid_cents = 0 then -- nothing was paid (yet), so that nothing can go back
    return;
  end if;
  select * into v_reversed from credits_private.reversed_cents(v_purchase.stripe_payment_intent_id);
  -- rule: reversed-at-most
  v_cents := least(coalesce(v_reversed.refunded + v_reversed.disputed, 0), v_purchase.paid_cents);
  v_target := trunc(v_purchase.credits * v_cents / v_purchase.paid_cents, 2); -- rule: rounds-down
  if v_cents = 0 then -- rule: until-it-goes-back
    v_target := v_purchase.frozen_credits;
  end if;
  v_change := v_target - v_purchase.revoked_credits;

  update public.credit_purchases
  set
    reversed_cents = v_cents,
    revoked_credits = v_target,
    frozen_credits = case when v_cents = 0 then frozen_credits else 0 end,
    reversed_at = case
      when v_cents = 0 then null
      when v_cents = reversed_cents then reversed_at -- rule: reversed-when
      else credits_private.clock()
    end,
    reversal_count = reversal_count + (v_change <> 0)::integer,
    status = case
      when coalesce(v_reversed.disputed, 0) > 0 then 'disputed'
      when v_cents = v_purchase.paid_cents then 'refunded'
      when v_cents > 0 then 'partially_refunded'
      else 'paid'
    end::public.purchase_status
  where id = p_purchase_id
  returning * into v_purchase;

  if not credits_private.lock_user(v_purchase.user_id) then -- rule: reversal-of-somebody
    -- Whoever was erased has no credits that could be taken; the money is accounted for all the same.
    update public.credit_purchases set revoked_credits = v_purchase.revoked_credits - v_change where id = p_purchase_id;
    return;
  end if;
  if v_change > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (
      v_purchase.user_id, 'purchase:' || v_purchase.id || ':' || v_purchase.reversal_count, v_change,
      credits_private.revoke_purchase(v_purchase, v_change), case when v_cents = 0 then 'fraud_warning' else v_purchase.status::text end, credits_private.clock()
    );
  elsif v_change < 0 then
    perform credits_private.reinstate_credits(v_purchase, -v_change);
  end if;
end;
$$;

comment on function credits_private.apply_reversals(uuid) is
  'Brings a paid purchase to what all known refunds and disputes of its payment add up to; of a user who is gone the purchase alone. Idempotent; order-free. The caller holds the payment''s lock.';

create function public.clear_fraud_warning(p_purchase_id uuid, p_reason text default null, p_actor text default null)
  returns public.attach_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_purchase public.credit_purchases;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_purchase from public.credit_purchases where id = p_purchase_id;
  if not found then
    perform credits_private.refuse_argument('p_purchase_id', 'is no purchase');
  elsif v_purchase.stripe_payment_intent_id is not null then
    perform credits_private.lock_payment(v_purchase.stripe_payment_intent_id);
  end if;
  update public.credit_purchases set frozen_credits = 0 where id = p_purchase_id and frozen_credits > 0; -- rule: cleared
  if not found then
    return row('not_frozen', p_purchase_id)::public.attach_result;
  end if;
  perform credits_private.apply_reversals(p_purchase_id);
  -- rule: clearing-noted
  perform credits_private.note_action(p_actor, 'clear_fraud_warning', v_purchase.user_id, p_purchase_id::text, p_reason);
  return row('cleared', p_purchase_id)::public.attach_result;
end;
$$;

comment on function public.clear_fraud_warning(uuid, text, text) is
  'Gives back what an early fraud warning froze of a purchase, for an operator who believes its buyer. Outcomes: cleared, not_frozen (nothing changes). Idempotent; operator_actions has who and why. Raises 22023 for an unknown purchase, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.clear_fraud_warning(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.clear_fraud_warning(uuid, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
