-- Stripe events: the inbox. Every verified event is kept once, with its outcome, in the transaction of its effect.
--
-- Invariants
--   * An event has an effect at most once; a payment grants at most once whatever events announce it (C2).
--   * Money that does not cover the credits, or that nobody can be given credits for, grants nothing: the event is
--     held with its reason, is listed by held_stripe_events and can be replayed or dismissed.
--   * Whatever is wrong with an event, it is kept: what raises while it is applied is held with its SQLSTATE. Only what
--     another delivery can mend (a deadlock, a time-out, a full disk) raises, so that Stripe delivers again.
--   * An event of the other mode, or of a connected account that nobody named, has no effect.
--   * Of an event only what its effect is computed from is kept, and nothing that says who the payer is.
--
-- Lock order: ARCHITECTURE.md.

create table public.stripe_events (
  id text primary key,
  type text not null,
  created_at timestamptz not null,
  payload jsonb not null,
  outcome text not null check (outcome in ('applied', 'ignored', 'held')),
  reason text,
  purchase_id uuid references public.credit_purchases (id),
  user_id uuid,
  payment_intent_id text,
  received_at timestamptz not null default now(),
  processed_at timestamptz not null default now(),
  check (outcome <> 'applied' or reason is null),
  check (outcome <> 'held' or reason is not null)
);

comment on table public.stripe_events is
  'The inbox of verified Stripe events, each once, with what became of it; reason says why one is held, or whose it is where it is not ours. payload is the event without what it says about a person.';

create index stripe_events_held on public.stripe_events (received_at) where outcome = 'held';
create index stripe_events_by_payment on public.stripe_events (payment_intent_id) where outcome = 'held';
create index stripe_events_by_purchase on public.stripe_events (purchase_id);

alter table public.stripe_events enable row level security;

create policy "operators read events" on public.stripe_events for select to service_role using (true);

revoke all on public.stripe_events from public, anon, authenticated, service_role;
grant select on public.stripe_events to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('stripe_events', 'billing', 'kept', 'amounts and ids; names and addresses are never kept');

create type public.stripe_event_result as (
  outcome text,
  event_id text,
  reason text,
  purchase_id uuid,
  user_id uuid
);

create type credits_private.event_effect as (
  outcome text,
  reason text,
  purchase_id uuid,
  user_id uuid
);

create function credits_private.held(p_reason text, p_purchase_id uuid default null, p_user_id uuid default null)
  returns credits_private.event_effect
  language plpgsql immutable set search_path = ''
as $$
begin
  return row('held', p_reason, p_purchase_id, p_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.held(text, uuid, uuid) is 'The effect of an event that is kept and not applied.';

create function credits_private.as_cents(p_value jsonb) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return case
    when jsonb_typeof(p_value) = 'number' and p_value::numeric between 0 and 2147483647 -- rule: cents
      and p_value::numeric = trunc(p_value::numeric)
    then p_value::numeric::integer
  end;
end;
$$;

comment on function credits_private.as_cents(jsonb) is 'A whole, non-negative number of cents, or null.';

create function credits_private.faulty_field(p_object jsonb, p_amount text, variadic p_texts text[]) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select
      case when jsonb_typeof(p_object -> f.name) is null or p_object -> f.name = 'null' then 'missing' else 'invalid' end
      || '_field: data.object.' || f.name -- rule: field-named
    from (
      select p_amount as name, 0 as position where credits_private.as_cents(p_object -> p_amount) is null and p_amount is not null
      union all
      select t.name, t.position
      from unnest(p_texts) with ordinality t (name, position)
      where jsonb_typeof(p_object -> t.name) is distinct from 'string'
    ) f
    order by f.position
    limit 1
  );
end;
$$;

comment on function credits_private.faulty_field(jsonb, text, text[]) is
  'The reason to hold an object whose amount (if one is asked for) or one of these texts is missing or no such thing, or null.';

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
    and p_session #>> '{metadata,purchase_id}' is null then -- rule: named-purchase
    v_id := credits_private.purchase_made_elsewhere(p_session);
  end if;
  return v_id;
end;
$$;

comment on function credits_private.find_purchase(jsonb) is
  'The purchase a Checkout session belongs to: by the session''s id, by the id it was given, or made from its metadata.';

create function credits_private.pay_purchase(p_purchase public.credit_purchases, p_session jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_fault text := credits_private.faulty_field(p_session, 'amount_total', 'currency');
  v_cents integer := credits_private.as_cents(p_session -> 'amount_total');
  v_intent text := p_session ->> 'payment_intent';
  v_grant public.grant_result;
begin
  if v_fault is not null then
    return credits_private.held(v_fault, p_purchase.id, p_purchase.user_id);
  elsif p_session ->> 'currency' <> p_purchase.currency then -- rule: same-currency
    return credits_private.held('wrong_currency', p_purchase.id, p_purchase.user_id);
  elsif v_cents < p_purchase.amount_cents then -- rule: covers-the-price
    return credits_private.held('amount_too_small', p_purchase.id, p_purchase.user_id);
  end if;
  -- Asked for last: a session that cost nothing has none, and then the amount is what is wrong with it.
  v_fault := credits_private.faulty_field(p_session, null, 'payment_intent');
  if v_fault is not null then
    return credits_private.held(v_fault, p_purchase.id, p_purchase.user_id);
  elsif p_purchase.paid_cents > 0 then -- rule: paid-once
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
  update public.user_credits
  set stripe_session_id = p_session ->> 'id'
  where user_id = p_purchase.user_id and id = v_grant.batch_id;
  update public.credit_purchases
  set
    status = 'paid', paid_cents = v_cents, stripe_session_id = p_session ->> 'id', stripe_payment_intent_id = v_intent
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

  if jsonb_typeof(p_session -> 'payment_intent') = 'string' then
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
    return credits_private.held('unpaid', v_purchase.id, v_purchase.user_id);
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
