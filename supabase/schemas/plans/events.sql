-- Events of plans: subscriptions, their invoices and the payments of those.
--
-- Invariants
--   * Whose a subscription is, the customer says whom we made; never metadata.
--   * What is of no plan, or of nobody's customer, is not ours.
--
-- Lock order: ARCHITECTURE.md. Payments before the account.

create function credits_private.customer_user(p_customer_id text) returns uuid
  language sql stable set search_path = ''
return (select c.user_id from public.stripe_customers c where c.customer_id = p_customer_id);

comment on function credits_private.customer_user(text) is 'Whose customer it is, also once it was deleted; null for nobody''s.';

create function credits_private.apply_subscription_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_fault text := credits_private.faulty_field(v_object, 'anchor', 'id', 'status', 'customer');
  v_user_id uuid := credits_private.customer_user(v_object ->> 'customer');
  v_item jsonb := (
    select i.value
    from jsonb_array_elements(v_object -> 'items') i
    join public.plan_prices r on r.stripe_price_id = i.value ->> 'price'
    where credits_private.as_cents(i.value -> 'start') is not null and credits_private.as_cents(i.value -> 'end') is not null
    order by i.value ->> 'price'
    limit 1
  );
  v_said public.subscriptions;
begin
  if v_item is null then
    return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: subscription-of-plan
  elsif v_fault is not null then
    return credits_private.held(v_fault);
  elsif v_user_id is null then
    return credits_private.held('unknown_customer'); -- rule: subscriber-known
  elsif credits_private.subscription_rank(v_object ->> 'status') = 0 then
    return credits_private.held('unknown_status: ' || left(v_object ->> 'status', 100), null, v_user_id); -- rule: subscription-status-known
  end if;
  v_said.id := v_object ->> 'id';
  v_said.user_id := v_user_id;
  v_said.customer_id := v_object ->> 'customer';
  v_said.stripe_price_id := v_item ->> 'price';
  v_said.quantity := greatest(coalesce(credits_private.as_cents(v_item -> 'quantity'), 1), 1);
  v_said.status := v_object ->> 'status';
  v_said.anchor := to_timestamp((v_object ->> 'anchor')::numeric);
  v_said.period_start := to_timestamp((v_item ->> 'start')::numeric);
  v_said.period_end := to_timestamp((v_item ->> 'end')::numeric);
  v_said.cancel_at := to_timestamp(credits_private.as_cents(v_object -> 'cancel_at'));
  v_said.trial_end := to_timestamp(credits_private.as_cents(v_object -> 'trial_end'));
  v_said.created_at := to_timestamp(coalesce(credits_private.as_cents(v_object -> 'created'), (p_event ->> 'created')::numeric));
  v_said.said_at := to_timestamp((p_event ->> 'created')::numeric);

  perform credits_private.ensure_account(v_user_id);
  perform credits_private.keep_version(v_said.id, v_said.stripe_price_id);
  perform credits_private.record_subscription(v_said);
  perform credits_private.note_unpaid(v_said.id); -- rule: unpaid-by-standing
  -- Another anchor, or a standing that is good again.
  update public.subscription_invoices i
  set next_grant_at = coalesce((
    select min(credits_private.plan_due(i, n))
    from generate_series(1, i.grants - 1) n
    where credits_private.plan_due(i, n) between i.next_grant_at - interval '4 days' and i.next_grant_at + interval '4 days'
  ), i.next_grant_at)
  where i.subscription_id = v_said.id and i.next_grant_at > i.period_start; -- rule: due-by-the-anchor
  perform credits_private.grant_due_plans(v_user_id); -- rule: recovery-grants
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_subscription_event(jsonb) is
  'customer.subscription.*: keeps what it says, and grants what waited for that.';

create function credits_private.link_payment(p_payment_intent_id text, p_invoice_id text, p_amount_cents bigint) returns void
  language plpgsql set search_path = ''
as $$
begin
  perform credits_private.lock_payment(p_payment_intent_id);
  insert into public.subscription_payments as p (payment_intent_id, invoice_id, amount_cents)
  values (p_payment_intent_id, p_invoice_id, p_amount_cents)
  on conflict (payment_intent_id) do update
  set amount_cents = excluded.amount_cents
  where p.amount_cents is null and excluded.amount_cents is not null;
end;
$$;

comment on function credits_private.link_payment(text, text, bigint) is
  'Keeps which payment paid which invoice, whether either is known yet. Locks the payment.';

create function credits_private.settle_payments(p_invoice_id text) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_payment text;
begin
  for v_payment in
    select payment_intent_id from public.subscription_payments where invoice_id = p_invoice_id order by payment_intent_id
  loop
    update public.stripe_payments
    set reversals = 'credits_private.reverse_payment' -- rule: refund-finds-invoice
    where payment_intent_id = v_payment and purchase_id is null and reversals is null;
    perform credits_private.settle_held_events(null, v_payment); -- rule: early-refunds-of-invoices
  end loop;
