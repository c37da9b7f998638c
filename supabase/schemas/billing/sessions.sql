-- Checkout sessions: which purchase a session is of, and what follows from it.
--
-- Invariants
--   * A session is matched by what we wrote into its metadata, or by its id.
--   * A purchase that is not here any more is made again from the metadata, which came back signed by Stripe.
--   * Credits are the purchase's. What was paid may be less by a discount that the session allowed; taxes pay for nothing.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.purchase_made_elsewhere(p_session jsonb) returns uuid
  language plpgsql set search_path = ''
as $$
declare
  v_user_id uuid := credits_private.as_uuid(p_session #>> '{metadata,user_id}');
  v_credits text := p_session #>> '{metadata,credits}';
  v_purchase_id uuid;
begin
  if v_user_id is null or v_credits is null
    or v_credits !~ '^[0-9]{1,7}([.][0-9]{1,2})?$' -- rule: credits-are-a-number
    or v_credits::numeric <= 0 then
    return null;
  end if;
  -- Nobody agreed a pack's price for it, so the baseline holds: 100 US cents a credit (C2).
  insert into public.credit_purchases (user_id, credits, amount_cents, currency, stripe_session_id, created_at)
  values (
    v_user_id, v_credits::numeric,
    ceil(v_credits::numeric * 100), -- rule: baseline-price
    'usd', p_session ->> 'id', credits_private.clock()
  )
  on conflict (stripe_session_id) do nothing
  returning id into v_purchase_id;
  if v_purchase_id is null then
    select id into v_purchase_id from public.credit_purchases where stripe_session_id = p_session ->> 'id';
  end if;
  return v_purchase_id;
end;
$$;

comment on function credits_private.purchase_made_elsewhere(jsonb) is
  'The purchase of a session that /checkout did not make: its metadata says user_id and credits. Null when it does not.';

create function credits_private.restore_purchase(p_session jsonb) returns uuid
  language plpgsql set search_path = ''
as $$
declare
  v_said jsonb := p_session -> 'metadata';
  v_id uuid := credits_private.as_uuid(v_said ->> 'purchase_id');
  v_user_id uuid := credits_private.as_uuid(v_said ->> 'user_id');
  v_whole boolean := v_id is not null and v_user_id is not null
    and v_said ->> 'credits' ~ '^[0-9]{1,10}[.][0-9]{2}$' and v_said ->> 'credits' <> '0.00'
    and v_said ->> 'amount' ~ '^[1-9][0-9]{0,14}$'
    and v_said ->> 'currency' ~ '^[a-z]{3}$'
    and v_said ->> 'project' <> ''; -- rule: restored-if-tagged
begin
  if v_whole is not true then
    return null;
  end if;
  insert into public.credit_purchases (
    id, user_id, pack_id, credits, amount_cents, currency, stripe_session_id, created_at
  )
  values (
    v_id, v_user_id, (select id from public.credit_packs where id = credits_private.as_uuid(v_said ->> 'pack_id')),
    (v_said ->> 'credits')::numeric, (v_said ->> 'amount')::bigint, v_said ->> 'currency', p_session ->> 'id',
    credits_private.clock()
  )
  on conflict do nothing;
  return (select id from public.credit_purchases where id = v_id);
end;
$$;

comment on function credits_private.restore_purchase(jsonb) is
  'The purchase of a session that /checkout made and a restore of the database lost, made again from all that the session''s metadata says. Null when that is not enough.';

create function credits_private.find_purchase(p_session jsonb) returns uuid
  language plpgsql set search_path = ''
as $$
declare
  -- Never by client_reference_id: a payment link lets the payer set it.
  v_named text := p_session #>> '{metadata,purchase_id}';
  v_id uuid;
begin
  select id into v_id from public.credit_purchases where stripe_session_id = p_session ->> 'id';
  if v_id is null and v_named is not null then
    select id into v_id from public.credit_purchases where id = credits_private.as_uuid(v_named);
  end if;
  if v_id is null
    and v_named is null then -- rule: named-purchase
    v_id := credits_private.purchase_made_elsewhere(p_session);
  elsif v_id is null then
    v_id := credits_private.restore_purchase(p_session); -- rule: lost-purchase
  end if;
  return v_id;
end;
$$;

comment on function credits_private.find_purchase(jsonb) is
  'The purchase a Checkout session belongs to: by the session''s id, by the id it was given, or made (again) from its metadata.';

create function credits_private.pay_purchase(p_purchase public.credit_purchases, p_session jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_fault text := credits_private.faulty_field(p_session, 'amount_total', 'currency');
  v_cents bigint := credits_private.as_cents(p_session -> 'amount_total');
  v_discount bigint := coalesce(credits_private.as_cents(p_session #> '{total_details,amount_discount}'), 0);
  -- Without the taxes on top.
  v_net bigint := least(v_cents, credits_private.as_cents(p_session -> 'amount_subtotal') - v_discount); -- rule: taxes-pay-nothing
  v_intent text := p_session ->> 'payment_intent';
  v_grant public.grant_result;
begin
  if v_fault is not null then
    return credits_private.held(v_fault, p_purchase.id, p_purchase.user_id);
  elsif p_session ->> 'currency' <> p_purchase.currency then -- rule: same-currency
    return credits_private.held('wrong_currency', p_purchase.id, p_purchase.user_id);
  elsif p_session -> 'livemode' = to_jsonb(not p_purchase.livemode) then -- rule: mode-of-purchase
    return credits_private.held('other_mode', p_purchase.id, p_purchase.user_id);
  end if;
  if p_session -> 'allow_promotion_codes' = 'true' then -- rule: discounts-allowed
    v_net := v_net + v_discount;
  end if;
  if v_net < p_purchase.amount_cents then -- rule: covers-the-price
    return credits_private.held('amount_too_small', p_purchase.id, p_purchase.user_id);
  end if;
  -- Asked for last: a session that cost nothing has none.
  v_fault := case when v_cents > 0 then credits_private.faulty_field(p_session, null, 'payment_intent') end; -- rule: free-of-charge
  if v_fault is not null then
    return credits_private.held(v_fault, p_purchase.id, p_purchase.user_id);
  elsif p_purchase.paid_at is not null then -- rule: paid-once
    return ('applied', null, p_purchase.id, p_purchase.user_id)::credits_private.event_effect;
  elsif not credits_private.lock_user(p_purchase.user_id) then -- rule: payer-is-there
    return credits_private.held('user_gone', p_purchase.id, p_purchase.user_id);
  end if;

  v_grant := credits_private.grant_batch(
    p_purchase.user_id,
    p_purchase.credits, -- rule: credits-bought
    'purchase',
    'purchase:' || p_purchase.id, -- rule: purchase-granted-once
    null,
    'Purchase'
  );
  if v_grant.outcome <> 'granted' then -- rule: grant-is-new
    return credits_private.held('granted_before', p_purchase.id, p_purchase.user_id);
  end if;
  update public.user_credits
  set stripe_session_id = p_session ->> 'id'
  where user_id = p_purchase.user_id and id = v_grant.batch_id;
  update public.credit_purchases
  set
    status = 'paid', paid_cents = v_cents, paid_at = credits_private.clock(), stripe_session_id = p_session ->> 'id',
    stripe_payment_intent_id = v_intent,
    livemode = coalesce(livemode, p_session -> 'livemode' = 'true') -- rule: mode-kept
  where id = p_purchase.id;
  if (select signup_bonus_when from credits_private.credit_settings where only_row) = 'first_payment' then
    perform credits_private.give_signup_bonus(p_purchase.user_id); -- rule: bonus-with-payment
  end if;
  perform credits_private.apply_reversals(p_purchase.id);
  return ('applied', null, p_purchase.id, p_purchase.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.pay_purchase(public.credit_purchases, jsonb) is
  'Grants what a paid session bought, once, if the money covers it (C2), and then whatever reversals are known already. The caller holds the locks of payment and purchase.';

create function credits_private.apply_checkout_event(p_type text, p_session jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_fault text := credits_private.faulty_field(p_session, null, 'id', 'payment_status');
  v_paid boolean := p_session ->> 'payment_status' in ('paid', 'no_payment_required');
  v_purchase_id uuid;
  v_purchase public.credit_purchases;
  v_status public.purchase_status;
  v_effect credits_private.event_effect;
begin
  if v_fault is not null then
    return credits_private.held(v_fault);
  elsif p_session ->> 'mode' in ('subscription', 'setup') then
    return ('ignored', null, null, null)::credits_private.event_effect;
  end if;

  -- One that is not paid does nothing to its payment, and may be tried again by who has the lock of another one.
  if v_paid -- rule: payments-in-one-order
    and jsonb_typeof(p_session -> 'payment_intent') = 'string' then
    perform credits_private.lock_payment(p_session ->> 'payment_intent');
  end if;
  -- Found in a statement of its own: one that also locks it would not see a purchase that the search has just made.
  v_purchase_id := credits_private.find_purchase(p_session);
  select * into v_purchase from public.credit_purchases where id = v_purchase_id for update;
  if not found and p_session #>> '{metadata,purchase_id}' is null and p_session #>> '{metadata,credits}' is null then
    -- Something else that is sold with the same Stripe account.
    return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: not-ours
  elsif not found then
    return credits_private.held('unknown_purchase');
  elsif v_purchase.stripe_session_id <> p_session ->> 'id' then -- rule: second-session
    -- A second session, whose page nobody was given, matters only if somebody pays in it all the same.
    v_effect := case
      -- rule: second-session-paid
      when v_paid then credits_private.held('session_mismatch', v_purchase.id, v_purchase.user_id)
      else ('ignored', null, v_purchase.id, v_purchase.user_id)::credits_private.event_effect
    end;
  elsif v_paid -- rule: paid-for
    and p_type <> 'checkout.session.expired' then
    v_effect := credits_private.pay_purchase(v_purchase, p_session);
  end if;
  if v_effect.outcome is not null then
    if v_paid and v_effect.outcome = 'held' then
      -- Whoever has paid is not shown the page again.
      update public.credit_purchases
      set status = 'processing' -- rule: held-is-not-open
      where id = v_purchase.id and status = 'open';
    end if;
    if v_paid and jsonb_typeof(p_session -> 'payment_intent') = 'string' then
      -- Also for money that bought nothing: its refund must find the purchase, or it would be held for ever.
      update public.stripe_payments
      set purchase_id = v_purchase.id -- rule: refund-finds-purchase
      where payment_intent_id = p_session ->> 'payment_intent';
      perform credits_private.settle_held_events(v_purchase.id, p_session ->> 'payment_intent'); -- rule: early-reversals
    end if;
    return v_effect;
  end if;

  v_status := case p_type
    when 'checkout.session.expired' then 'expired'
    when 'checkout.session.async_payment_failed' then 'failed'
    else 'processing'
  end::public.purchase_status;
  update public.credit_purchases
  set stripe_session_id = p_session ->> 'id', status = v_status
  where id = v_purchase.id
    and (status = 'open' or (status = 'processing' and v_status in ('expired', 'failed'))); -- rule: paid-stays-paid
  if v_status = 'processing' and v_purchase.status in ('open', 'processing') then
    return credits_private.held(
      case p_session ->> 'payment_status'
        when 'unpaid' then 'unpaid'
        else 'unknown_status: ' || (p_session ->> 'payment_status') -- rule: known-payment-status
      end,
      v_purchase.id, v_purchase.user_id
    );
  end if;
  if v_status = 'failed' then
    perform credits_private.settle_held_events(v_purchase.id, null);
  end if;
  return ('applied', null, v_purchase.id, v_purchase.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_checkout_event(text, jsonb) is
  'checkout.session.completed, .async_payment_succeeded, .async_payment_failed and .expired, in any order.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
