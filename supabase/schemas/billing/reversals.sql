-- Reversals: what follows from refunds and disputes of a payment for the purchase that it paid.
--
-- Invariants
--   * reversed_cents and revoked_credits are computed from all facts, never added up event by event.
--   * A partial reversal takes the matching part of the credits, rounded down to a hundredth: at most a hundredth
--     of a credit, one cent's worth, and in the user's favour. A full one takes them all.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.reversed_cents(
  p_payment_intent_id text,
  p_currency text,
  p_paid_cents bigint,
  out refunded bigint,
  out disputed bigint
)
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
      select coalesce(sum(case when d.currency = p_currency then d.amount_cents else p_paid_cents end), 0)::bigint -- rule: dispute-currency
      from public.stripe_disputes d
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

comment on function credits_private.reversed_cents(text, text, bigint) is
  'How much of a payment of so much has gone back to the payer, by refunds and by disputes, as far as Stripe has said.';

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
  v_reference text := 'purchase:' || p_purchase_id;
  v_cents bigint;
  v_target numeric;
  v_change numeric;
begin
  select * into v_purchase from public.credit_purchases where id = p_purchase_id for update;
  if v_purchase.paid_cents = 0 then -- nothing was paid (yet), so that nothing can go back
    return;
  end if;
  select * into v_reversed from credits_private.reversed_cents(
    v_purchase.stripe_payment_intent_id, v_purchase.currency, v_purchase.paid_cents
  );
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
      v_purchase.user_id, v_reference || ':' || v_purchase.reversal_count, v_change,
      credits_private.revoke_own(
        v_purchase.user_id, v_reference, credits_private.batches_of(v_purchase.user_id, v_reference), v_change
      ),
      case when v_cents = 0 then 'fraud_warning' else v_purchase.status::text end, credits_private.clock()
    );
  elsif v_change < 0 then
    perform credits_private.reinstate_credits(
      v_purchase.user_id, v_reference, -v_change, 'purchase', v_purchase.reversal_count, 'Reinstated purchase'
    );
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
