-- Stripe inbox: which event means what, and the RPC that takes events in.
--
-- Invariants: see stripe_events. A new event's row comes first, so that copies of one event queue up behind each
-- other; a held event's row is locked after its payment and its purchase, as a purchase that is paid does with all
-- events held for it.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.purchase_paid_by(p_payment_intent_id text) returns public.credit_purchases
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.credit_purchases;
begin
  perform credits_private.lock_payment(p_payment_intent_id);
  select p.* into v_purchase
  from public.stripe_payments s
  join public.credit_purchases p on p.id = s.purchase_id
  where s.payment_intent_id = p_payment_intent_id;
  return v_purchase;
end;
$$;

comment on function credits_private.purchase_paid_by(text) is
  'The purchase that a payment paid for, all columns null when there is none (yet). Locks the payment, so that there is none until the lock is gone.';

create function credits_private.apply_money_back(p_type text, p_object jsonb, p_at timestamptz)
  returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_about text := split_part(replace(p_type, 'charge.dispute', 'dispute'), '.', 1);
  v_fault text := case v_about
    when 'charge' then credits_private.faulty_field(p_object, 'amount_refunded', 'payment_intent')
    when 'radar' then credits_private.faulty_field(p_object, null, 'id', 'payment_intent')
    when 'refund' then credits_private.faulty_field(p_object, 'amount', 'id', 'payment_intent', 'status')
    else credits_private.faulty_field(p_object, 'amount', 'id', 'payment_intent', 'status', 'currency')
  end;
  v_intent text := p_object ->> 'payment_intent';
  v_purchase public.credit_purchases;
  v_reversals text;
  v_effect credits_private.event_effect;