end;
$$;

comment on function credits_private.settle_payments(text) is
  'Once an invoice of ours and a payment of it are known: what Stripe has said of the payment, and says from now on, counts. The caller holds the payments'' locks.';

create function credits_private.apply_invoice_payment(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_user_id uuid;
begin
  if jsonb_typeof(v_object -> 'payment_intent') is distinct from 'string'
    or jsonb_typeof(v_object -> 'invoice') is distinct from 'string' then
    return ('ignored', null, null, null)::credits_private.event_effect;
  end if;
  perform credits_private.link_payment(
    v_object ->> 'payment_intent', v_object ->> 'invoice', credits_private.as_cents(v_object -> 'amount')
  );
  select user_id into v_user_id from public.subscription_invoices where id = v_object ->> 'invoice';
  if v_user_id is null then
    return ('applied', null, null, null)::credits_private.event_effect;
  end if;
  perform credits_private.settle_payments(v_object ->> 'invoice'); -- rule: late-payment-settles
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_invoice_payment(jsonb) is
  'invoice_payment.paid: keeps which invoice a payment paid. An invoice may have several.';

create function credits_private.apply_invoice_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_fault text := credits_private.faulty_field(v_object, 'total', 'id', 'status', 'currency', 'customer', 'billing_reason');
  v_line jsonb := credits_private.plan_line(v_object);
  v_user_id uuid := credits_private.customer_user(v_object ->> 'customer');
  v_invoice public.subscription_invoices;
begin
  if v_object ->> 'subscription' is null then
    return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: invoice-of-subscription
  elsif v_line is null then
    if v_user_id is null or v_object ->> 'status' <> 'paid'
      or v_object ->> 'billing_reason' not in ('subscription_create', 'subscription_cycle') then
      return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: invoice-of-plan
    end if;
    return credits_private.held('unknown_price', null, v_user_id); -- rule: unknown-price
  elsif v_fault is not null then
    return credits_private.held(v_fault, null, v_user_id);
  elsif v_user_id is null then
    return credits_private.held('unknown_customer'); -- rule: payer-known
  elsif credits_private.invoice_rank(v_object ->> 'status') = 0 then
    return credits_private.held('unknown_status: ' || left(v_object ->> 'status', 100), null, v_user_id); -- rule: invoice-status-known
  end if;
  perform credits_private.link_payment(p.intent, v_object ->> 'id', max(p.cents))
  from (
    select e.value ->> 'payment_intent' as intent, credits_private.as_cents(e.value -> 'amount') as cents
    from jsonb_array_elements(v_object -> 'payments') e
    where jsonb_typeof(e.value -> 'payment_intent') = 'string' -- rule: payments-in-invoice
    union all
    select payment_intent_id, null from public.subscription_payments where invoice_id = v_object ->> 'id'
  ) p
  group by p.intent
  order by p.intent;
  if not credits_private.lock_user(v_user_id) then
    return credits_private.held('user_gone', null, v_user_id); -- rule: subscriber-is-there
  end if;
  v_invoice := credits_private.record_invoice(v_object, v_user_id, v_line, to_timestamp((p_event ->> 'created')::numeric));
  perform credits_private.note_unpaid(v_invoice.subscription_id); -- rule: paid-by-invoice
  if v_invoice.status = 'paid' -- rule: only-paid-grants
    and v_invoice.decision is null then
    perform credits_private.decide_invoice(v_invoice, v_object, v_line);
    perform credits_private.grant_due(v_invoice.id); -- rule: paid-grants-now
  end if;
  perform credits_private.settle_payments(v_invoice.id);
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_invoice_event(jsonb) is
  'invoice.paid, .payment_failed, .voided and .marked_uncollectible: keeps what it says; what has been paid grants, and is brought to what is known of its payments.';

insert into credits_private.event_handlers (type, handler)
values
  ('customer.subscription.created', 'credits_private.apply_subscription_event'),
  ('customer.subscription.updated', 'credits_private.apply_subscription_event'),
  ('customer.subscription.deleted', 'credits_private.apply_subscription_event'),
  ('customer.subscription.paused', 'credits_private.apply_subscription_event'),
  ('customer.subscription.resumed', 'credits_private.apply_subscription_event'),
  ('invoice.paid', 'credits_private.apply_invoice_event'),
  ('invoice.payment_failed', 'credits_private.apply_invoice_event'),
  ('invoice.voided', 'credits_private.apply_invoice_event'),
  ('invoice.marked_uncollectible', 'credits_private.apply_invoice_event'),
  ('invoice_payment.paid', 'credits_private.apply_invoice_payment');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