begin
  if v_fault is not null then
    return credits_private.held(v_fault);
  end if;
  v_purchase := credits_private.purchase_paid_by(v_intent);
  select reversals into v_reversals from public.stripe_payments where payment_intent_id = v_intent;
  if v_purchase.id is null and v_reversals is null then -- rule: charge-of-purchase
    -- It may have come before its payment, or be of something else that is sold: either way nobody has to look.
    return credits_private.held('waits_for_payment');
  end if;

  case v_about
    when 'charge' then
      update public.stripe_payments
      set charge_refunded_cents = greatest(
        charge_refunded_cents, credits_private.as_cents(p_object -> 'amount_refunded')
      )
      where payment_intent_id = v_intent;
    when 'refund' then
      perform credits_private.record_refund(
        p_object ->> 'id', v_intent, credits_private.as_cents(p_object -> 'amount'), p_object ->> 'status'
      );
    when 'radar' then
      null;
    else
      if credits_private.dispute_rank(p_object ->> 'status') = 0 then -- rule: known-status
        return credits_private.held(
          'unknown_status: ' || left(p_object ->> 'status', 100), v_purchase.id, v_purchase.user_id
        );
      end if;
      perform credits_private.record_dispute(
        p_object ->> 'id', v_intent, credits_private.as_cents(p_object -> 'amount'), p_object ->> 'currency',
        p_object ->> 'status', p_at, p_type = 'charge.dispute.funds_withdrawn', p_type = 'charge.dispute.funds_reinstated'
      );
  end case;

  if v_reversals is not null then -- rule: reversals-elsewhere
    execute format('select e.outcome, e.reason, e.purchase_id, e.user_id from %s($1) e', v_reversals::regproc)
      into v_effect.outcome, v_effect.reason, v_effect.purchase_id, v_effect.user_id using v_intent;
    return v_effect;
  end if;
  -- The purchase before the account, as everybody locks them.
  select * into v_purchase from public.credit_purchases where id = v_purchase.id for update;
  if v_about = 'radar' then
    perform credits_private.freeze_purchase(v_purchase);
  end if;
  perform credits_private.apply_reversals(v_purchase.id);
  return ('applied', null, v_purchase.id, v_purchase.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_money_back(text, jsonb, timestamptz) is
  'charge.refunded, refund.*, charge.dispute.* and early fraud warnings: keeps the fact, and brings the purchase to what all facts add up to.';

create function credits_private.apply_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_handler text;
  v_effect credits_private.event_effect;
begin
  case p_event ->> 'type'
    when 'checkout.session.completed', 'checkout.session.async_payment_succeeded',
      'checkout.session.async_payment_failed', 'checkout.session.expired' then
      return credits_private.apply_checkout_event(p_event ->> 'type', v_object);
    when 'charge.refunded', 'refund.created', 'refund.updated', 'refund.failed',
      'charge.dispute.created', 'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated', 'charge.dispute.closed' then
      return credits_private.apply_money_back(
        p_event ->> 'type', v_object, to_timestamp((p_event ->> 'created')::numeric)
      );
    when 'radar.early_fraud_warning.created' then
      if (select freeze_on_fraud_warning from credits_private.billing_settings where only_row) then -- rule: warnings-if-wanted
        return credits_private.apply_money_back(
          p_event ->> 'type', v_object, to_timestamp((p_event ->> 'created')::numeric)
        );
      end if;
      return ('ignored', null, null, null)::credits_private.event_effect;
    when 'customer.deleted' then
      return credits_private.apply_customer_deleted(v_object);
    else
      select handler into v_handler from credits_private.event_handlers where type = p_event ->> 'type';
      if v_handler is null then
        return ('ignored', null, null, null)::credits_private.event_effect;
      end if;
      execute format('select e.outcome, e.reason, e.purchase_id, e.user_id from %s($1) e', v_handler::regproc)
      into v_effect.outcome, v_effect.reason, v_effect.purchase_id, v_effect.user_id using p_event;
      return v_effect;
  end case;
end;
$$;

comment on function credits_private.apply_event(jsonb) is 'Which event means what. Types that mean nothing here are ignored.';

create function credits_private.keep_effect(p_event_id text, p_effect credits_private.event_effect) returns public.stripe_event_result
  language plpgsql set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
begin
  update public.stripe_events
  set
    outcome = p_effect.outcome,
    reason = p_effect.reason,
    purchase_id = p_effect.purchase_id,
    user_id = p_effect.user_id,
    processed_at = credits_private.clock()
  where id = p_event_id -- rule: effect-kept
  returning outcome, id, reason, purchase_id, user_id into v_result;
  return v_result;
end;
$$;

comment on function credits_private.keep_effect(text, credits_private.event_effect) is 'Writes what became of an event to its row.';

create function credits_private.settle_held_events(p_purchase_id uuid, p_payment_intent_id text) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_event record;
begin
  for v_event in
    select id, payload
    from public.stripe_events
    where outcome = 'held' -- rule: held-get-settled
      and (
        (payment_intent_id = p_payment_intent_id and reason = 'waits_for_payment')
        or (purchase_id = p_purchase_id and type like 'checkout.session.%' and (reason = 'unpaid' or reason like 'unknown_status: %'))
      )
    order by id
    for update
  loop
    perform credits_private.keep_effect(v_event.id, credits_private.try_event(v_event.payload));
  end loop;
end;
$$;

comment on function credits_private.settle_held_events(uuid, text) is
  'Once the purchase of a payment is known, or cannot be paid any more: events that came before it and were held for want of that have their effect now. The caller holds the payment''s lock.';

create function credits_private.try_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
begin
  return credits_private.apply_event(p_event);
exception when others then
  -- Stripe would try for three days, and then stop delivering anything: what no repetition can mend is an operator's.
  if sqlstate ~ '^(08|40|53|57|58|XX)' or sqlstate = '55P03' then -- rule: worth-another-delivery
    raise;
  end if;
  raise warning 'Stripe event % cannot be applied: % (%)', p_event ->> 'id', sqlerrm, sqlstate;
  return credits_private.held('error: ' || sqlstate);
end;
$$;

comment on function credits_private.try_event(jsonb) is
  'What an event has for an effect; held when applying it raises, unless another delivery may do better.';

create function credits_private.take_in(p_event_id text, p_payload jsonb) returns public.stripe_event_result
  language plpgsql set search_path = ''
as $$
declare
  v_result public.stripe_event_result := credits_private.keep_effect(p_event_id, credits_private.try_event(p_payload));
  v_other record;
begin
  if v_result.outcome = 'applied' then
    for v_other in
      select o.id, o.payload
      from public.stripe_events o
      join public.stripe_events e on e.payment_intent_id = o.payment_intent_id
      where e.id = p_event_id and o.purchase_id = v_result.purchase_id
        and o.outcome = 'held' -- rule: one-resolves-all
      order by o.id
      for update of o
    loop
      perform credits_private.keep_effect(v_other.id, credits_private.try_event(v_other.payload));
    end loop;
  end if;
  return v_result;
end;
$$;

comment on function credits_private.take_in(text, jsonb) is
  'Applies an event and writes down what became of it. Where it was applied, others that are held about the same payment of the same purchase are tried again.';

create function public.apply_stripe_event(
  p_event jsonb,
  p_livemode boolean default null,
  p_accounts text[] default '{}',
  p_projects text[] default null
)
  returns public.stripe_event_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_known public.stripe_events;
  v_event jsonb;
  v_not_ours text := credits_private.not_ours(p_event, p_livemode, p_accounts, p_projects);
begin
  if coalesce(p_event ->> 'id', '') = '' then -- rule: event-id
    perform credits_private.refuse_argument('p_event', 'must have an id');
  elsif coalesce(p_event ->> 'type', '') = '' then
    perform credits_private.refuse_argument('p_event', 'must have a type');
  elsif jsonb_typeof(p_event -> 'created') is distinct from 'number' then
    perform credits_private.refuse_argument('p_event', 'must have created, a number of seconds');
  elsif jsonb_typeof(p_event #> '{data,object}') is distinct from 'object' then
    perform credits_private.refuse_argument('p_event', 'must have data.object');
  end if;

  v_event := credits_private.without_personal_data(p_event); -- rule: no-people
  -- A copy that arrives meanwhile waits here for this transaction, and then finds the event.
  insert into public.stripe_events (id, type, created_at, payload, outcome, payment_intent_id, received_at)
  values (
    p_event ->> 'id', p_event ->> 'type', to_timestamp((p_event ->> 'created')::numeric), v_event, 'ignored',
    case when jsonb_typeof(p_event #> '{data,object,payment_intent}') = 'string'
      then p_event #>> '{data,object,payment_intent}' end,
    credits_private.clock()
  )
  on conflict (id) do nothing;
  if not found then -- rule: event-once
    select * into v_known from public.stripe_events where id = p_event ->> 'id';
    return row('duplicate', v_known.id, v_known.reason, v_known.purchase_id, v_known.user_id)
      ::public.stripe_event_result;
  end if;
  if v_not_ours is not null then
    return credits_private.keep_effect(p_event ->> 'id', ('ignored', v_not_ours, null, null));
  end if;
  return credits_private.take_in(p_event ->> 'id', v_event);
end;
$$;

comment on function public.apply_stripe_event(jsonb, boolean, text[], text[]) is
  'Keeps a verified event and its effect in one transaction. p_livemode is the mode of the deployment''s own key, null for any; p_accounts are the connected accounts whose events count, p_projects the tags of our own (null: any); what has no tag is anybody''s. Outcomes: applied; duplicate (kept before; nothing changes); ignored (its type means nothing here, or reason says whose it is: other_mode, other_account, other_project); held (kept, not applied, reason says why). Idempotent by the event''s id, in any order of events. Raises 22023 when it is no event; anything else raised is worth another delivery.';

revoke all on function public.apply_stripe_event(jsonb, boolean, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function public.apply_stripe_event(jsonb, boolean, text[], text[]) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
