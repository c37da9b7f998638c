set local check_function_bodies = off;

create type "public"."rate_card_result" as (
  "outcome"    text,
  "action"     text,
  "version"    integer,
  "valid_from" timestamp with time zone,
  "message"    text
);

alter type "public"."rate_card_result" owner to "postgres";

create type "public"."subscribe_result" as (
  "outcome"             text,
  "checkout_id"         uuid,
  "stripe_price_id"     text,
  "trial_days"          integer,
  "stripe_session_id"   text,
  "rate_limit"          integer,
  "rate_remaining"      integer,
  "rate_window_seconds" integer,
  "retry_after_seconds" integer
);

alter type "public"."subscribe_result" owner to "postgres";

create type "public"."subscribe_step" as (
  "outcome"     text,
  "checkout_id" uuid
);

alter type "public"."subscribe_step" owner to "postgres";

create type "public"."subscription_result" as (
  "outcome"             text,
  "subscription"        jsonb,
  "rate_limit"          integer,
  "rate_remaining"      integer,
  "rate_window_seconds" integer,
  "retry_after_seconds" integer
);

alter type "public"."subscription_result" owner to "postgres";

create type "public"."usage_lines_result" as (
  "outcome"     text,
  "items"       jsonb,
  "next_cursor" text
);

alter type "public"."usage_lines_result" owner to "postgres";

create type "public"."usage_settlement" as (
  "outcome"   text,
  "job_id"    uuid,
  "cost"      numeric,
  "charged"   numeric,
  "returned"  numeric,
  "owed"      numeric,
  "absorbed"  numeric,
  "available" numeric,
  "reserved"  numeric
);

alter type "public"."usage_settlement" owner to "postgres";

create or replace function credits_private.add_plan_batch (
  p_invoice    public.subscription_invoices,
  p_kind       text,
  p_amount     numeric,
  p_key        text,
  p_due_at     timestamp with time zone,
  p_expires_at timestamp with time zone
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."add_plan_batch"(public.subscription_invoices, text, numeric, text, timestamp
  with time zone, timestamp with time zone) owner to "postgres";

create or replace function credits_private.admit_job (
  p_result          public.admission_result,
  p_user_id         uuid,
  p_job_type        text,
  p_resource_id     uuid,
  p_request         jsonb,
  p_idempotency_key text,
  p_price_action    text,
  p_units           integer,
  p_usage           jsonb                   default null::jsonb
)
  returns public.admission_result
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_price record;
  v_job_id uuid := credits_private.uuid_v7();
  v_now timestamptz := credits_private.clock();
  v_reservation public.reservation_result;
begin
  if p_usage is null then
    v_price := credits_private.price_of(p_price_action, p_units);
    if not v_price.offered then -- rule: offered
      p_result.outcome := 'not_offered';
      return p_result;
    end if;
  end if;
  perform credits_private.lock_account(p_user_id);
  p_result := credits_private.check_unpaid_work(p_result, p_user_id);
  if p_result.outcome is not null then
    return p_result;
  end if;
  if p_usage is null then
    v_reservation := public.reserve_credits(
      p_user_id, v_job_id, v_price.cost, p_job_type, initcap(p_job_type), v_price.details
    );
  else
    v_reservation := public.reserve_metered(p_user_id, v_job_id, p_price_action, p_usage, p_job_type, initcap(p_job_type));
  end if;
  p_result.cost := coalesce(v_reservation.amount, v_reservation.required);
  if v_reservation.outcome <> 'reserved' then -- rule: paid-before-admitted
    p_result.outcome := replace(v_reservation.outcome, 'no_rate', 'not_offered');
    p_result.required := v_reservation.required;
    return p_result;
  end if;

  insert into public.generation_jobs (
    id, user_id, job_type, resource_id, units_total, idempotency_key, request_digest, cost, next_attempt_at, created_at
  )
  values (
    v_job_id, p_user_id, p_job_type, p_resource_id, p_units, p_idempotency_key,
    case when p_idempotency_key is not null then credits_private.digest_of(p_job_type, p_request) end,
    p_result.cost, v_now, v_now
  );
  p_result.outcome := 'accepted';
  p_result.resource_id := p_resource_id;
  p_result.job_id := v_job_id;
  p_result.status := 'queued';
  return p_result;
end;
$function$;

alter function
  "credits_private"."admit_job"(public.admission_result, uuid, text, uuid, jsonb, text, text, integer, jsonb)
  owner to "postgres";

create or replace function credits_private.apply_customer_deleted (
  p_customer jsonb
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_user_id uuid;
begin
  update public.stripe_customers
  set erase_at = coalesce(erase_at, credits_private.clock()), erased_at = credits_private.clock()
  where customer_id = p_customer ->> 'id' -- rule: deleted-customer
  returning user_id into v_user_id;
  return (case when v_user_id is null then 'ignored' else 'applied' end, null, null, v_user_id)::credits_private.event_effect;
end;
$function$;

alter function "credits_private"."apply_customer_deleted"(jsonb) owner to "postgres";

create or replace function credits_private.apply_event (
  p_event jsonb
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

create or replace function credits_private.apply_invoice_event (
  p_event jsonb
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
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
  if v_invoice.status = 'paid' -- rule: only-paid-grants
    and v_invoice.decision is null then
    perform credits_private.decide_invoice(v_invoice, v_object, v_line);
    perform credits_private.grant_due(v_invoice.id); -- rule: paid-grants-now
  end if;
  perform credits_private.settle_payments(v_invoice.id);
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$function$;

alter function "credits_private"."apply_invoice_event"(jsonb) owner to "postgres";

create or replace function credits_private.apply_invoice_payment (
  p_event jsonb
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."apply_invoice_payment"(jsonb) owner to "postgres";

create or replace function credits_private.apply_money_back (
  p_type   text,
  p_object jsonb,
  p_at     timestamp with time zone
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

create or replace function credits_private.apply_reversals (
  p_purchase_id uuid
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

create or replace function credits_private.apply_subscription_event (
  p_event jsonb
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."apply_subscription_event"(jsonb) owner to "postgres";

create or replace function credits_private.batches_of (
  p_user_id   uuid,
  p_reference text
)
  returns bigint[]
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  return array(
    select b.id
    from public.user_credits b
    where b.user_id = p_user_id
      and (
        b.grant_key = p_reference
        or b.grant_key ^@ (p_reference || ':reinstated:') -- rule: reinstated-batch-too
      )
  );
end;
$function$;

alter function "credits_private"."batches_of"(uuid, text) owner to "postgres";

create or replace function credits_private.charge_begun_work (
  p_job public.generation_jobs
)
  returns boolean
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_settlement public.settlement_result;
begin
  if p_job.status <> 'generating'
    or (select cancelled_work from credits_private.work_policy where only_row) <> 'charged' then -- rule: cancelled-counted
    return false;
  end if;
  v_settlement := credits_private.settle_job(p_job);
  if v_settlement.outcome not in ('confirmed', 'confirmed_late') then
    return false;
  end if;
  perform credits_private.end_attempt(p_job, 'cancelled', v_settlement.charged);
  return true;
end;
$function$;

create or replace function credits_private.charge_job (
  p_job    public.generation_jobs,
  p_amount numeric
)
  returns numeric
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_settlement public.settlement_result := credits_private.settle_job(p_job, p_amount);
begin
  -- An operator may have confirmed it by hand: what was charged must then be delivered, and is not charged again.
  if v_settlement.outcome in ('confirmed', 'confirmed_late', 'already_confirmed') then -- rule: charged-by-hand-delivers
    perform credits_private.end_attempt(p_job, 'delivered', v_settlement.charged);
    return v_settlement.charged;
  end if;
  perform credits_private.give_up_job(p_job, 'failed', 'reservation_expired', null);
  return null;
end;
$function$;

create or replace function credits_private.check_key (
  p_argument text,
  p_key      text
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
begin
  if p_key ~ '^(purchase|sub|job|usage|erased):|^signup_bonus$' then -- rule: keys-apart
    perform credits_private.refuse_argument(p_argument, 'must not begin as the system''s own keys do');
  end if;
end;
$function$;

create or replace function credits_private.check_rate (
  p_rate jsonb
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
begin
  if jsonb_typeof(p_rate) is distinct from 'object'
    or p_rate - array['meter', 'unit', 'price', 'per', 'minimum', 'match', 'priority'] <> '{}' then -- rule: rate-fields
    perform credits_private.refuse_argument('p_rates', 'must be objects of meter, unit, price, per, minimum, match and priority');
  elsif jsonb_typeof(p_rate -> 'price') is distinct from 'number' then
    perform credits_private.refuse_argument('p_rates', 'must have a price each, which is a number; free is 0');
  elsif (p_rate ->> 'price')::numeric <> round((p_rate ->> 'price')::numeric, 12) then -- rule: price-exact
    perform credits_private.refuse_argument('p_rates', 'must have prices of at most twelve decimal places');
  elsif coalesce((p_rate ->> 'minimum')::numeric <> round((p_rate ->> 'minimum')::numeric, 2), false) then
    perform credits_private.refuse_argument('p_rates', 'must have minimums of at most two decimal places');
  elsif jsonb_typeof(coalesce(p_rate -> 'match', '{}')) <> 'object'
    or exists (
      select from jsonb_each(coalesce(p_rate -> 'match', '{}')) m
      where jsonb_typeof(m.value) <> 'string' or m.key !~ '^[a-z][a-z0-9_]{0,39}$'
    ) then
    perform credits_private.refuse_argument('p_rates', 'must match by an object of texts');
  end if;
end;
$function$;

alter function "credits_private"."check_rate"(jsonb) owner to "postgres";

create or replace function credits_private.choose_live (
  p_user_id uuid
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
begin
  -- The one that is in use stays; when it is over, the oldest other one takes its place.
  if not exists (select from public.subscriptions where user_id = p_user_id and is_live and not is_spare) then
    update public.subscriptions
    set is_spare = false
    where id = (
      select id from public.subscriptions
      where user_id = p_user_id and is_live
      order by created_at, id
      limit 1
    );
  end if;
end;
$function$;

alter function "credits_private"."choose_live"(uuid) owner to "postgres";

create or replace function credits_private.cost_by (
  p_action  text,
  p_version integer,
  p_usage   jsonb
)
  returns public.cost_estimate
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_estimate public.cost_estimate;
  v_read integer;
begin
  v_estimate.action := p_action;
  v_estimate.version := p_version;
  select
    count(*), string_agg(l.meter, ', ' order by l.line) filter (where l.unit_price is null),
    round(ceil(sum(l.cost) * 100) * 0.01, 2) -- rule: rounded-once-up
  into v_read, v_estimate.message, v_estimate.cost
  from credits_private.priced_lines(p_action, p_version, p_usage) l;
  if v_read = 0 or v_read < jsonb_array_length(p_usage) then -- rule: all-lines-read
    v_estimate.outcome := 'invalid';
  elsif v_estimate.message is not null then -- rule: unknown-refused
    v_estimate.outcome := 'no_rate';
  else
    v_estimate.outcome := 'ok';
  end if;
  if v_estimate.outcome <> 'ok' then
    v_estimate.cost := null;
  end if;
  return v_estimate;
end;
$function$;

alter function "credits_private"."cost_by"(text, integer, jsonb) owner to "postgres";

create or replace function credits_private.cover_usage (
  p_hold      public.credit_usage_logs,
  p_over_hold text,
  p_cost      numeric
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_account public.credit_accounts;
  v_extra numeric := p_cost - p_hold.reserved_amount;
  v_own numeric;
begin
  if v_extra <= 0
    or p_over_hold = 'cap' -- rule: cap-takes-nothing
    or p_hold.status = 'confirmed' or (p_hold.status = 'refunded' and p_hold.settle_reason is distinct from 'expired') then
    return;
  end if;
  select * into strict v_account from public.credit_accounts where user_id = p_hold.user_id;
  v_account := credits_private.without_expired(v_account);
  -- What was swept takes its own part first.
  v_own := case p_hold.status when 'reserved' then 0 else p_hold.reserved_amount end; -- rule: own-part-first
  v_account := credits_private.with_due_grants(v_account, v_own + v_extra); -- rule: due-before-absorbed
  v_extra := least(v_extra, v_account.available - v_own);
  if v_extra > 0 and v_account.erased_at is null then
    perform credits_private.grow_hold(v_account, p_hold, v_extra, 'usage');
  end if;
end;
$function$;

alter function "credits_private"."cover_usage"(public.credit_usage_logs, text, numeric) owner to "postgres";

create or replace function credits_private.current_card (
  p_action text
)
  returns public.rate_cards
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_card public.rate_cards;
begin
  select * into v_card
  from public.rate_cards
  where action = p_action
    and valid_from <= credits_private.clock() -- rule: card-valid
  order by valid_from desc, version desc -- rule: card-newest
  limit 1;
  return v_card;
end;
$function$;

alter function "credits_private"."current_card"(text) owner to "postgres";

create or replace function credits_private.customer_user (
  p_customer_id text
)
  returns uuid
  language sql
  stable
  set search_path to ''
RETURN (select c.user_id from public.stripe_customers c where (c.customer_id = customer_user.p_customer_id));

alter function "credits_private"."customer_user"(text) owner to "postgres";

create or replace function credits_private.decide_invoice (
  p_invoice public.subscription_invoices,
  p_said    jsonb,
  p_line    jsonb
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."decide_invoice"(public.subscription_invoices, jsonb, jsonb) owner to
  "postgres";

create or replace function credits_private.decision_of (
  p_invoice public.subscription_invoices,
  p_said    jsonb,
  p_line    jsonb
)
  returns text
  language plpgsql
  stable
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."decision_of"(public.subscription_invoices, jsonb, jsonb) owner to "postgres";

create or replace function credits_private.end_batches (
  p_invoice public.subscription_invoices,
  p_cap     numeric
)
  returns credits_private.rollover[]
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."end_batches"(public.subscription_invoices, numeric) owner to "postgres";

create or replace function credits_private.enjoyed_credits (
  p_invoice public.subscription_invoices
)
  returns numeric
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  return p_invoice.granted - p_invoice.taken_credits - coalesce((
    select sum(l.amount)
    from credits_private.ledger_effects l
    join public.plan_grants g on g.user_id = l.user_id and g.batch_id = l.batch_id
    where l.user_id = p_invoice.user_id and g.invoice_id = p_invoice.id and l.kind = 'expire' -- rule: expired-is-gone
  ), 0) + coalesce((
    select sum(g.amount) from public.plan_grants g where g.invoice_id = p_invoice.id and g.kind = 'rollover' -- rule: rolled-over-is-not
  ), 0);
end;
$function$;

alter function "credits_private"."enjoyed_credits"(public.subscription_invoices) owner to "postgres";

create or replace function credits_private.erase_credits (
  p_user_id uuid
)
  returns text[]
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_job_id uuid;
begin
  perform credits_private.ensure_account(p_user_id);
  for v_job_id in
    select job_id from public.credit_usage_logs where user_id = p_user_id and settled_at is null order by job_id
  loop
    perform credits_private.release_hold(p_user_id, v_job_id, 'erased');
  end loop;
  update public.credit_usage_logs
  set
    metadata = '{}', description = null, -- rule: words-erased
    settle_reason = case when settle_reason ~ '^[a-z][a-z_]*$' then settle_reason end
  where user_id = p_user_id;
  -- A key is an operator's own text; a purchase's or a plan's is made by machine, and a late refund still finds its batch by it.
  update public.user_credits
  set
    description = null,
    grant_key = case when source in ('purchase', 'signup_bonus', 'plan') then grant_key else 'erased:' || id end -- rule: keys-erased
  where user_id = p_user_id;
  update public.credit_refunds set reason = 'erased', refund_key = 'erased:' || id where user_id = p_user_id;
  update public.credit_revocations set reason = 'erased', revocation_key = 'erased:' || id where user_id = p_user_id;
  return null;
end;
$function$;

create or replace function credits_private.erase_plans (
  p_user_id uuid
)
  returns text[]
  language plpgsql
  set search_path to ''
  AS $function$
begin
  delete from public.subscription_checkouts where user_id = p_user_id;
  update public.subscription_invoices set next_grant_at = null where user_id = p_user_id; -- rule: erased-drips-nothing
  -- They end with the customer, whose deletion at Stripe another step orders.
  return (
    select array_agg('stripe:' || l.id order by l.id)
    from (
      select id from public.subscriptions where user_id = p_user_id
      union all select id from public.subscription_invoices where user_id = p_user_id
    ) l
  );
end;
$function$;

alter function "credits_private"."erase_plans"(uuid) owner to "postgres";

create or replace function credits_private.foreseen_book_refusal (
  p_prompt   text,
  p_language text
)
  returns text
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
declare
  v_letter text := credits_private.unset_letter(p_prompt);
begin
  return case
    when v_letter is not null then format('No book can show the letter “%s”', v_letter)
    -- Languages of ISO 639-1, old codes too, that are written in other scripts than Latin, Greek and Cyrillic: a story in
    -- Thai may have been asked for in English.
    when p_language = any (
      -- rule: foreseen-script
      '{am,ar,as,bh,bn,bo,cr,dv,dz,fa,gu,he,hi,hy,ii,iu,iw,ja,ji,ka,km,kn,ko,ks,lo,ml,mr,my,ne,or,pa,pi,ps,sa,sd,si,ta,te,th,ti,ug,ur,yi,zh}'
    )
      then 'No book can be set in the script of this language'
  end;
end;
$function$;

create or replace function credits_private.grant_due (
  p_invoice_id text
)
  returns boolean
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_now timestamptz := credits_private.clock();
  v_invoice public.subscription_invoices;
  v_next public.subscription_invoices;
  v_status text;
  v_nth integer;
  v_due_at timestamptz;
  v_amount numeric;
begin
  select * into v_invoice from public.subscription_invoices where id = p_invoice_id and next_grant_at <= v_now;
  if not found then
    return false;
  end if;
  -- The first one comes when it is paid, whatever the two clocks say.
  v_nth := coalesce((
    select max(n) from generate_series(1, v_invoice.grants - 1) n where credits_private.plan_due(v_invoice, n) <= v_now
  ), 0);
  select status into v_status from public.subscriptions where id = v_invoice.subscription_id;
  if v_nth > 0 and v_status in ('canceled', 'incomplete_expired') then -- rule: over-drips-nothing
    update public.subscription_invoices set next_grant_at = null where id = v_invoice.id;
    return false;
  elsif v_nth > 0 and v_status not in ('active', 'trialing') then -- rule: drips-in-good-standing
    return false;
  end if;
  update public.subscription_invoices
  set next_grant_at = case when v_nth + 1 < grants then credits_private.plan_due(v_invoice, v_nth + 1) end
  where id = v_invoice.id;
  v_amount := least(
    v_invoice.grant_size - case v_nth when 0 then v_invoice.deducted else 0 end,
    credits_private.paid_credits(v_invoice) - v_invoice.reversed_credits - v_invoice.granted -- rule: future-drips-first
  );
  v_due_at := case v_nth when 0 then v_invoice.period_start else credits_private.plan_due(v_invoice, v_nth) end;
  if v_now >= credits_private.plan_due(v_invoice, v_nth + 1) -- rule: while-it-lasts
    or v_amount <= 0
    or exists (
      select from public.plan_grants
      where subscription_id = v_invoice.subscription_id and due_at = v_due_at and kind <> 'late' -- rule: due-once
    ) then
    return false;
  end if;
  select * into v_next
  from public.subscription_invoices
  where subscription_id = v_invoice.subscription_id and grants > 0 and period_start > v_invoice.period_start -- rule: successor
  order by period_start
  limit 1;
  if found then
    update public.subscription_invoices set next_grant_at = null where id = v_invoice.id;
    if v_invoice.granted = 0 then
      perform credits_private.land_late(v_invoice, v_next, v_amount);
    end if;
    return false;
  end if;
  perform credits_private.land_grant(v_invoice, v_due_at, credits_private.plan_due(v_invoice, v_nth + 1), v_amount);
  return true;
end;
$function$;

alter function "credits_private"."grant_due"(text) owner to "postgres";

create or replace function credits_private.grant_due_plans (
  p_user_id uuid
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
begin
  if exists (
    select from public.subscription_invoices where user_id = p_user_id and next_grant_at <= credits_private.clock()
  ) and credits_private.lock_user(p_user_id) then
    perform credits_private.grant_due(i.id)
    from public.subscription_invoices i
    where i.user_id = p_user_id and i.next_grant_at <= credits_private.clock();
  end if;
end;
$function$;

alter function "credits_private"."grant_due_plans"(uuid) owner to "postgres";

create or replace function credits_private.grow_hold (
  p_account   public.credit_accounts,
  p_hold      public.credit_usage_logs,
  p_amount    numeric,
  p_reference text
)
  returns public.credit_accounts
  language plpgsql
  set search_path to ''
  AS $function$
begin
  if p_hold.status = 'reserved' then
    if p_hold.reserved_amount = 0 then
      p_hold.first_entry := p_account.last_entry + 1;
    end if;
    p_account := credits_private.take_from_batches(p_account, 'reserve', p_amount, p_hold.job_id, p_reference);
    p_hold.last_entry := p_account.last_entry;
  end if;
  update public.credit_usage_logs
  set
    reserved_amount = reserved_amount + p_amount, credits_used = credits_used + p_amount,
    added_amount = added_amount + p_amount, first_entry = p_hold.first_entry, last_entry = p_hold.last_entry
  where user_id = p_hold.user_id and job_id = p_hold.job_id;
  return p_account;
end;
$function$;

alter function "credits_private"."grow_hold"(public.credit_accounts, public.credit_usage_logs, numeric, text)
  owner to "postgres";

create or replace function credits_private.hold_credits (
  p_user_id     uuid,
  p_job_id      uuid,
  p_amount      numeric,
  p_job_type    text,
  p_description text,
  p_metadata    jsonb,
  p_ttl         interval
)
  returns public.reservation_result
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_account public.credit_accounts;
  v_reservation public.credit_usage_logs;
  v_first_entry bigint;
  v_now timestamptz;
begin
  -- Lock. Without an account there is nothing to lock: a first grant may open it at this very moment.
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  if not found then
    return row('insufficient_credits', null, null, null, p_amount, null, null, null)::public.reservation_result;
  end if;

  -- Look.
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if found then -- rule: reserved-once
    return row(
      case
        when v_reservation.reserved_amount - v_reservation.added_amount <> p_amount then 'different_amount' -- rule: same-amount
        else 'already_reserved'
      end,
      p_job_id, v_reservation.status, v_reservation.reserved_amount, null,
      v_account.available, v_account.reserved, v_reservation.expires_at
    )::public.reservation_result;
  end if;

  -- Decide.
  v_account := credits_private.without_expired(v_account); -- rule: expired-before-taken
  v_account := credits_private.with_due_grants(v_account, p_amount);
  if v_account.available < p_amount -- rule: enough-available
    or v_account.erased_at is not null then -- rule: erased-spend-nothing
    return row('insufficient_credits', null, null, null, p_amount, v_account.available, v_account.reserved, null)
      ::public.reservation_result;
  end if;

  -- Post.
  v_first_entry := v_account.last_entry + 1;
  if p_amount > 0 then
    v_account := credits_private.take_from_batches(v_account, 'reserve', p_amount, p_job_id);
  end if;
  v_now := credits_private.clock();
  insert into public.credit_usage_logs (
    user_id, job_id, job_type, reserved_amount, credits_used, status, description, metadata,
    first_entry, last_entry, expires_at, created_at
  )
  values (
    p_user_id, p_job_id, p_job_type, p_amount, p_amount, 'reserved', p_description,
    credits_private.allowed_metadata(p_metadata), -- rule: allowed-metadata
    v_first_entry, v_account.last_entry, v_now + p_ttl, v_now
  );
  return row(
    'reserved', p_job_id, 'reserved', p_amount, null, v_account.available, v_account.reserved, v_now + p_ttl
  )::public.reservation_result;
end;
$function$;

alter function "credits_private"."hold_credits"(uuid, uuid, numeric, text, text, jsonb, interval) owner to
  "postgres";

create or replace function credits_private.invoice_rank (
  p_status text
)
  returns integer
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
begin
  return coalesce(array_position(array['draft', 'open', 'uncollectible', 'void', 'paid'], p_status), 0); -- rule: invoices-move-on
end;
$function$;

alter function "credits_private"."invoice_rank"(text) owner to "postgres";

create or replace function credits_private.keep_usage (
  p_job   public.metered_jobs,
  p_usage jsonb
)
  returns numeric
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_cost numeric;
begin
  with said as (
    select * from credits_private.priced_lines(p_job.action, p_job.version, p_usage)
  ), unsaid as (
    select * from credits_private.priced_lines(
      p_job.action, p_job.version,
      (
        select jsonb_agg(c.value)
        from jsonb_array_elements(p_job.ceiling) c
        where not exists (select from said s where s.meter = c.value ->> 'meter' and s.unit_price is not null) -- rule: unsaid-as-estimated
      )
    )
  ), kept as (
    insert into public.usage_lines (user_id, job_id, line, meter, unit, quantity, matched, unit_price, per, cost, estimated)
    select p_job.user_id, p_job.job_id, row_number() over (), u.meter, u.unit, u.quantity, u.matched, u.unit_price, u.per, u.cost, u.estimated
    from (select *, false as estimated from said union all select *, true from unsaid) u
    returning usage_lines.cost
  )
  select round(ceil(coalesce(sum(k.cost), 0) * 100) * 0.01, 2) into v_cost from kept k; -- rule: settled-rounded-once
  return v_cost;
end;
$function$;

alter function "credits_private"."keep_usage"(public.metered_jobs, jsonb) owner to "postgres";

create or replace function credits_private.keep_version (
  p_subscription_id text,
  p_price_id        text
)
  returns public.plan_versions
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_version public.plan_versions;
begin
  insert into public.subscription_versions (subscription_id, stripe_price_id, version_id)
  select p_subscription_id, r.stripe_price_id, r.version_id
  from public.plan_prices r
  where r.stripe_price_id = p_price_id
  on conflict do nothing;
  select v.* into v_version
  from public.subscription_versions s
  join public.plan_versions v on v.id = s.version_id
  where s.subscription_id = p_subscription_id and s.stripe_price_id = p_price_id;
  return v_version;
end;
$function$;

alter function "credits_private"."keep_version"(text, text) owner to "postgres";

create or replace function credits_private.land_grant (
  p_invoice public.subscription_invoices,
  p_due_at  timestamp with time zone,
  p_ends_at timestamp with time zone,
  p_amount  numeric
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."land_grant"(public.subscription_invoices, timestamp
  with time zone, timestamp with time zone, numeric) owner to "postgres";

create or replace function credits_private.land_late (
  p_invoice public.subscription_invoices,
  p_next    public.subscription_invoices,
  p_amount  numeric
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function
  "credits_private"."land_late"(public.subscription_invoices, public.subscription_invoices, numeric) owner to
  "postgres";

create or replace function credits_private.link_payment (
  p_payment_intent_id text,
  p_invoice_id        text,
  p_amount_cents      bigint
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
begin
  perform credits_private.lock_payment(p_payment_intent_id);
  insert into public.subscription_payments as p (payment_intent_id, invoice_id, amount_cents)
  values (p_payment_intent_id, p_invoice_id, p_amount_cents)
  on conflict (payment_intent_id) do update
  set amount_cents = excluded.amount_cents
  where p.amount_cents is null and excluded.amount_cents is not null;
end;
$function$;

alter function "credits_private"."link_payment"(text, text, bigint) owner to "postgres";

create or replace function credits_private.matchable (
  p_line jsonb
)
  returns jsonb
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
begin
  return coalesce(
    (
      select jsonb_object_agg(l.key, l.value)
      from jsonb_each(p_line) l
      where jsonb_typeof(l.value) = 'string' and l.key ~ '^[a-z][a-z0-9_]{0,39}$'
        and l.value #>> '{}' ~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$' -- rule: names-only
    ),
    '{}'
  );
end;
$function$;

alter function "credits_private"."matchable"(jsonb) owner to "postgres";

create or replace function credits_private.owe_usage (
  p_account public.credit_accounts,
  p_job_id  uuid,
  p_amount  numeric
)
  returns numeric
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_key text := 'usage:' || p_job_id;
  v_owed numeric := least(
    p_amount,
    greatest((select s.debt_ceiling from credits_private.metering_settings s where s.only_row) - p_account.debt, 0) -- rule: debt-ceiling
  );
begin
  if v_owed > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (p_account.user_id, v_key, v_owed, v_owed, 'usage', credits_private.clock());
    insert into public.credit_debts (user_id, reference, original_amount, remaining_amount, created_at)
    values (p_account.user_id, v_key, v_owed, v_owed, credits_private.clock());
    perform credits_private.post_entry(p_account.user_id, 'debt', v_owed, null, p_job_id, v_key);
  end if;
  return v_owed;
end;
$function$;

alter function "credits_private"."owe_usage"(public.credit_accounts, uuid, numeric) owner to "postgres";

create or replace function credits_private.paid_credits (
  p_invoice public.subscription_invoices
)
  returns numeric
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
begin
  return p_invoice.grant_size * p_invoice.grants - p_invoice.deducted;
end;
$function$;

alter function "credits_private"."paid_credits"(public.subscription_invoices) owner to "postgres";

create or replace function credits_private.plan_due (
  p_invoice public.subscription_invoices,
  p_nth     integer
)
  returns timestamp with time zone
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_start timestamp := p_invoice.period_start at time zone 'UTC';
  v_anchor timestamp;
  v_months integer;
begin
  if p_nth >= p_invoice.grants then
    return p_invoice.period_end;
  end if;
  select s.anchor at time zone 'UTC' into v_anchor from public.subscriptions s where s.id = p_invoice.subscription_id;
  v_months := (extract(year from v_start) - extract(year from v_anchor)) * 12
    + extract(month from v_start) - extract(month from v_anchor);
  -- The subscription may not be known yet, or have another anchor by now.
  if v_anchor is null or v_anchor + make_interval(months => v_months) <> v_start then
    v_anchor := v_start;
    v_months := 0;
  end if;
  return (v_anchor + make_interval(months => v_months + p_nth)) at time zone 'UTC'; -- rule: from-the-anchor
end;
$function$;

alter function "credits_private"."plan_due"(public.subscription_invoices, integer) owner to "postgres";

create or replace function credits_private.plan_key (
  p_subscription_id text,
  p_at              timestamp with time zone
)
  returns text
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
begin
  return 'sub:' || p_subscription_id || ':' || trunc(extract(epoch from p_at));
end;
$function$;

alter function "credits_private"."plan_key"(text, timestamp with time zone) owner to "postgres";

create or replace function credits_private.plan_line (
  p_invoice jsonb
)
  returns jsonb
  language plpgsql
  stable
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."plan_line"(jsonb) owner to "postgres";

create or replace function credits_private.priced_lines (
  p_action  text,
  p_version integer,
  p_usage   jsonb
)
  returns table (
    line       bigint,
    meter      text,
    unit       text,
    quantity   numeric,
    matched    jsonb,
    unit_price numeric,
    per        integer,
    cost       numeric
  )
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  if (jsonb_typeof(p_usage) = 'array') is not true or jsonb_array_length(p_usage) > 100 then
    return;
  end if;
  return query
  select
    u.line, u.value ->> 'meter', r.unit, q.quantity, d.matched, r.price::numeric, r.per,
    -- By the reciprocal: a division would round.
    case
      when r.price is null or q.quantity = 0 then 0 -- rule: zero-costs-nothing
      else greatest(
        q.quantity * r.price * case r.per when 1000000 then 0.000001 when 1000 then 0.001 else 1 end,
        r.minimum -- rule: minimum
      )
    end
  from jsonb_array_elements(p_usage) with ordinality u (value, line)
  cross join lateral (
    select case when jsonb_typeof(u.value -> 'quantity') = 'number' then (u.value ->> 'quantity')::numeric end -- rule: missing-is-not-zero
  ) q (quantity)
  cross join lateral (
    select case
      when jsonb_typeof(u.value) <> 'object' then '{}'
      when u.value - array['meter', 'quantity'] = '{}' then '{}'
      else credits_private.matchable(u.value - array['meter', 'quantity'])
    end
  ) d (matched)
  left join lateral (
    select * from public.rates c
    where c.action = p_action and c.version = p_version and c.meter = u.value ->> 'meter'
      and d.matched @> c.match -- rule: rate-fits
    order by c.keys desc, c.priority desc -- rule: most-keys-win
    limit 1
  ) r on true
  where q.quantity between 0 and 1000000000000000 and q.quantity = round(q.quantity, 6) -- rule: quantity-can-be
    and jsonb_typeof(u.value -> 'meter') = 'string'
    and (r.price is not null or u.value ->> 'meter' ~ '^[a-z][a-z0-9_]{0,39}$');
end;
$function$;

alter function "credits_private"."priced_lines"(text, integer, jsonb) owner to "postgres";

create or replace function credits_private.probe_absorbed_usage()
  returns credits_private.finding
  language sql
  set search_path to ''
  AS $function$
  select credits_private.finding(
    count(*) filter (where m.absorbed > 0), min(m.created_at) filter (where m.absorbed > 0),
    coalesce(sum(m.absorbed) > 0.05 * sum(m.cost), false), false -- rule: mostly-absorbed
  )
  from public.metered_jobs m
  where m.created_at > credits_private.clock() - interval '1 day';
$function$;

alter function "credits_private"."probe_absorbed_usage"() owner to "postgres";

create or replace function credits_private.probe_plans()
  returns credits_private.finding
  language sql
  set search_path to ''
  AS $function$
  select credits_private.finding(
    count(*), min(d.since), count(*) > 0,
    coalesce(bool_or(d.problem = 'paid_not_granted'), false) -- rule: plans-alarm
  )
  from (select * from public.plan_differences() limit 1000) d;
$function$;

alter function "credits_private"."probe_plans"() owner to "postgres";

create or replace function credits_private.probe_unpriced_usage()
  returns credits_private.finding
  language sql
  set search_path to ''
  AS $function$
  select credits_private.finding(count(*), min(m.created_at), count(*) > 0, false)
  from public.metered_jobs m
  join public.usage_lines l on l.user_id = m.user_id and l.job_id = m.job_id
  where m.created_at > credits_private.clock() - interval '1 day' and l.unit_price is null; -- rule: unpriced
$function$;

alter function "credits_private"."probe_unpriced_usage"() owner to "postgres";

create or replace function credits_private.record_invoice (
  p_invoice jsonb,
  p_user_id uuid,
  p_line    jsonb,
  p_at      timestamp with time zone
)
  returns public.subscription_invoices
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."record_invoice"(jsonb, uuid, jsonb, timestamp
  with time zone) owner to "postgres";

create or replace function credits_private.record_subscription (
  p_said public.subscriptions
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_known public.subscriptions;
begin
  select * into v_known from public.subscriptions where id = p_said.id;
  if not found then
    -- As a spare first, whatever else there is.
    insert into public.subscriptions (
      id, user_id, customer_id, stripe_price_id, quantity, status, is_spare, anchor, period_start, period_end, cancel_at,
      trial_end, created_at, said_at
    )
    values (
      p_said.id, p_said.user_id, p_said.customer_id, p_said.stripe_price_id, p_said.quantity, p_said.status, true,
      p_said.anchor, p_said.period_start, p_said.period_end, p_said.cancel_at, p_said.trial_end, p_said.created_at, p_said.said_at
    );
  elsif credits_private.subscription_rank(v_known.status) < 7 -- rule: over-stays-over
    and (
      credits_private.subscription_rank(p_said.status) >= 7
      -- What is said within one second is told apart by what it says, so that its order does not matter.
      or (p_said.said_at, credits_private.subscription_rank(p_said.status), p_said.period_end, p_said.quantity,
        coalesce(p_said.cancel_at, 'infinity'), p_said.stripe_price_id)
        > (v_known.said_at, credits_private.subscription_rank(v_known.status), v_known.period_end, v_known.quantity,
          coalesce(v_known.cancel_at, 'infinity'), v_known.stripe_price_id)
    ) then
    update public.subscriptions
    set
      -- One that comes back to life must not be the second live one.
      is_spare = is_spare or not is_live,
      stripe_price_id = p_said.stripe_price_id, quantity = p_said.quantity, status = p_said.status, anchor = p_said.anchor,
      period_start = p_said.period_start, period_end = p_said.period_end, cancel_at = p_said.cancel_at,
      trial_end = p_said.trial_end, said_at = p_said.said_at
    where id = p_said.id;
  end if;
  perform credits_private.choose_live(p_said.user_id); -- rule: one-live
end;
$function$;

alter function "credits_private"."record_subscription"(public.subscriptions) owner to "postgres";

create or replace function credits_private.reinstate_credits (
  p_user_id     uuid,
  p_reference   text,
  p_amount      numeric,
  p_source      text,
  p_count       integer,
  p_description text
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
declare
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
    where user_id = p_user_id and reference = p_reference and remaining_amount > 0
    order by id
  loop
    exit when v_left = 0; -- rule: forgives-first
    v_part := least(v_left, v_debt.remaining_amount);
    update public.credit_debts
    set remaining_amount = remaining_amount - v_part
    where user_id = p_user_id and id = v_debt.id;
    perform credits_private.post_entry(p_user_id, 'forgive', v_part, null, null, p_reference);
    v_left := v_left - v_part;
  end loop;
  -- What later credits paid of the debt, the rest, has no batch of its own that it could go back to.
  for v_taken in
    select t.expires_at, sum(t.amount) as amount, false as is_rest
    from (
      select b.expires_at, l.amount
      from credits_private.ledger_effects l
      join public.user_credits b on b.user_id = l.user_id and b.id = l.batch_id
      where l.user_id = p_user_id and l.kind = 'revoke' and l.reference = p_reference
      union all
      select g.expires_at, -g.original_amount
      from public.user_credits g
      where g.user_id = p_user_id and g.grant_key ^@ (p_reference || ':reinstated:')
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
      p_user_id, v_part, p_source,
      concat_ws(':', p_reference, 'reinstated', p_count, v_number),
      case when v_taken.expires_at is not null then greatest(v_taken.expires_at, v_soonest) end, -- rule: same-expiry
      p_description
    );
    v_left := v_left - v_part;
  end loop;
end;
$function$;

alter function "credits_private"."reinstate_credits"(uuid, text, numeric, text, integer, text) owner to
  "postgres";

create or replace function credits_private.release_hold (
  p_user_id uuid,
  p_job_id  uuid,
  p_reason  text
)
  returns public.settlement_result
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_reservation public.credit_usage_logs;
  v_account public.credit_accounts;
begin
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    -- rule: own-release
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  elsif v_reservation.status <> 'reserved' then
    -- A release after the sweep is final: no late confirm may charge a job that its owner gave up.
    if v_reservation.settle_reason = 'expired' and p_reason <> 'expired' then -- rule: given-up-after-sweep
      update public.credit_usage_logs
      set settle_reason = p_reason
      where user_id = p_user_id
        and job_id = p_job_id; -- rule: gives-up-one
    end if;
    return credits_private.settled_before(v_reservation);
  end if;

  update public.credit_usage_logs
  set status = 'refunded', settled_at = credits_private.clock(), settle_reason = p_reason
  where user_id = p_user_id and job_id = p_job_id;
  if v_reservation.reserved_amount > 0 then
    v_account := credits_private.return_to_batches(v_reservation, v_reservation.reserved_amount);
  else
    v_account := credits_private.lock_account(p_user_id);
  end if;
  return row('released', p_job_id, 0, v_reservation.reserved_amount, v_account.available, v_account.reserved)
    ::public.settlement_result;
end;
$function$;

create or replace function credits_private.return_to_batches (
  p_hold   public.credit_usage_logs,
  p_amount numeric,
  p_refund text                     default null::text
)
  returns public.credit_accounts
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_account public.credit_accounts;
  v_entry record;
  v_part numeric;
  v_left numeric := p_amount;
  v_returned_before numeric := 0;
begin
  if p_refund is not null then
    -- rule: refund-goes-on
    v_returned_before := p_hold.refunded_amount - p_hold.credits_used + (
      select sum(e.amount)
      from public.credit_ledger e
      where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
        and e.job_id = p_hold.job_id and e.kind = 'reserve'
    );
  end if;
  -- Last taken, first returned: the owner keeps the credits that live longest. The range of entries is given and not
  -- joined: a plan made on an empty table would join by the user alone and read their whole ledger.
  for v_entry in
    select e.batch_id, e.amount
    from public.credit_ledger e
    where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
      and e.job_id = p_hold.job_id and e.kind = 'reserve' -- rule: own-entries
    order by e.entry desc -- rule: last-taken-first-returned
  loop
    v_part := least(v_left, greatest(v_entry.amount - v_returned_before, 0));
    v_returned_before := greatest(v_returned_before - v_entry.amount, 0);
    continue when v_part = 0;
    v_account := credits_private.post_entry(
      p_hold.user_id, case when p_refund is null then 'release' else 'refund' end::public.ledger_kind,
      v_part, v_entry.batch_id, p_hold.job_id, p_refund
    );
    v_left := v_left - v_part;
    exit when v_left = 0;
  end loop;
  v_account := credits_private.without_expired(v_account); -- rule: returned-can-expire
  if v_account.debt > 0 then -- rule: returns-pay-debts
    v_account := credits_private.pay_debts(v_account);
  end if;
  return v_account;
end;
$function$;

create or replace function credits_private.reverse_invoice (
  p_invoice_id text
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_invoice public.subscription_invoices;
  v_reference text := 'sub:' || p_invoice_id;
  v_before numeric;
  v_allowed numeric;
  v_change numeric;
begin
  select * into strict v_invoice from public.subscription_invoices where id = p_invoice_id;
  if v_invoice.total_cents = 0 then
    return;
  end if;
  perform credits_private.expire_batches(v_invoice.user_id); -- rule: expired-before-reversed
  v_before := v_invoice.reversed_credits;
  update public.subscription_invoices i
  set
    reversed_cents = r.cents,
    reversed_credits = trunc(credits_private.paid_credits(v_invoice) * r.cents / v_invoice.total_cents, 2) -- rule: part-of-invoice
  from (select credits_private.reversed_of_invoice(v_invoice) as cents) r
  where i.id = p_invoice_id
  returning i.* into v_invoice;
  v_allowed := least(v_invoice.granted, credits_private.paid_credits(v_invoice) - v_invoice.reversed_credits);
  v_change := credits_private.enjoyed_credits(v_invoice) - v_allowed;
  if v_change < 0 and v_invoice.reversed_credits < v_before then -- rule: given-back-when-less
    v_change := greatest(v_change, -v_invoice.taken_credits); -- rule: given-back-at-most
  else
    v_change := greatest(v_change, 0);
  end if;
  if v_change = 0 then
    return;
  end if;
  update public.subscription_invoices
  set taken_credits = taken_credits + v_change, reversal_count = reversal_count + 1
  where id = p_invoice_id
  returning * into v_invoice;
  if v_change > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (
      v_invoice.user_id, v_reference || ':' || v_invoice.reversal_count, v_change,
      credits_private.revoke_own(
        v_invoice.user_id, v_reference,
        array(select g.batch_id from public.plan_grants g where g.invoice_id = p_invoice_id) -- rule: own-plan-batches-first
          || credits_private.batches_of(v_invoice.user_id, v_reference),
        v_change
      ),
      'refunded', credits_private.clock()
    );
  else
    perform credits_private.reinstate_credits(
      v_invoice.user_id, v_reference, -v_change, 'plan', v_invoice.reversal_count, null
    );
  end if;
end;
$function$;

alter function "credits_private"."reverse_invoice"(text) owner to "postgres";

create or replace function credits_private.reverse_payment (
  p_payment_intent_id text
)
  returns credits_private.event_effect
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_invoice public.subscription_invoices;
begin
  select i.* into strict v_invoice
  from public.subscription_payments p
  join public.subscription_invoices i on i.id = p.invoice_id
  where p.payment_intent_id = p_payment_intent_id;
  if credits_private.lock_user(v_invoice.user_id) then
    perform credits_private.reverse_invoice(v_invoice.id);
  else
    -- Whoever was erased has no credits that could be taken; the money is accounted for all the same.
    update public.subscription_invoices i
    set reversed_cents = credits_private.reversed_of_invoice(v_invoice) -- rule: reversal-of-nobody
    where i.id = v_invoice.id;
  end if;
  return ('applied', null, null, v_invoice.user_id)::credits_private.event_effect;
end;
$function$;

alter function "credits_private"."reverse_payment"(text) owner to "postgres";

create or replace function credits_private.reversed_cents (
  p_payment_intent_id text,
  p_currency          text,
  p_paid_cents        bigint,
  OUT                 refunded bigint,
  OUT                 disputed bigint
)
  returns record
  language plpgsql
  stable
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."reversed_cents"(text, text, bigint) owner to "postgres";

create or replace function credits_private.reversed_of_invoice (
  p_invoice public.subscription_invoices
)
  returns bigint
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  return least(p_invoice.total_cents, coalesce((
    select sum(r.refunded + r.disputed)
    from public.subscription_payments p
    cross join lateral credits_private.reversed_cents(
      p.payment_intent_id, p_invoice.currency, coalesce(p.amount_cents, p_invoice.total_cents)
    ) r
    where p.invoice_id = p_invoice.id -- rule: payments-of-invoice
  ), 0));
end;
$function$;

alter function "credits_private"."reversed_of_invoice"(public.subscription_invoices) owner to "postgres";

create or replace function credits_private.revoke_own (
  p_user_id   uuid,
  p_reference text,
  p_batches   bigint[],
  p_amount    numeric
)
  returns numeric
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  perform credits_private.expire_batches(p_user_id);
  for v_batch in
    select b.id, b.remaining_amount
    from public.user_credits b
    where b.user_id = p_user_id
      and b.is_open
      and b.id = any (p_batches) -- rule: own-batch-first
    order by b.id
  loop
    v_part := least(v_left, v_batch.remaining_amount);
    perform credits_private.post_entry(p_user_id, 'revoke', v_part, v_batch.id, null, p_reference);
    v_left := v_left - v_part;
    if v_left = 0 then
      return 0;
    end if;
  end loop;
  return credits_private.revoke_credits(p_user_id, v_left, p_reference);
end;
$function$;

alter function "credits_private"."revoke_own"(uuid, text, bigint[], numeric) owner to "postgres";

create or replace function credits_private.settle_job (
  p_job    public.generation_jobs,
  p_amount numeric                default null::numeric
)
  returns public.settlement_result
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_usage public.usage_settlement;
begin
  if not exists (select from public.metered_jobs where user_id = p_job.user_id and job_id = p_job.id) then
    return public.confirm_credits(p_job.user_id, p_job.id, p_amount);
  end if;
  v_usage := public.settle_usage(p_job.user_id, p_job.id, credits_private.used_by(p_job)); -- rule: settled-by-usage
  return row(
    replace(v_usage.outcome, 'settled', 'confirmed'), p_job.id, v_usage.charged + v_usage.owed, v_usage.returned,
    v_usage.available, v_usage.reserved
  )::public.settlement_result;
end;
$function$;

alter function "credits_private"."settle_job"(public.generation_jobs, numeric) owner to "postgres";

create or replace function credits_private.settle_payments (
  p_invoice_id text
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
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
$function$;

alter function "credits_private"."settle_payments"(text) owner to "postgres";

create or replace function credits_private.settled_usage (
  p_outcome text,
  p_job     public.metered_jobs
)
  returns public.usage_settlement
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_account public.credit_accounts;
  v_reserved numeric;
begin
  select * into v_account from public.credit_accounts where user_id = p_job.user_id;
  select reserved_amount into v_reserved from public.credit_usage_logs where user_id = p_job.user_id and job_id = p_job.job_id;
  return row(
    p_outcome, p_job.job_id, p_job.cost, p_job.charged, v_reserved - p_job.charged, p_job.owed, p_job.absorbed,
    v_account.available, v_account.reserved
  )::public.usage_settlement;
end;
$function$;

alter function "credits_private"."settled_usage"(text, public.metered_jobs) owner to "postgres";

create or replace function credits_private.story_ceiling (
  p_pages integer
)
  returns jsonb
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  return (
    select jsonb_build_array(
      jsonb_strip_nulls(jsonb_build_object('meter', 'input_tokens', 'quantity', s.input_tokens, 'model', s.model)),
      jsonb_strip_nulls(jsonb_build_object('meter', 'output_tokens', 'quantity', s.output_tokens_per_page * p_pages, 'model', s.model))
    )
    from credits_private.story_settings s
    where s.only_row
      and s.priced_by = 'tokens' -- rule: story-priced-by
  );
end;
$function$;

alter function "credits_private"."story_ceiling"(integer) owner to "postgres";

create or replace function credits_private.subscription_of (
  p_user_id uuid
)
  returns jsonb
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_now timestamptz := credits_private.clock();
  v_subscription public.subscriptions;
  v_version public.plan_versions;
  v_invoice public.subscription_invoices;
begin
  select * into v_subscription
  from public.subscriptions
  where user_id = p_user_id -- rule: own-subscription
    and is_live and not is_spare;
  if not found then
    return null;
  end if;
  select v.* into strict v_version
  from public.subscription_versions s
  join public.plan_versions v on v.id = s.version_id
  where s.subscription_id = v_subscription.id and s.stripe_price_id = v_subscription.stripe_price_id;
  select * into v_invoice
  from public.subscription_invoices
  where subscription_id = v_subscription.id and next_grant_at > v_now
  order by period_start desc
  limit 1;
  return (
    select jsonb_build_object(
      'plan_id', p.id, 'plan', p.name, 'status', v_subscription.status, 'price_id', r.stripe_price_id, 'interval', r."interval",
      'period_start', v_subscription.period_start, 'period_end', v_subscription.period_end,
      'cancel_at', v_subscription.cancel_at, 'trial_end', v_subscription.trial_end,
      'next_credits_at', case
        when v_invoice.id is not null then v_invoice.next_grant_at
        when v_subscription.cancel_at is null or v_subscription.cancel_at > v_subscription.period_end then v_subscription.period_end -- rule: nothing-after-the-end
      end,
      'next_credits', case
        when v_invoice.id is not null then v_invoice.grant_size
        when v_subscription.cancel_at is null or v_subscription.cancel_at > v_subscription.period_end then
          v_version.credits * v_subscription.quantity
      end,
      'batches', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'kind', g.kind, 'amount', b.original_amount, 'remaining', b.remaining_amount,
          'expires_at', b.expires_at, 'created_at', b.created_at
        ) order by b.expires_at, b.id), '[]')
        from public.plan_grants g
        join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
        where g.subscription_id = v_subscription.id and b.expires_at > v_now
      )
    )
    from public.plans p, public.plan_prices r
    where p.id = v_version.plan_id and r.stripe_price_id = v_subscription.stripe_price_id
  );
end;
$function$;

alter function "credits_private"."subscription_of"(uuid) owner to "postgres";

create or replace function credits_private.subscription_rank (
  p_status text
)
  returns integer
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
begin
  return coalesce(array_position(array[
    'incomplete', 'trialing', 'past_due', 'unpaid', 'paused', 'active', 'incomplete_expired', 'canceled'
  ], p_status), 0);
end;
$function$;

alter function "credits_private"."subscription_rank"(text) owner to "postgres";

create or replace function credits_private.tie_of (
  p_action  text,
  p_version integer
)
  returns text
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  -- Two rates fit one line where what both ask for is the same. All such lines have what either asks for, so that a better
  -- rate which asks for no more than that decides them all.
  return (
    select format('rates %s and %s both fit a line of %s', a.position, b.position, a.meter)
    from public.rates a
    join public.rates b on b.action = a.action and b.version = a.version and b.meter = a.meter and b.position > a.position
    where a.action = p_action and a.version = p_version
      and a.keys = b.keys and a.priority = b.priority
      and not exists (
        select from jsonb_each(a.match) m where b.match ? m.key and b.match -> m.key <> m.value -- rule: tie-apart
      )
      and not exists (
        select from public.rates c
        where c.action = a.action and c.version = a.version and c.meter = a.meter
          and (a.match || b.match) @> c.match
          and (c.keys, c.priority) > (a.keys, a.priority) -- rule: tie-decided
      )
    order by a.position, b.position
    limit 1
  );
end;
$function$;

alter function "credits_private"."tie_of"(text, integer) owner to "postgres";

create or replace function credits_private.used_by (
  p_job public.generation_jobs
)
  returns jsonb
  language sql
  stable
  set search_path to ''
  AS $function$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('meter', m.meter, 'quantity', m.quantity, 'model', a.model))) filter (where m.quantity is not null), '[]')
  from public.job_attempts a
  cross join lateral (
    values ('input_tokens', a.input_tokens), ('output_tokens', a.output_tokens), ('pictures', a.pictures)
  ) m (meter, quantity)
  where a.job_id = p_job.id and a.attempt = p_job.attempt; -- rule: delivering-attempt
$function$;

alter function "credits_private"."used_by"(public.generation_jobs) owner to "postgres";

create or replace function credits_private.verify_plans (
  p_user_id uuid
)
  returns table (
    user_id  uuid,
    problem  text,
    expected numeric,
    actual   numeric
  )
  language plpgsql
  stable
  set search_path to ''
  set plan_cache_mode to 'force_custom_plan'
  AS $function$
begin
  return query
  with invoices as (
    select
      i.*, i.grant_size * i.grants - i.deducted as paid_for, credits_private.reversed_of_invoice(i) as reversed,
      not exists (select from auth.users u where u.id = i.user_id) as gone
    from public.subscription_invoices i
    where p_user_id is null or i.user_id = p_user_id
  ), grants as (
    select g.invoice_id, sum(g.amount) filter (where g.kind <> 'rollover') as granted
    from public.plan_grants g
    where p_user_id is null or g.user_id = p_user_id
    group by g.invoice_id
  ), revocations as (
    select r.user_id, split_part(r.revocation_key, ':', 2) as name, sum(r.amount) as taken
    from public.credit_revocations r
    where r.revocation_key ^@ 'sub:' and (p_user_id is null or r.user_id = p_user_id)
    group by 1, 2
  ), reinstated as (
    select b.user_id, split_part(b.grant_key, ':', 2) as name, sum(b.original_amount) as amount
    from public.user_credits b
    where b.source = 'plan' and b.grant_key like 'sub:%:reinstated:%' and (p_user_id is null or b.user_id = p_user_id)
    group by 1, 2
  ), forgiven as (
    select l.user_id, split_part(l.reference, ':', 2) as name, sum(l.amount) as amount
    from credits_private.ledger_effects l
    where l.kind = 'forgive' and l.reference ^@ 'sub:' and (p_user_id is null or l.user_id = p_user_id)
    group by 1, 2
  )
  select i.user_id, 'invoice ' || i.id || ': ' || v.what, v.expected, v.actual
  from invoices i
  left join grants g on g.invoice_id = i.id
  left join revocations r on r.user_id = i.user_id and r.name = i.id
  left join reinstated b on b.user_id = i.user_id and b.name = i.id
  left join forgiven f on f.user_id = i.user_id and f.name = i.id
  cross join lateral (
    values
      ('granted against its batches', coalesce(g.granted, 0), i.granted::numeric),
      ('granted more than it paid for', 0, greatest(i.granted - i.paid_for, 0)),
      ('granted although it is not paid', 0, case when i.status <> 'paid' then i.granted else 0 end::numeric),
      ('paid and not decided', 0, (i.status = 'paid' and i.decision is null)::integer::numeric),
      -- Of a user who is gone the money alone is accounted for, and an erasure took the keys of their revocations.
      ('taken back against its revocations',
        case when i.gone then i.taken_credits else coalesce(r.taken, 0) - coalesce(b.amount, 0) - coalesce(f.amount, 0) end::numeric,
        i.taken_credits::numeric),
      ('reversed_cents against its payments', i.reversed::numeric, i.reversed_cents::numeric),
      ('reversed_credits against reversed_cents',
        case when i.gone or i.total_cents = 0 then i.reversed_credits else trunc(i.paid_for * i.reversed_cents / i.total_cents, 2) end::numeric,
        i.reversed_credits::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual
  union all
  select
    coalesce(g.user_id, b.user_id), 'batch ' || coalesce(g.batch_id, b.id) || ': of a plan',
    coalesce(g.amount, 0)::numeric, coalesce(b.original_amount, 0)::numeric
  from (select * from public.plan_grants p where p_user_id is null or p.user_id = p_user_id) g
  full join (
    select * from public.user_credits u
    where u.source = 'plan' and u.grant_key ^@ 'sub:' and u.grant_key not like 'sub:%:reinstated:%' and (p_user_id is null or u.user_id = p_user_id)
  ) b on b.user_id = g.user_id and b.id = g.batch_id
  where g.amount is distinct from b.original_amount;
end;
$function$;

alter function "credits_private"."verify_plans"(uuid) owner to "postgres";

create or replace function credits_private.verify_purchases (
  p_user_id uuid
)
  returns table (
    user_id  uuid,
    problem  text,
    expected numeric,
    actual   numeric
  )
  language plpgsql
  stable
  set search_path to ''
  set plan_cache_mode to 'force_custom_plan'
  AS $function$
begin
  return query
  with purchases as (
    select
      p.*, p.id::text as name, p.paid_at is not null as is_paid,
      not exists (select from auth.users u where u.id = p.user_id) as gone
    from public.credit_purchases p
    where p_user_id is null or p.user_id = p_user_id
  ), grants as (
    select
      b.user_id, split_part(b.grant_key, ':', 2) as name,
      sum(b.original_amount) filter (where b.grant_key not like 'purchase:%:%') as granted,
      coalesce(sum(b.original_amount) filter (where b.grant_key like 'purchase:%:%'), 0) as reinstated
    from public.user_credits b
    where b.source = 'purchase' and b.grant_key like 'purchase:%' and (p_user_id is null or b.user_id = p_user_id)
    group by b.user_id, split_part(b.grant_key, ':', 2)
  ), revocations as (
    select r.user_id, split_part(r.revocation_key, ':', 2) as name, sum(r.amount) as revoked
    from public.credit_revocations r
    where r.revocation_key like 'purchase:%' and (p_user_id is null or r.user_id = p_user_id)
    group by r.user_id, split_part(r.revocation_key, ':', 2)
  ), forgiven as (
    select l.user_id, split_part(l.reference, ':', 2) as name, sum(l.amount) as forgiven
    from credits_private.ledger_effects l
    where l.kind = 'forgive' and l.reference like 'purchase:%' and (p_user_id is null or l.user_id = p_user_id)
    group by l.user_id, split_part(l.reference, ':', 2)
  )
  select coalesce(p.user_id, g.user_id), 'purchase ' || coalesce(p.name, g.name) || ': ' || v.what, v.expected, v.actual
  from purchases p
  full join grants g on g.user_id = p.user_id and g.name = p.name
  left join revocations r on r.user_id = p.user_id and r.name = p.name
  left join forgiven f on f.user_id = p.user_id and f.name = p.name
  left join lateral credits_private.reversed_cents(p.stripe_payment_intent_id, p.currency, p.paid_cents) s on p.is_paid
  cross join lateral (
    values
      ('is missing', 1::numeric, (p.id is not null)::integer::numeric),
      ('granted against what was bought', case when p.is_paid then p.credits else 0 end::numeric, coalesce(g.granted, 0)),
      -- Of a user who is gone the money alone is accounted for, and an erasure took the keys of their revocations.
      ('taken back against its revocations',
        case when p.gone then p.revoked_credits else coalesce(r.revoked, 0) - coalesce(g.reinstated, 0) - coalesce(f.forgiven, 0) end::numeric,
        p.revoked_credits::numeric),
      ('reversed_cents against its payment', least(coalesce(s.refunded + s.disputed, 0), p.paid_cents)::numeric, p.reversed_cents::numeric),
      ('taken back against reversed_cents',
        case when p.gone then p.revoked_credits when p.reversed_cents = 0 then p.frozen_credits
          else trunc(p.credits * p.reversed_cents / p.paid_cents, 2) end::numeric,
        p.revoked_credits::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$function$;

create or replace function credits_private.verify_reservations (
  p_user_id uuid
)
  returns table (
    user_id  uuid,
    problem  text,
    expected numeric,
    actual   numeric
  )
  language plpgsql
  stable
  set search_path to ''
  set plan_cache_mode to 'force_custom_plan'
  AS $function$
begin
  return query
  with moves as (
    select
      e.user_id, e.job_id, sum(e.reserved_change) as held,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded
    from credits_private.ledger_effects e
    where e.job_id is not null and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id, e.job_id
  ), reservations as (
    select * from public.credit_usage_logs r where p_user_id is null or r.user_id = p_user_id
  ), allocations as (
    select r.user_id, r.job_id, sum(e.amount) as amount, min(e.entry) as first_entry, max(e.entry) as last_entry
    from reservations r
    join public.credit_ledger e
      on e.user_id = r.user_id and e.job_id = r.job_id and e.entry between r.first_entry and r.last_entry
    where e.kind = 'reserve'
    group by r.user_id, r.job_id
  )
  select
    coalesce(r.user_id, m.user_id), 'reservation ' || coalesce(r.job_id, m.job_id) || ': ' || v.what,
    v.expected, v.actual
  from reservations r
  full join moves m on m.user_id = r.user_id and m.job_id = r.job_id
  left join allocations a on a.user_id = r.user_id and a.job_id = r.job_id
  cross join lateral (
    values
      ('held against the ledger', coalesce(m.held, 0), case when r.status = 'reserved' then r.reserved_amount else 0 end::numeric),
      ('charged against the ledger', coalesce(m.charged, 0), case when r.status = 'confirmed' then r.credits_used else 0 end::numeric),
      ('refunded against the ledger', coalesce(m.refunded, 0), coalesce(r.refunded_amount, 0)::numeric),
      -- A late confirm that took its credits again took what it charged, which may be less than was reserved.
      ('allocation against the ledger', coalesce(a.amount, 0),
        case when r.status = 'confirmed' and a.amount = r.credits_used then r.credits_used else r.reserved_amount end::numeric),
      ('first_entry against the ledger', a.first_entry::numeric, r.first_entry::numeric),
      ('last_entry against the ledger', a.last_entry::numeric, r.last_entry::numeric),
      ('credits_used of what was not charged', r.reserved_amount, case when r.status = 'confirmed' then r.reserved_amount else r.credits_used end::numeric),
      ('charged more than it reserved', 0, greatest(r.credits_used - r.reserved_amount, 0)),
      ('settled_at', (r.status <> 'reserved')::integer::numeric, (r.settled_at is not null)::integer::numeric),
      ('is missing', 1, (r.job_id is not null)::integer::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$function$;

create or replace function credits_private.verify_usage (
  p_user_id uuid
)
  returns table (
    user_id  uuid,
    problem  text,
    expected numeric,
    actual   numeric
  )
  language plpgsql
  stable
  set search_path to ''
  set plan_cache_mode to 'force_custom_plan'
  AS $function$
begin
  return query
  with jobs as (
    select * from public.metered_jobs m where p_user_id is null or m.user_id = p_user_id
  ), lines as (
    select l.user_id, l.job_id, sum(l.cost) as cost
    from public.usage_lines l
    where p_user_id is null or l.user_id = p_user_id
    group by l.user_id, l.job_id
  ), moves as (
    select
      e.user_id, e.job_id,
      sum(e.amount) filter (where e.kind = 'confirm') as charged,
      sum(e.amount) filter (where e.kind = 'debt') as owed
    from public.credit_ledger e
    where e.job_id is not null and e.kind in ('confirm', 'debt') and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id, e.job_id
  )
  select coalesce(j.user_id, l.user_id), 'usage of ' || coalesce(j.job_id, l.job_id) || ': ' || v.what, v.expected, v.actual
  from jobs j
  full join lines l on l.user_id = j.user_id and l.job_id = j.job_id
  left join public.credit_usage_logs r on r.user_id = j.user_id and r.job_id = j.job_id
  left join moves m on m.user_id = j.user_id and m.job_id = j.job_id
  cross join lateral (
    values
      ('has no job', 0, (j.job_id is null)::integer::numeric),
      ('cost against its lines', ceil(coalesce(l.cost, 0) * 100) / 100, coalesce(j.cost, 0)),
      ('paid against its cost', coalesce(j.cost, 0), coalesce(j.charged + j.owed + j.absorbed, 0)),
      -- What is archived is in the ledger's sums only.
      ('charged against its reservation', case when r.job_id is null or j.settled_at is null then j.charged else r.credits_used end, j.charged::numeric),
      ('charged against the ledger', case when r.job_id is null or j.settled_at is null then j.charged else coalesce(m.charged, 0) end, j.charged::numeric),
      ('owed against the ledger', case when r.job_id is null then j.owed else coalesce(m.owed, 0) end, coalesce(j.owed, 0)::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$function$;

alter function "credits_private"."verify_usage"(uuid) owner to "postgres";

create or replace function credits_private.with_due_grants (
  p_account public.credit_accounts,
  p_needed  numeric
)
  returns public.credit_accounts
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_step text;
begin
  if p_account.available >= p_needed or p_account.erased_at is not null then
    return p_account;
  end if;
  for v_step in select step from credits_private.due_grants order by step loop
    execute format('select %s($1)', v_step::regproc) using p_account.user_id; -- rule: due-before-refused
  end loop;
  select * into strict p_account from public.credit_accounts where user_id = p_account.user_id;
  return p_account;
end;
$function$;

alter function "credits_private"."with_due_grants"(public.credit_accounts, numeric) owner to "postgres";

create or replace function credits_private.without_personal_data (
  p_event jsonb
)
  returns jsonb
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
declare
  v_object jsonb := p_event #> '{data,object}';
begin
  return jsonb_set(
    p_event,
    '{data,object}',
    (
      select coalesce(jsonb_object_agg(f.key, f.value), '{}')
      from jsonb_each(v_object) f
      where f.key in ( -- rule: allowed-keys
        'id', 'object', 'livemode', 'amount', 'amount_subtotal', 'amount_total', 'amount_refunded',
        'allow_promotion_codes', 'currency', 'payment_intent', 'payment_status', 'status', 'mode', 'created', 'charge',
        'billing_reason'
      ) or (
        f.key in ('customer', 'subscription', 'invoice', 'total', 'discount', 'anchor', 'cancel_at', 'trial_end')
        and v_object ->> 'object' in ('subscription', 'invoice', 'invoice_payment')
      )
    ) || (
      select coalesce(jsonb_object_agg(f.key, inside.kept), '{}')
      from jsonb_each(v_object) f
      cross join lateral (
        select coalesce(jsonb_agg(case when jsonb_typeof(e.value) = 'object' then (
          select jsonb_object_agg(i.key, i.value)
          from jsonb_each(e.value) i
          where i.key in ('price', 'quantity', 'amount', 'start', 'end', 'proration', 'payment_intent')
        ) end), '[]')
        from jsonb_array_elements(f.value) e
      ) inside (kept)
      where f.key in ('lines', 'items', 'payments') -- rule: allowed-items
        and v_object ->> 'object' in ('subscription', 'invoice') and jsonb_typeof(f.value) = 'array'
    ) || (
      select coalesce(jsonb_object_agg(f.key, inside.kept) filter (where inside.kept is not null), '{}')
      from jsonb_each(v_object) f
      cross join lateral (
        select jsonb_object_agg(i.key, i.value)
        from jsonb_each(case when jsonb_typeof(f.value) = 'object' then f.value end) i
        where i.key in (
          'purchase_id', 'user_id', 'credits', 'amount', 'currency', 'pack_id', 'project',
          'amount_discount', 'presentment_amount', 'presentment_currency'
        )
      ) inside (kept)
      where f.key in ('metadata', 'total_details', 'presentment_details')
    )
  ) #- '{data,previous_attributes}';
end;
$function$;

create or replace function public.add_to_reservation (
  p_user_id uuid,
  p_job_id  uuid,
  p_amount  numeric,
  p_seq     integer
)
  returns public.reservation_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_account public.credit_accounts;
  v_hold public.credit_usage_logs;
  v_reference text := 'add:' || p_seq;
  v_added numeric;
  v_outcome text;
begin
  if not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif (p_seq >= 0) is not true then
    perform credits_private.refuse_argument('p_seq', 'must be at least 0');
  end if;

  -- Lock, and look.
  v_account := credits_private.lock_account(p_user_id);
  select * into v_hold
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-addition
  if not found then
    return row('not_found', p_job_id, null, null, null, null, null, null)::public.reservation_result;
  end if;
  select sum(e.amount) into v_added
  from public.credit_ledger e
  where e.user_id = p_user_id and e.entry between v_hold.first_entry and v_hold.last_entry
    and e.job_id = p_job_id and e.kind = 'reserve' and e.reference = v_reference;

  -- Decide.
  v_account := credits_private.without_expired(v_account);
  if v_added is null and v_hold.status = 'reserved' then
    v_account := credits_private.with_due_grants(v_account, p_amount); -- rule: due-before-added
  end if;
  v_outcome := case
    when v_added = p_amount then 'already_added' -- rule: added-once
    when v_added is not null then 'different_amount'
    when v_hold.status = 'confirmed' then 'already_confirmed'
    when v_hold.status = 'refunded' and v_hold.settle_reason is distinct from 'expired' then 'already_released'
    when v_hold.status = 'refunded' or v_hold.expires_at <= credits_private.clock() then 'expired' -- rule: added-to-the-living
    when v_account.available < p_amount then 'insufficient_credits' -- rule: added-in-full
    else 'added'
  end;

  -- Post.
  if v_outcome = 'added' then
    v_account := credits_private.grow_hold(v_account, v_hold, p_amount, v_reference);
    v_hold.reserved_amount := v_hold.reserved_amount + p_amount;
  end if;
  return row(
    v_outcome, p_job_id, v_hold.status, v_hold.reserved_amount,
    case when v_outcome = 'insufficient_credits' then p_amount end, v_account.available, v_account.reserved, v_hold.expires_at
  )::public.reservation_result;
end;
$function$;

revoke all on routine "public"."add_to_reservation"(uuid, uuid, numeric, integer) from anon, authenticated, service_role;

alter function "public"."add_to_reservation"(uuid, uuid, numeric, integer) owner to "postgres";

create or replace function public.attach_subscription_session (
  p_user_id     uuid,
  p_checkout_id uuid,
  p_session_id  text
)
  returns public.subscribe_step
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
begin
  if coalesce(p_session_id, '') = '' then
    perform credits_private.refuse_argument('p_session_id', 'must not be empty');
  end if;
  update public.subscription_checkouts
  set stripe_session_id = p_session_id
  where user_id = p_user_id and id = p_checkout_id
    and coalesce(stripe_session_id, p_session_id) = p_session_id; -- rule: one-page-kept
  return row(case when found then 'attached' else 'not_found' end, p_checkout_id)::public.subscribe_step;
end;
$function$;

revoke all on routine "public"."attach_subscription_session"(uuid, uuid, text) from anon, authenticated, service_role;

alter function "public"."attach_subscription_session"(uuid, uuid, text) owner to "postgres";

create or replace function public.create_story (
  p_user_id         uuid,
  p_request         jsonb,
  p_idempotency_key text  default null::text
)
  returns public.admission_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_result public.admission_result := credits_private.begin_admission(p_user_id, 'story', p_request, p_idempotency_key);
  v_story_id uuid := credits_private.uuid_v7();
  v_age_min integer;
  v_age_max integer;
  v_pages integer;
  v_ceiling jsonb;
  v_language text;
begin
  if v_result.outcome = 'already_accepted' then
    select book_refusal into v_result.message from public.stories where id = v_result.resource_id;
  end if;
  if v_result.outcome is not null then
    return v_result;
  end if;
  -- What a browser says of its language, such as de-DE, is that language here.
  v_language := lower(split_part(credits_private.field_of('story', p_request, 'language'), '-', 1)); -- rule: base-language
  v_age_min := (p_request ->> 'age_min')::numeric;
  v_age_max := (p_request ->> 'age_max')::numeric;
  v_pages := credits_private.field_of('story', p_request, 'pages')::numeric;
  if v_age_max < v_age_min then
    return credits_private.refused(v_result, 'invalid_field', 'age_max', 'age_max must not be below age_min');
  end if;

  v_ceiling := credits_private.story_ceiling(v_pages);
  v_result := credits_private.admit_job(
    v_result, p_user_id, 'story', v_story_id, p_request, p_idempotency_key,
    case when v_ceiling is null then 'story_page' else 'story' end, v_pages, v_ceiling
  );
  if v_result.outcome = 'accepted' then
    v_result.message := credits_private.foreseen_book_refusal(p_request ->> 'prompt', v_language);
    insert into public.stories (
      id, user_id, job_id, prompt, age_min, age_max, language, page_count, book_refusal, created_at
    )
    values (
      v_story_id, p_user_id, v_result.job_id, p_request ->> 'prompt', v_age_min, v_age_max,
      v_language, v_pages, v_result.message, credits_private.clock()
    );
  end if;
  return v_result;
end;
$function$;

create or replace function public.create_subscription_checkout (
  p_user_id  uuid,
  p_plan_id  uuid,
  p_price_id text default null::text
)
  returns public.subscribe_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'subscribe');
  v_result public.subscribe_result;
  v_trial_days integer;
begin
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then -- rule: subscribe-limit
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;
  select o.price_id, o.trial_days into v_result.stripe_price_id, v_trial_days
  from public.plan_offers o
  where o.plan_id = p_plan_id
    and (p_price_id is null or o.price_id = p_price_id) -- rule: price-of-plan
  order by o."interval", o.price_id
  limit 1;
  if not found then
    v_result.outcome := 'unknown_plan';
    return v_result;
  end if;
  -- One user's checkouts queue up here, so that two clicks find one page.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 0));
  if exists (select from public.subscriptions where user_id = p_user_id and is_live) then -- rule: one-subscription
    v_result.outcome := 'already_subscribed';
    return v_result;
  end if;
  delete from public.subscription_checkouts
  where user_id = p_user_id and created_at < credits_private.clock() - interval '23 hours'; -- rule: page-lasts
  insert into public.subscription_checkouts (user_id, stripe_price_id, created_at)
  values (p_user_id, v_result.stripe_price_id, credits_private.clock())
  on conflict (user_id) do nothing;
  select
    case when c.stripe_price_id = v_result.stripe_price_id then 'created' else 'other_price' end, -- rule: one-page
    c.id, c.stripe_session_id
  into v_result.outcome, v_result.checkout_id, v_result.stripe_session_id
  from public.subscription_checkouts c
  where c.user_id = p_user_id;
  v_result.trial_days := case
    when exists (select from public.subscriptions where user_id = p_user_id) then 0 -- rule: trial-for-newcomers
    else v_trial_days
  end;
  return v_result;
end;
$function$;

revoke all on routine "public"."create_subscription_checkout"(uuid, uuid, text) from anon, authenticated, service_role;

alter function "public"."create_subscription_checkout"(uuid, uuid, text) owner to "postgres";

create or replace function public.end_subscription_checkout (
  p_user_id     uuid,
  p_checkout_id uuid
)
  returns public.subscribe_step
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
begin
  delete from public.subscription_checkouts
  where user_id = p_user_id
    and id = p_checkout_id; -- rule: own-page-ends
  return row(case when found then 'ended' else 'not_found' end, p_checkout_id)::public.subscribe_step;
end;
$function$;

revoke all on routine "public"."end_subscription_checkout"(uuid, uuid) from anon, authenticated, service_role;

alter function "public"."end_subscription_checkout"(uuid, uuid) owner to "postgres";

create or replace function public.estimate_cost (
  p_action text,
  p_usage  jsonb
)
  returns public.cost_estimate
  language plpgsql
  stable
  security definer
  set search_path to ''
  AS $function$
declare
  v_card public.rate_cards := credits_private.current_card(p_action);
begin
  if v_card.version is null then
    return row('not_offered', p_action, null, null, null)::public.cost_estimate;
  end if;
  return credits_private.cost_by(p_action, v_card.version, p_usage);
end;
$function$;

revoke all on routine "public"."estimate_cost"(text, jsonb) from anon, authenticated, service_role;

alter function "public"."estimate_cost"(text, jsonb) owner to "postgres";

create or replace function public.grant_plan_credits()
  returns integer
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_due record;
  v_count integer := 0;
begin
  for v_due in
    select i.id, i.user_id
    from public.subscription_invoices i
    left join public.subscriptions s on s.id = i.subscription_id
    where i.next_grant_at <= credits_private.clock()
      and coalesce(s.status, 'active') not in ('past_due', 'unpaid', 'paused', 'incomplete')
    order by i.next_grant_at
    limit 1000 -- rule: plan-sweep-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_due.user_id for no key update skip locked;
    continue when not found;
    begin
      if credits_private.lock_user(v_due.user_id) then
        v_count := v_count + credits_private.grant_due(v_due.id)::integer; -- rule: plan-sweep
      else
        update public.subscription_invoices set next_grant_at = null where id = v_due.id;
      end if;
    exception when others then
      raise warning 'what is due of invoice % was not granted: % (%)', v_due.id, sqlerrm, sqlstate; -- rule: plan-sweep-goes-on
    end;
  end loop;
  perform credits_private.note_run('grant_plan_credits', v_count);
  return v_count;
end;
$function$;

revoke all on routine "public"."grant_plan_credits"() from anon, authenticated, service_role;

alter function "public"."grant_plan_credits"() owner to "postgres";

create or replace function public.note_job_usage (
  p_job_id        uuid,
  p_attempt       integer,
  p_model_calls   integer default 0,
  p_input_tokens  bigint  default null::bigint,
  p_output_tokens bigint  default null::bigint,
  p_pictures      integer default null::integer,
  p_model         text    default null::text
)
  returns public.job_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_attempt public.job_attempts;
begin
  if p_model_calls is null or least(p_model_calls, p_input_tokens, p_output_tokens, p_pictures) < 0 then
    perform credits_private.refuse_argument('p_model_calls', 'and the other figures must be at least 0');
  end if;
  update public.job_attempts
  set
    model_calls = greatest(model_calls, p_model_calls),
    input_tokens = greatest(input_tokens, p_input_tokens),
    output_tokens = greatest(output_tokens, p_output_tokens),
    pictures = greatest(pictures, p_pictures),
    model = coalesce(p_model, model)
  where job_id = p_job_id and attempt = p_attempt
  returning * into v_attempt;
  return row(
    case when v_attempt.job_id is null then 'not_found' else 'noted' end, p_job_id, null, v_attempt.user_id, null, null
  )::public.job_result;
end;
$function$;

revoke all on routine "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text) from anon, authenticated, service_role;

alter function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text) owner to
  "postgres";

create or replace function public.plan_differences()
  returns table (
    user_id         uuid,
    subscription_id text,
    invoice_id      text,
    problem         text,
    since           timestamp with time zone
  )
  language plpgsql
  stable
  security definer
  set search_path to ''
  AS $function$
declare
  v_now timestamptz := credits_private.clock();
begin
  return query
  select s.user_id, s.id, null::text, 'second_subscription', s.created_at
  from public.subscriptions s
  where s.is_live and s.is_spare -- rule: spares-shown
  union all
  select i.user_id, i.subscription_id, i.id, 'paid_not_granted', i.created_at
  from public.subscription_invoices i
  left join public.subscriptions s on s.id = i.subscription_id
  where i.next_grant_at < v_now - interval '1 hour' -- rule: overdue-plans
    and coalesce(s.status, 'active') in ('active', 'trialing')
  union all
  select i.user_id, i.subscription_id, i.id, 'period_paid_twice', i.created_at
  from public.subscription_invoices i
  where i.decision = 'same_period' and i.total_cents > i.reversed_cents -- rule: twice-shown
  union all
  select s.user_id, s.id, null, 'live_without_paid_invoice', s.period_start
  from public.subscriptions s
  where s.is_live and s.status in ('active', 'trialing')
    -- Stripe may take three days to collect.
    and s.period_start < v_now - interval '73 hours' -- rule: unpaid-shown
    and not exists (
      select from public.subscription_invoices i
      where i.subscription_id = s.id and i.status = 'paid' and i.period_end > s.period_start
    );
end;
$function$;

revoke all on routine "public"."plan_differences"() from anon, authenticated, service_role;

alter function "public"."plan_differences"() owner to "postgres";

create or replace function public.prune_usage (
  p_before timestamp with time zone default null::timestamp with time zone,
  p_limit  integer                  default 10000
)
  returns integer
  language plpgsql
  security definer
  set search_path to ''
  AS $function$
declare
  v_before timestamptz := credits_private.kept_since('usage', p_before);
  v_count integer;
begin
  -- Whoever settles one locks its account first, and finds it gone only long after its hold has ended.
  with old as materialized (
    select m.user_id, m.job_id from public.metered_jobs m
    where m.created_at < v_before -- rule: old-usage-only
      and not exists (
        select from public.credit_usage_logs u
        where u.user_id = m.user_id and u.job_id = m.job_id and u.settled_at is null -- rule: held-usage-stays
      )
    limit p_limit -- rule: usage-limit-of-prune
    for update skip locked
  ), gone as (
    delete from public.metered_jobs m using old
    where m.user_id = old.user_id and m.job_id = old.job_id
    returning m.*
  ), lines as (
    delete from public.usage_lines l using old
    where l.user_id = old.user_id and l.job_id = old.job_id
    returning l.*
  ), kept as (
    insert into public.usage_months as k (user_id, month, action, model, meter, lines, quantity, cost)
    select
      g.user_id, date_trunc('month', g.settled_at at time zone 'UTC')::date, g.action, coalesce(l.matched ->> 'model', ''), l.meter,
      count(*), sum(l.quantity), sum(l.cost)
    from gone g
    join lines l on l.user_id = g.user_id and l.job_id = g.job_id
    group by 1, 2, 3, 4, 5
    on conflict (user_id, month, action, model, meter) do update
    set lines = k.lines + excluded.lines, quantity = k.quantity + excluded.quantity, cost = k.cost + excluded.cost -- rule: usage-months-grow
  )
  select count(*) into v_count from gone;
  perform credits_private.note_run('prune_usage', v_count);
  return v_count;
end;
$function$;

revoke all on routine "public"."prune_usage"(timestamp with time zone, integer) from anon, authenticated, service_role;

alter function "public"."prune_usage"(timestamp with time zone, integer) owner to "postgres";

create or replace function public.read_subscription (
  p_user_id uuid
)
  returns public.subscription_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'subscription');
begin
  return row(
    case when v_check.allowed then 'ok' else 'rate_limited' end, -- rule: subscription-limit
    case when v_check.allowed then credits_private.subscription_of(p_user_id) end,
    v_check.max_requests, v_check.remaining, v_check.window_seconds, v_check.retry_after_seconds
  )::public.subscription_result;
end;
$function$;

revoke all on routine "public"."read_subscription"(uuid) from anon, authenticated, service_role;

alter function "public"."read_subscription"(uuid) owner to "postgres";

create or replace function public.read_usage_lines (
  p_user_id uuid,
  p_limit   integer default 500,
  p_cursor  text    default null::text
)
  returns public.usage_lines_result
  language plpgsql
  stable
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_before record := credits_private.usage_cursor(p_cursor);
  v_result public.usage_lines_result;
begin
  if v_before.job_id is null then
    v_result.outcome := 'invalid';
    return v_result;
  end if;
  p_limit := least(greatest(coalesce(p_limit, 500), 1), 500);
  v_result.outcome := 'ok';
  with page as (
    select u.*, row_number() over (order by u.created_at desc, u.job_id desc) as position
    from public.credit_usage_logs u
    where u.user_id = p_user_id -- rule: own-lines
      and (u.created_at, u.job_id) < (v_before.created_at, v_before.job_id)
    order by u.created_at desc, u.job_id desc
    limit p_limit + 1
  ), items as (
    select
      p.position, l.line,
      jsonb_build_object(
        'job_id', p.job_id, 'settled_at', p.settled_at, 'action', coalesce(m.action, p.job_type), 'meter', l.meter,
        'quantity', l.quantity::text, 'unit', l.unit, 'model', l.matched ->> 'model', 'size', l.matched ->> 'size',
        'unit_price', trim_scale(l.unit_price)::text, 'per', l.per, 'card_version', m.version, 'cost', trim_scale(l.cost)::text,
        'job_charged', (p.credits_used + coalesce(m.owed, 0))::text, 'job_refunded', p.refunded_amount::text
      ) as item
    from page p
    left join public.metered_jobs m on m.user_id = p_user_id and m.job_id = p.job_id
    left join public.usage_lines l on l.user_id = p_user_id and l.job_id = p.job_id
    where p.position <= p_limit and p.status = 'confirmed' -- rule: lines-charged
  )
  select
    coalesce((select jsonb_agg(i.item order by i.position, i.line) from items i), '[]'),
    (
      select (extract(epoch from p.created_at) * 1000000)::bigint || '-' || p.job_id
      from page p
      where p.position = p_limit and exists (select from page n where n.position = p_limit + 1)
    )
  into v_result.items, v_result.next_cursor;
  return v_result;
end;
$function$;

revoke all on routine "public"."read_usage_lines"(uuid, integer, text) from anon, authenticated, service_role;

alter function "public"."read_usage_lines"(uuid, integer, text) owner to "postgres";

create or replace function public.reserve_credits (
  p_user_id     uuid,
  p_job_id      uuid,
  p_amount      numeric,
  p_job_type    text,
  p_description text     default null::text,
  p_metadata    jsonb    default '{}'::jsonb,
  p_ttl         interval default null::interval
)
  returns public.reservation_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
begin
  -- A default is computed with its caller's rights, who may not call hold().
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, p_amount, p_job_type, p_ttl);
  return credits_private.hold_credits(p_user_id, p_job_id, p_amount, p_job_type, p_description, p_metadata, p_ttl);
end;
$function$;

create or replace function public.reserve_metered (
  p_user_id     uuid,
  p_job_id      uuid,
  p_action      text,
  p_usage       jsonb,
  p_job_type    text     default null::text,
  p_description text     default null::text,
  p_metadata    jsonb    default '{}'::jsonb,
  p_ttl         interval default null::interval
)
  returns public.reservation_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_before public.metered_jobs;
  v_version integer;
  v_estimate public.cost_estimate;
  v_result public.reservation_result;
begin
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, 1, coalesce(p_job_type, p_action), p_ttl);
  perform credits_private.lock_account(p_user_id);
  select * into v_before from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
  if v_before.action = p_action
    and exists (select from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id) then -- rule: version-kept
    v_version := v_before.version;
  else
    v_version := (credits_private.current_card(p_action)).version;
  end if;
  if v_version is null then
    return row('not_offered', null, null, null, null, null, null, null)::public.reservation_result;
  end if;

  v_estimate := credits_private.cost_by(p_action, v_version, p_usage);
  if v_estimate.outcome = 'invalid' then
    perform credits_private.refuse_argument('p_usage', 'must be lines of a meter and a quantity');
  elsif v_estimate.outcome <> 'ok' then
    return row(v_estimate.outcome, null, null, null, null, null, null, null)::public.reservation_result;
  elsif v_estimate.cost = 0 then
    -- What costs nothing needs no credits, and so perhaps the first account of its user.
    perform credits_private.ensure_account(p_user_id);
  end if;
  v_result := credits_private.hold_credits(
    p_user_id, p_job_id, v_estimate.cost, coalesce(p_job_type, p_action), p_description, p_metadata, p_ttl
  );
  if v_result.outcome = 'reserved' then
    -- The id of a job that is archived may be reserved anew.
    if v_before.job_id is not null then -- rule: reserved-anew
      delete from public.usage_lines where user_id = p_user_id and job_id = p_job_id;
      delete from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
    end if;
    insert into public.metered_jobs (user_id, job_id, action, version, ceiling, created_at)
    values (p_user_id, p_job_id, p_action, v_version, p_usage, credits_private.clock());
  end if;
  return v_result;
end;
$function$;

revoke all on routine "public"."reserve_metered"(uuid, uuid, text, jsonb, text, text, jsonb, interval) from anon, authenticated, service_role;

alter function "public"."reserve_metered"(uuid, uuid, text, jsonb, text, text, jsonb, interval) owner to
  "postgres";

create or replace function public.save_rate_card (
  p_action     text,
  p_rates      jsonb,
  p_valid_from timestamp with time zone default null::timestamp with time zone,
  p_over_hold  text                     default 'cap'::text,
  p_reason     text                     default null::text,
  p_actor      text                     default null::text
)
  returns public.rate_card_result
  language plpgsql
  security definer
  set search_path to ''
  AS $function$
declare
  v_now timestamptz := credits_private.clock();
  v_last public.rate_cards;
  v_digest text;
  v_version integer;
  v_rate jsonb;
  v_tie text;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  if (jsonb_typeof(p_rates) = 'array') is not true then
    perform credits_private.refuse_argument('p_rates', 'must be an array');
  elsif p_valid_from < v_now then -- rule: no-card-for-the-past
    perform credits_private.refuse_argument('p_valid_from', 'must not be in the past');
  end if;
  for v_rate in select value from jsonb_array_elements(p_rates) loop
    perform credits_private.check_rate(v_rate);
  end loop;

  -- Two who save at once would make the same version; readers do not wait.
  lock table public.rate_cards in share row exclusive mode;
  v_digest := encode(sha256(convert_to(p_rates::text, 'UTF8')), 'hex');
  select * into v_last from public.rate_cards c where c.action = p_action order by c.version desc limit 1;
  if v_last.digest = v_digest and v_last.over_hold = p_over_hold -- rule: saved-once
    and v_last.valid_from = coalesce(p_valid_from, least(v_last.valid_from, v_now)) then
    return row('unchanged', p_action, v_last.version, v_last.valid_from, null)::public.rate_card_result;
  end if;
  v_version := coalesce(v_last.version, 0) + 1;
  begin
    insert into public.rate_cards (action, version, valid_from, over_hold, digest, created_at)
    values (p_action, v_version, coalesce(p_valid_from, v_now), p_over_hold, v_digest, v_now);
    insert into public.rates (action, version, position, meter, unit, price, per, minimum, match, keys, priority)
    select
      p_action, v_version, r.position, r.rate ->> 'meter', coalesce(r.rate ->> 'unit', r.rate ->> 'meter'),
      (r.rate ->> 'price')::numeric, coalesce((r.rate ->> 'per')::integer, 1), coalesce((r.rate ->> 'minimum')::numeric, 0),
      m.match, (select count(*) from jsonb_object_keys(m.match)), coalesce((r.rate ->> 'priority')::integer, 0)
    from jsonb_array_elements(p_rates) with ordinality r (rate, position)
    cross join lateral (select coalesce(r.rate -> 'match', '{}')) m (match);
    v_tie := credits_private.tie_of(p_action, v_version);
    if v_tie is not null then -- rule: tie-refused
      raise exception using errcode = 'raise_exception';
    end if;
  exception
    when raise_exception then
      return row('ambiguous', p_action, null, null, v_tie)::public.rate_card_result;
    when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
      perform credits_private.refuse_argument('p_rates', 'and the card must be as the tables want them: ' || sqlerrm);
  end;
  -- rule: card-noted
  perform credits_private.note_action(p_actor, 'save_rate_card', null, p_action, p_reason, jsonb_build_object('version', v_version));
  return row('saved', p_action, v_version, coalesce(p_valid_from, v_now), null)::public.rate_card_result;
end;
$function$;

revoke all on routine "public"."save_rate_card"(text, jsonb, timestamp with time zone, text, text, text) from anon, authenticated, service_role;

alter function "public"."save_rate_card"(text, jsonb, timestamp
  with time zone, text, text, text) owner to "postgres";

create or replace function public.settle_usage (
  p_user_id uuid,
  p_job_id  uuid,
  p_usage   jsonb
)
  returns public.usage_settlement
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_account public.credit_accounts := credits_private.lock_account(p_user_id);
  v_job public.metered_jobs;
  v_hold public.credit_usage_logs;
  v_over_hold text;
  v_settlement public.settlement_result;
begin
  -- Look.
  select * into v_job
  from public.metered_jobs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-settlement
  if not found then
    return row('not_found', p_job_id, null, null, null, null, null, null, null)::public.usage_settlement;
  elsif v_job.settled_at is not null then -- rule: settled-once
    return credits_private.settled_usage('already_settled', v_job);
  end if;
  select * into v_hold from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    -- Its reservation is archived.
    return row('not_found', p_job_id, null, null, null, null, null, null, null)::public.usage_settlement;
  end if;

  -- Decide, and post.
  v_job.cost := credits_private.keep_usage(v_job, p_usage);
  if v_job.cost > v_hold.reserved_amount then
    select over_hold into strict v_over_hold from public.rate_cards where action = v_job.action and version = v_job.version;
    perform credits_private.cover_usage(v_hold, v_over_hold, v_job.cost);
    select reserved_amount into strict v_hold.reserved_amount
    from public.credit_usage_logs
    where user_id = p_user_id and job_id = p_job_id;
  end if;
  v_settlement := public.confirm_credits(p_user_id, p_job_id, least(v_job.cost, v_hold.reserved_amount));
  if v_settlement.outcome not in ('confirmed', 'confirmed_late') then
    -- rule: uncharged-unkept
    delete from public.usage_lines where user_id = p_user_id and job_id = p_job_id;
    return row(
      v_settlement.outcome, p_job_id, null, v_settlement.charged, v_settlement.returned, 0, 0, v_settlement.available, v_settlement.reserved
    )::public.usage_settlement;
  end if;
  v_job.charged := v_settlement.charged;
  v_job.owed := 0;
  if v_over_hold = 'debt' and v_job.cost > v_job.charged then
    select * into v_account from public.credit_accounts where user_id = p_user_id;
    v_job.owed := credits_private.owe_usage(v_account, p_job_id, v_job.cost - v_job.charged); -- rule: debt-for-the-rest
  end if;
  v_job.absorbed := v_job.cost - v_job.charged - v_job.owed;
  update public.metered_jobs
  set
    cost = v_job.cost, charged = v_job.charged, owed = v_job.owed, absorbed = v_job.absorbed,
    settled_at = credits_private.clock()
  where user_id = p_user_id and job_id = p_job_id;
  return row(
    case v_settlement.outcome when 'confirmed_late' then 'settled_late' else 'settled' end, p_job_id, v_job.cost,
    v_job.charged, v_settlement.returned, v_job.owed, v_job.absorbed, v_settlement.available, v_settlement.reserved
  )::public.usage_settlement;
end;
$function$;

revoke all on routine "public"."settle_usage"(uuid, uuid, jsonb) from anon, authenticated, service_role;

alter function "public"."settle_usage"(uuid, uuid, jsonb) owner to "postgres";

create or replace function public.usage_summary (
  p_user_id uuid,
  p_by      text    default 'day'::text,
  p_days    integer default 30
)
  returns table (
    key     text,
    jobs    bigint,
    credits numeric
  )
  language plpgsql
  stable
  security definer
  set search_path to ''
  set plan_cache_mode to 'force_custom_plan'
  AS $function$
declare
  v_since timestamptz;
begin
  if (p_by in ('day', 'action', 'model')) is not true then
    perform credits_private.refuse_argument('p_by', 'must be day, action or model');
  end if;
  -- What is younger than 60 days is never archived.
  v_since := date_trunc('day', credits_private.clock() at time zone 'UTC') at time zone 'UTC'
    - make_interval(days => least(greatest(coalesce(p_days, 30), 1), 60) - 1); -- rule: summary-since
  return query
  with ended as (
    select
      u.job_id, u.settled_at, coalesce(m.action, u.job_type) as action, m.version,
      u.credits_used - u.refunded_amount + coalesce(m.owed, 0) as paid
    from public.credit_usage_logs u
    left join public.metered_jobs m on m.user_id = u.user_id and m.job_id = u.job_id
    where u.user_id = p_user_id and u.status = 'confirmed' -- rule: summary-charged
      and u.created_at >= v_since - interval '2 days' and u.settled_at >= v_since
  ), parts as (
    select e.job_id, e.paid, case p_by when 'day' then to_char(e.settled_at at time zone 'UTC', 'YYYY-MM-DD') else e.action end as key
    from ended e
    where p_by <> 'model'
    union all
    -- A job's lines share what is paid for it as they share its cost.
    select
      e.job_id, case when l.cost = 0 then 0 else e.paid * l.cost / sum(l.cost) over (partition by e.job_id) end, -- rule: summary-shares
      coalesce(l.matched ->> 'model', '')
    from ended e
    join public.usage_lines l on l.user_id = p_user_id and l.job_id = e.job_id
    where p_by = 'model'
    union all
    select e.job_id, e.paid, '' from ended e where p_by = 'model' and e.version is null
  )
  select p.key, count(distinct p.job_id), round(sum(p.paid), 2)
  from parts p
  group by p.key
  order by p.key;
end;
$function$;

revoke all on routine "public"."usage_summary"(uuid, text, integer) from anon, authenticated, service_role;

alter function "public"."usage_summary"(uuid, text, integer) owner to "postgres";

alter table "public"."plan_prices"
  add constraint "plan_prices_version_id_fkey" foreign key (version_id) references public.plan_versions(id);

alter table "public"."plan_versions"
  add constraint "plan_versions_plan_id_fkey" foreign key (plan_id) references public.plans(id);

alter table "public"."rates"
  add constraint "rates_action_version_fkey" foreign key (action, version)
    references public.rate_cards(action, version);

alter table "public"."stripe_payments"
  add constraint "stripe_payments_reversals_check"
    check (((reversals IS NULL) OR (to_regprocedure((reversals || '(text)'::text)) IS NOT NULL)));

alter table "public"."plan_grants"
  add constraint "plan_grants_invoice_id_fkey" foreign key (invoice_id)
    references public.subscription_invoices(id);

alter table "public"."subscription_versions"
  add constraint "subscription_versions_stripe_price_id_fkey" foreign key (stripe_price_id)
    references public.plan_prices(stripe_price_id);

create view "public"."plan_offers" with (security_invoker=true) AS  SELECT p.id AS plan_id,
    p.name,
    p.description,
    v.credits,
    v.drip,
    v.trial_credits,
    r."interval",
    r.stripe_price_id AS price_id,
    r.amount_cents,
    r.currency,
    r.trial_days,
    p."position"
   FROM ((public.plans p
     JOIN public.plan_versions v ON ((v.plan_id = p.id)))
     JOIN public.plan_prices r ON ((r.version_id = v.id)))
  WHERE (p.active AND r.active);

revoke all on "public"."plan_offers" from anon, authenticated, service_role;

alter view "public"."plan_offers" owner to "postgres";

create view "public"."usage_margins" with (security_invoker=true) AS  SELECT ((settled_at AT TIME ZONE 'UTC'::text))::date AS day,
    action,
    version,
    count(*) AS jobs,
    sum((cost)::numeric) AS cost,
    sum((charged)::numeric) AS charged,
    sum((owed)::numeric) AS owed,
    sum((absorbed)::numeric) AS absorbed
   FROM public.metered_jobs m
  WHERE (settled_at IS NOT NULL)
  GROUP BY (((settled_at AT TIME ZONE 'UTC'::text))::date), action, version;

revoke all on "public"."usage_margins" from anon, authenticated, service_role;

alter view "public"."usage_margins" owner to "postgres";

create view "public"."work_costs" with (security_invoker=true) AS  SELECT ((begun_at AT TIME ZONE 'UTC'::text))::date AS day,
    user_id,
    job_type,
    count(*) AS attempts,
    count(*) FILTER (WHERE (outcome = 'delivered'::text)) AS delivered,
    sum((charged)::numeric) AS credits_charged,
    sum((unpaid)::numeric) AS credits_unpaid,
    sum(model_calls) AS model_calls,
    COALESCE(sum(input_tokens), (0)::numeric) AS input_tokens,
    COALESCE(sum(output_tokens), (0)::numeric) AS output_tokens,
    COALESCE(sum(pictures), (0)::bigint) AS pictures
   FROM public.job_attempts a
  GROUP BY (((begun_at AT TIME ZONE 'UTC'::text))::date), user_id, job_type;

revoke all on "public"."work_costs" from anon, authenticated, service_role;

alter view "public"."work_costs" owner to "postgres";

create index metered_jobs_by_time on public.metered_jobs using btree (created_at);

create index plan_grants_by_invoice on public.plan_grants using btree (invoice_id);

create index plan_grants_by_subscription on public.plan_grants using btree (subscription_id, due_at);

create index plan_prices_by_version on public.plan_prices using btree (version_id);

create index subscription_invoices_by_subscription on public.subscription_invoices
  using btree (subscription_id, period_start);

create index subscription_invoices_by_user on public.subscription_invoices using btree (user_id, period_start);

create index subscription_invoices_due_by_user on public.subscription_invoices using btree (user_id)
  where (next_grant_at is not null);

create index subscription_invoices_due on public.subscription_invoices using btree (next_grant_at)
  where (next_grant_at is not null);

create unique index subscription_invoices_granting on public.subscription_invoices
  using btree (subscription_id, period_start)
  where (grants > 0);

create index subscription_payments_by_invoice on public.subscription_payments using btree (invoice_id);

create index subscription_versions_by_price on public.subscription_versions using btree (stripe_price_id);

create index subscriptions_by_user on public.subscriptions using btree (user_id);

create unique index subscriptions_live on public.subscriptions using btree (user_id)
  where (is_live AND (not is_spare));

create index subscriptions_spare on public.subscriptions using btree (id)
  where (is_live AND is_spare);

create trigger plan_versions_immutable
  before delete or update or truncate on public.plan_versions
  for each STATEMENT
  execute function credits_private.refuse_change();

create trigger plans_touch
  before update on public.plans
  for each row
  execute function credits_private.touch_updated_at();

create trigger rate_cards_never_change
  before delete or update or truncate on public.rate_cards
  for each STATEMENT
  execute function credits_private.refuse_change();

create trigger rates_never_change
  before delete or update or truncate on public.rates
  for each STATEMENT
  execute function credits_private.refuse_change();

create policy "nobody but the functions" on "credits_private"."due_grants"
  for all
  to PUBLIC
  using (false);

create policy "nobody but the functions" on "credits_private"."event_handlers"
  for all
  to PUBLIC
  using (false);

create policy "nobody but the functions" on "credits_private"."metering_settings"
  for all
  to PUBLIC
  using (false);

create policy "nobody but the functions" on "credits_private"."plan_settings"
  for all
  to PUBLIC
  using (false);

create policy "nobody but the functions" on "credits_private"."story_settings"
  for all
  to PUBLIC
  using (false);

create policy "operators read metered jobs" on "public"."metered_jobs"
  for select
  to "service_role"
  using (true);

create policy "operators read grants of plans" on "public"."plan_grants"
  for select
  to "service_role"
  using (true);

create policy "operators set prices of plans" on "public"."plan_prices"
  for all
  to "service_role"
  using (true)
  with check (true);

create policy "signed-in users see what plans cost" on "public"."plan_prices"
  for select
  to "authenticated"
  using ((active AND (exists ( select
   from public.plan_versions v
  where (v.id = plan_prices.version_id)))));

create policy "operators set versions" on "public"."plan_versions"
  for all
  to "service_role"
  using (true)
  with check (true);

create policy "signed-in users see what plans grant" on "public"."plan_versions"
  for select
  to "authenticated"
  using ((exists ( select
   from public.plans p
  where (p.id = plan_versions.plan_id))));

create policy "operators set plans" on "public"."plans"
  for all
  to "service_role"
  using (true)
  with check (true);

create policy "signed-in users see plans" on "public"."plans"
  for select
  to "authenticated"
  using (active);

create policy "operators read rate cards" on "public"."rate_cards"
  for select
  to "service_role"
  using (true);

create policy "operators read rates" on "public"."rates"
  for select
  to "service_role"
  using (true);

create policy "operators read who is subscribing" on "public"."subscription_checkouts"
  for select
  to "service_role"
  using (true);

create policy "operators read invoices" on "public"."subscription_invoices"
  for select
  to "service_role"
  using (true);

create policy "operators read payments of invoices" on "public"."subscription_payments"
  for select
  to "service_role"
  using (true);

create policy "operators read versions of subscriptions" on "public"."subscription_versions"
  for select
  to "service_role"
  using (true);

create policy "operators read subscriptions" on "public"."subscriptions"
  for select
  to "service_role"
  using (true);

create policy "operators read usage" on "public"."usage_lines"
  for select
  to "service_role"
  using (true);

create policy "operators read months of usage" on "public"."usage_months"
  for select
  to "service_role"
  using (true);

comment on column "public"."credit_usage_logs"."added_amount" is 'How much of what was reserved came after the reservation, as work grew.';

comment on domain "public"."exact_cost" is 'What usage costs in credits, before it is rounded, or of more than one account can hold.';

comment on domain "public"."unit_price" is 'Credits for some units of a meter: far less than a hundredth may be the price of one.';

comment on domain "public"."usage_quantity" is 'How much of a meter was used.';

comment on function
  "credits_private"."add_plan_batch"(public.subscription_invoices, text, numeric, text, timestamp
  with time zone, timestamp with time zone) is 'Grants a batch that an invoice paid for, once per key, and notes it.';

comment on function
  "credits_private"."admit_job"(public.admission_result, uuid, text, uuid, jsonb, text, text, integer, jsonb)
  is 'The second half of an admission that begin_admission() let pass: price, reservation and job. With p_usage the most that the job may use is held, by the rate card of p_price_action. The product writes its own row when the outcome is accepted.';

comment on function "credits_private"."apply_customer_deleted"(jsonb) is 'customer.deleted: the next checkout makes another one, and whoever was to be deleted is.';

comment on function "credits_private"."apply_invoice_event"(jsonb) is 'invoice.paid, .payment_failed, .voided and .marked_uncollectible: keeps what it says; what has been paid grants, and is brought to what is known of its payments.';

comment on function "credits_private"."apply_invoice_payment"(jsonb) is 'invoice_payment.paid: keeps which invoice a payment paid. An invoice may have several.';

comment on function "credits_private"."apply_subscription_event"(jsonb) is 'customer.subscription.*: keeps what it says, and grants what waited for that.';

comment on function "credits_private"."batches_of"(uuid, text) is 'The batches of what was paid: what a reversal gave back is a batch of its own, so there can be several.';

comment on function "credits_private"."check_rate"(jsonb) is 'Refuses what is no rate, before it is read as one.';

comment on function "credits_private"."choose_live"(uuid) is 'Of several live subscriptions of a user, has one that is no spare.';

comment on function "credits_private"."cost_by"(text, integer, jsonb) is 'estimate_cost() by a given version.';

comment on function "credits_private"."cover_usage"(public.credit_usage_logs, text, numeric) is
  'Adds to a hold what its job used beyond it and its policy takes, as far as it is available. The caller holds the account''s lock.';

comment on function "credits_private"."current_card"(text) is 'The version of an action''s card that counts now; all columns null where there is none.';

comment on function "credits_private"."customer_user"(text) is 'Whose customer it is, also once it was deleted; null for nobody''s.';

comment on function "credits_private"."decide_invoice"(public.subscription_invoices, jsonb, jsonb) is
  'Writes down what an invoice that has been paid grants.';

comment on function "credits_private"."decision_of"(public.subscription_invoices, jsonb, jsonb) is
  'What a paid invoice grants: full, trial or difference; or why nothing: other_reason, same_period (another invoice of it granted), next_period (a change of plan that waits for it), second_trial, free (a discount of everything).';

comment on function "credits_private"."end_batches"(public.subscription_invoices, numeric) is
  'Ends the batches of an invoice''s subscription; returns how much of what was left of each stays, at most p_cap together, the newest first.';

comment on function "credits_private"."enjoyed_credits"(public.subscription_invoices) is
  'What of an invoice''s credits its user has had or still has: neither expired unused nor taken back.';

comment on function "credits_private"."erase_plans"(uuid) is 'Erasure: nothing more is granted; returns what Stripe keeps about a user''s subscriptions.';

comment on function "credits_private"."grant_due"(text) is 'Grants what of a paid invoice is due now, and says when the next part is; whether something came. The caller holds the account''s lock, and the user is there.';

comment on function "credits_private"."grant_due_plans"(uuid) is 'Grants what is due to a user. The caller holds the account''s lock.';

comment on function
  "credits_private"."grow_hold"(public.credit_accounts, public.credit_usage_logs, numeric, text) is
  'Adds to a reservation what its caller knows to be available; one that was swept holds nothing until it is confirmed late. Returns the account after it. The caller holds the account''s lock.';

comment on function "credits_private"."hold_credits"(uuid, uuid, numeric, text, text, jsonb, interval) is
  'reserve_credits() of what was checked; the amount may be 0.';

comment on function "credits_private"."invoice_rank"(text) is 'How final an invoice''s status is; 0 for one that is not known here.';

comment on function "credits_private"."keep_usage"(public.metered_jobs, jsonb) is 'Keeps what a job used, by meter: what was reported, else what was estimated. Returns what that costs, rounded once.';

comment on function "credits_private"."keep_version"(text, text) is 'The version that a subscription has of a price: that of the moment when the two were first seen together. Null for a price of no plan.';

comment on function "credits_private"."land_grant"(public.subscription_invoices, timestamp
  with time zone, timestamp with time zone, numeric) is 'Credits that are due from p_due_at to p_ends_at come, and in the same transaction those of the same subscription before them end.';

comment on function
  "credits_private"."land_late"(public.subscription_invoices, public.subscription_invoices, numeric) is
  'What an invoice grants whose successor came first: what would have rolled over, so that their order does not matter.';

comment on function "credits_private"."link_payment"(text, text, bigint) is 'Keeps which payment paid which invoice, whether either is known yet. Locks the payment.';

comment on function "credits_private"."matchable"(jsonb) is 'What a line of usage says beside its quantity, as far as it is names, such as those of models and sizes: no sentence is kept.';

comment on function "credits_private"."owe_usage"(public.credit_accounts, uuid, numeric) is
  'Makes a debt of what a job used and nobody could pay, up to the ceiling of the account; returns how much. The caller holds the account''s lock, and nothing is available.';

comment on function "credits_private"."paid_credits"(public.subscription_invoices) is
  'All that a paid invoice grants in the course of its period.';

comment on function "credits_private"."plan_due"(public.subscription_invoices, integer) is
  'When a paid invoice''s grant is due, counted from 0; after the last one, when the period ends.';

comment on function "credits_private"."plan_key"(text, timestamp with time zone) is 'The key of what a subscription grants at a moment.';

comment on function "credits_private"."plan_line"(jsonb) is 'The line of an invoice that stands for a period of a plan; null when there is none, as where a change of plan only charges the difference.';

comment on function "credits_private"."priced_lines"(text, integer, jsonb) is 'The lines of usage that can be read, each with its rate and its exact cost. One that no rate fits has no unit_price.';

comment on function "credits_private"."probe_absorbed_usage"() is 'Jobs of a day that used more than anybody pays for: a warning when that is above a twentieth of what usage cost.';

comment on function "credits_private"."probe_plans"() is 'Where paid invoices, grants and live subscriptions disagree: a warning, and an alarm where credits that are due do not come.';

comment on function "credits_private"."probe_unpriced_usage"() is 'Lines of usage of a day that no rate fitted: a warning when there are any.';

comment on function "credits_private"."record_invoice"(jsonb, uuid, jsonb, timestamp
  with time zone) is 'Folds what an event says about an invoice into what is known of it.';

comment on function "credits_private"."record_subscription"(public.subscriptions) is 'Folds what an event of said_at says about a subscription into what is known of it.';

comment on function "credits_private"."reinstate_credits"(uuid, text, numeric, text, integer, text) is
  'Gives back what a reversal had taken: forgives what is left of its debt, grants the rest with the expiry it had, what lasts longest first. The caller holds the locks.';

comment on function "credits_private"."reverse_invoice"(text) is 'Brings a paid invoice to what all known refunds and disputes of its payments add up to. Idempotent; order-free. The caller holds the account''s lock, and the user is there.';

comment on function "credits_private"."reverse_payment"(text) is 'The effect of a refund or a dispute of a payment that paid an invoice. The caller holds the payment''s lock.';

comment on function "credits_private"."reversed_cents"(text, text, bigint) is 'How much of a payment of so much has gone back to the payer, by refunds and by disputes, as far as Stripe has said.';

comment on function "credits_private"."reversed_of_invoice"(public.subscription_invoices) is
  'How much of an invoice has gone back to the payer, of all its payments, as far as Stripe has said.';

comment on function "credits_private"."revoke_own"(uuid, text, bigint[], numeric) is 'Takes credits that a payment bought back: from its own batches, then from the user''s others, then as a debt, which is returned. The caller holds the locks.';

comment on function "credits_private"."settle_job"(public.generation_jobs, numeric) is
  'Charges a job: p_amount of its price, or what it used where it is metered. As confirm_credits() answers.';

comment on function "credits_private"."settle_payments"(text) is 'Once an invoice of ours and a payment of it are known: what Stripe has said of the payment, and says from now on, counts. The caller holds the payments'' locks.';

comment on function "credits_private"."settled_usage"(text, public.metered_jobs) is 'An outcome together with what was settled, and today''s balances.';

comment on function "credits_private"."story_ceiling"(integer) is 'The most tokens that a story of so many pages may use; null where it costs its pages.';

comment on function "credits_private"."subscription_of"(uuid) is 'A user''s live subscription: its plan, when credits come, how many, and what is left of those that came. Null when there is none.';

comment on function "credits_private"."subscription_rank"(text) is 'Which of the statuses of one second counts; 0 for one that is not known here. The last two are for ever, and who paid in the second in which a payment failed has paid.';

comment on function "credits_private"."tie_of"(text, integer) is 'Which two rates of a card can fit one line of usage equally well, or null.';

comment on function "credits_private"."used_by"(public.generation_jobs) is 'What the backend said that a job''s present attempt used, as settle_usage() takes it; earlier attempts are the operator''s.';

comment on function "credits_private"."verify_plans"(uuid) is 'Each invoice against its grants, its revocations and what Stripe has said of its payments; each batch of a plan against what paid for it.';

comment on function "credits_private"."verify_usage"(uuid) is 'Each metered job against its lines, its reservation and the ledger: what was used is what is charged, owed and absorbed.';

comment on function "credits_private"."with_due_grants"(public.credit_accounts, numeric) is
  'The account, and where it has less than p_needed, once what is due by now has been granted. The caller holds the account''s lock.';

comment on function "public"."add_to_reservation"(uuid, uuid, numeric, integer) is 'Holds more credits for a job that is under way: all of p_amount or nothing, once for each p_seq. amount is what the job has reserved in all. Outcomes: added; already_added (p_seq was added before); different_amount (it was, with another amount: nothing changes); insufficient_credits (required says how much; what was held stays held); expired; already_confirmed; already_released; not_found. Idempotent by p_job_id and p_seq. Does not keep the hold alive: extend_reservation does. Raises 22023 for a bad argument.';

comment on function "public"."attach_subscription_session"(uuid, uuid, text) is 'Keeps the session that Stripe made for a user who is subscribing. Outcomes: attached, not_found (no such checkout of this user, or it has another session). Idempotent.';

comment on function "public"."create_subscription_checkout"(uuid, uuid, text) is 'Writes down who is about to subscribe to which price of a plan (null: its first); use checkout_id as Stripe''s idempotency key. Outcomes: created (stripe_session_id is set when there is a page that may still be open), other_price (a page for another price may be open: take it back, end it, and ask again), already_subscribed, unknown_plan, rate_limited. trial_days is 0 for whoever had a subscription before. Idempotent while the page is open. Raises PT401 when the user is gone.';

comment on function "public"."end_subscription_checkout"(uuid, uuid) is 'Forgets a page that is not to be handed out again. Outcomes: ended, not_found. Idempotent.';

comment on function "public"."estimate_cost"(text, jsonb) is 'What usage costs by today''s card of an action. p_usage is [{meter, quantity, model, size, …}], at most 100 lines, quantities of at most six decimal places. Outcomes: ok; not_offered (the action has no card); no_rate (message names the meters of lines that no rate fits); invalid (a line cannot be read, or there is none). Changes nothing.';

comment on function "public"."grant_plan_credits"() is 'Grants what plans owe by now, of at most 1,000 invoices a call; returns how many grants came. An invoice that makes it fail is passed over with a warning. A user who needs what is due gets it before it has run. Idempotent.';

comment on function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text) is
  'Notes what an attempt cost the operator at the model, whatever became of it; figures only grow, so that a repetition changes nothing. What the backend does not say is null, and not zero. Outcomes: noted, not_found. Idempotent. Raises 22023 for a negative figure.';

comment on function "public"."plan_differences"() is 'For operators, where paid invoices, grants and live subscriptions disagree: second_subscription (a user pays for two: cancel and refund one), paid_not_granted (the sweep did not run), period_paid_twice (refund one), live_without_paid_invoice (an invoice never arrived: reconcile). Idempotent: changes nothing.';

comment on function "public"."prune_usage"(timestamp with time zone, integer) is 'Turns the lines of jobs that were reserved before p_before (null: as the retention says, which is never until it is set) and have ended into sums by month, at most those of p_limit jobs; returns of how many. What was charged stays where it is. Idempotent. Raises 22023 for less than 60 days ago.';

comment on function "public"."read_subscription"(uuid) is 'What a user has subscribed to. Outcomes: ok (subscription is null when there is none), rate_limited. Idempotent but for the count of its rate limit.';

comment on function "public"."read_usage_lines"(uuid, integer, text) is 'What a user was charged, newest first: a row for each line of usage, with amounts as text, and one for each job at a fixed price. p_limit is jobs, clamped to 1..500; a page may have fewer, those that were not charged left out. Outcomes: ok (next_cursor null on the last page), invalid (the cursor is none). Changes nothing.';

comment on function "public"."reserve_metered"(uuid, uuid, text, jsonb, text, text, jsonb, interval) is
  'Holds what p_usage, the most that a job is expected to use, costs by today''s rate card of p_action; settle_usage() charges what it used. p_job_type (null: the action) is what the reservation is called. Outcomes: those of reserve_credits; not_offered (the action has no card); no_rate (no rate fits a line, such as one of an unknown model). What is free is held as 0. Idempotent by p_job_id: a repetition is priced by the job''s own version. Raises 22023 for a bad argument.';

comment on function "public"."save_rate_card"(text, jsonb, timestamp
  with time zone, text, text, text) is 'Saves the next version of an action''s rate card, valid from p_valid_from (null: now). p_rates is [{meter, unit, price, per, minimum, match, priority}], as public.rates says; only meter and price are needed, an empty card offers nothing. Outcomes: saved; unchanged (it is what the last version says); ambiguous (two rates fit a line equally well, message says which: nothing is saved). Idempotent. Work that is under way keeps its version; operator_actions has who and why. Raises 22023 for a bad argument, a validity in the past, and for an actor or a reason of nothing.';

comment on function "public"."settle_usage"(uuid, uuid, jsonb) is 'Charges a metered job for what it used, by the version of the card that it was reserved with. p_usage is as estimate_cost() takes it; a meter that was estimated and is not reported, or not as it can be read, counts as estimated, and null is no report at all. Below what is held the rest returns; above it the card says: cap, available or debt. What nobody pays is recorded as absorbed. Outcomes: settled; already_settled (the first answer, whatever is said now); settled_late (the hold had expired, and was charged or taken again all the same); expired (it could not be taken again: nothing charged); already_released (nothing charged); already_confirmed (by confirm_credits: nothing is recorded); not_found (also when it was not reserved by reserve_metered). Idempotent by p_job_id. To be called with what a server measured, never with what a client says.';

comment on function "public"."usage_summary"(uuid, text, integer) is 'What a user paid in the last p_days days (today among them; clamped to 1..60), by the day (UTC) on which it was charged, by action, or by model, '''' being what names none. Changes nothing. Raises 22023 for another p_by.';

comment on table "credits_private"."due_grants" is 'What grants credits by itself as time goes by: functions that grant what is due to a user. They are called before a user is told that credits do not suffice, so that nothing depends on a sweep having run. The caller holds the account''s lock.';

comment on table "credits_private"."event_handlers" is 'Which function has the effect of a type of event that a later domain takes: from the event as it is kept, an event_effect.';

comment on table "credits_private"."metering_settings" is 'How much an account may owe in all before usage beyond what was held no longer makes a debt and is absorbed.';

comment on table "credits_private"."plan_settings" is 'How long a plan''s credits outlast their period, because Stripe collects for the next one an hour or more after it begins, and whether a period that a discount made free grants all the same.';

comment on table "credits_private"."story_settings" is 'Whether a story costs its pages, or its tokens by the rate card ''story''; then how many are held for, and of which model.';

comment on table "public"."job_attempts" is 'Attempts at jobs. outcome is delivered, or the code that the attempt ended with. unpaid is what the job would have cost, where that counts against the budget of unpaid work; the figures about the model are what the backend said, null where it did not.';

comment on table "public"."metered_jobs" is 'Reservations that are settled by what was used: the version of the rate card, the usage that was held for, and once it is settled what the usage cost and who pays for that. charged was taken from batches, owed became a debt, absorbed is the operator''s.';

comment on table "public"."plan_grants" is 'The batches of plans: which invoice paid for them, and from when on. What rolls over is a batch of its own of the invoice that had paid for it; what comes after its successor (late) is what would have rolled over.';

comment on table "public"."plan_prices" is 'Which price at Stripe stands for which version of a plan. A price that is given another version is another offer to newcomers only; one that is not active is not offered.';

comment on table "public"."plan_versions" is 'What a plan grants, for ever. credits come once a period, or with drip ''month'' once a month also of a yearly price. Of what is left then at most rollover_cap stays, for rollover_lifetime (null: as long as the new credits). A trial grants trial_credits. upgrade says whether a change of plan that begins a new period grants at once (fresh_cycle), or the next period is the first to grant.';

comment on table "public"."plans" is 'What can be subscribed to. One that is not active is not offered; who has it keeps it.';

comment on table "public"."rate_cards" is 'Versions of the prices of actions that are priced by what they use. The one that became valid last counts, of several at the same moment the newest. over_hold says what becomes of usage beyond what was held: cap (nobody pays, it is recorded as absorbed), available (what is available pays), debt (that first, then a debt up to the ceiling).';

comment on table "public"."rates" is 'The rates of a card: credits for each 1, 1,000 or 1,000,000 of a meter, where the usage has all of match, such as {"model": "m", "size": "512x512"}. Of those that fit, the one with most keys counts, then the highest priority; the one with no keys is the default. minimum is what a line of any usage costs at least.';

comment on table "public"."stripe_payments" is 'One row per PaymentIntent, locked first by every event about it. charge_refunded_cents is the most that charge.refunded ever reported. Where a later domain sold what was paid, reversals is its function that brings that to what all facts about the payment add up to; it takes the payment''s id, under its lock.';

comment on table "public"."subscription_checkouts" is 'The payment page on which a user may be subscribing at this moment: one, so that nobody pays for two. id is Stripe''s idempotency key.';

comment on table "public"."subscription_invoices" is 'Invoices of plans. period_start and period_end are those of the plan''s own line. decision says what a paid one grants and why: grant_size, up to grants times, the first less what is deducted, the next at next_grant_at. total_cents is what it came to; of that reversed_cents went back, which stands for reversed_credits of all that it grants. taken_credits were taken for it from what had been granted.';

comment on table "public"."subscription_payments" is 'Which payments paid which invoice. amount_cents is null where Stripe named the payment alone: then it paid everything.';

comment on table "public"."subscription_versions" is 'Which version a subscription has of each price, from the moment that the price was first seen of it. A version never goes, so that no foreign key has to hold it.';

comment on table "public"."subscriptions" is 'Subscriptions as Stripe last described them, at said_at. anchor is the moment from which months are counted. is_spare: the user has another live one.';

comment on table "public"."usage_lines" is 'What settled jobs used and what each line of it cost, exactly. A line without a price fitted no rate and cost nothing; an estimated one is what was held for, because nobody reported it.';

comment on table "public"."usage_months" is 'Usage whose lines were pruned: how much of a meter was used in a month (UTC), and what that cost. What was charged for it is in credit_usage_logs and credit_usage_months.';

comment on view "public"."plan_offers" is 'What a newcomer can subscribe to, one row for each price.';

comment on view "public"."usage_margins" is 'For operators: what settled usage cost a day (UTC), by action and version of its card, and who paid for it: absorbed is what nobody did.';

comment on view "public"."work_costs" is 'For operators: what work cost a day (UTC), a user and a kind of job (calls of the backend and the model, tokens, pictures), beside the credits it brought in and those it did not.';

revoke all
  on function "credits_private"."add_plan_batch"(public.subscription_invoices, text, numeric, text, timestamp
    with time zone, timestamp with time zone)
  from public;

revoke all
  on function
    "credits_private"."admit_job"(public.admission_result, uuid, text, uuid, jsonb, text, text, integer,
    jsonb)
  from public;

revoke all on function "credits_private"."apply_customer_deleted"(jsonb) from public;

revoke all on function "credits_private"."apply_invoice_event"(jsonb) from public;

revoke all on function "credits_private"."apply_invoice_payment"(jsonb) from public;

revoke all on function "credits_private"."apply_subscription_event"(jsonb) from public;

revoke all on function "credits_private"."batches_of"(uuid, text) from public;

revoke all on function "credits_private"."check_rate"(jsonb) from public;

revoke all on function "credits_private"."choose_live"(uuid) from public;

revoke all on function "credits_private"."cost_by"(text, integer, jsonb) from public;

revoke all on function "credits_private"."cover_usage"(public.credit_usage_logs, text, numeric) from public;

revoke all on function "credits_private"."current_card"(text) from public;

revoke all on function "credits_private"."customer_user"(text) from public;

revoke all
  on function "credits_private"."decide_invoice"(public.subscription_invoices, jsonb, jsonb)
  from public;

revoke all on function "credits_private"."decision_of"(public.subscription_invoices, jsonb, jsonb) from public;

revoke all on function "credits_private"."end_batches"(public.subscription_invoices, numeric) from public;

revoke all on function "credits_private"."enjoyed_credits"(public.subscription_invoices) from public;

revoke all on function "credits_private"."erase_plans"(uuid) from public;

revoke all on function "credits_private"."grant_due"(text) from public;

revoke all on function "credits_private"."grant_due_plans"(uuid) from public;

revoke all
  on function "credits_private"."grow_hold"(public.credit_accounts, public.credit_usage_logs, numeric, text)
  from public;

revoke all
  on function "credits_private"."hold_credits"(uuid, uuid, numeric, text, text, jsonb, interval)
  from public;

revoke all on function "credits_private"."invoice_rank"(text) from public;

revoke all on function "credits_private"."keep_usage"(public.metered_jobs, jsonb) from public;

revoke all on function "credits_private"."keep_version"(text, text) from public;

revoke all
  on function "credits_private"."land_grant"(public.subscription_invoices, timestamp with time zone, timestamp
    with time zone, numeric)
  from public;

revoke all
  on function
    "credits_private"."land_late"(public.subscription_invoices, public.subscription_invoices, numeric)
  from public;

revoke all on function "credits_private"."link_payment"(text, text, bigint) from public;

revoke all on function "credits_private"."matchable"(jsonb) from public;

revoke all on function "credits_private"."owe_usage"(public.credit_accounts, uuid, numeric) from public;

revoke all on function "credits_private"."paid_credits"(public.subscription_invoices) from public;

revoke all on function "credits_private"."plan_due"(public.subscription_invoices, integer) from public;

revoke all on function "credits_private"."plan_key"(text, timestamp with time zone) from public;

revoke all on function "credits_private"."plan_line"(jsonb) from public;

revoke all on function "credits_private"."priced_lines"(text, integer, jsonb) from public;

revoke all on function "credits_private"."probe_absorbed_usage"() from public;

revoke all on function "credits_private"."probe_plans"() from public;

revoke all on function "credits_private"."probe_unpriced_usage"() from public;

revoke all
  on function "credits_private"."record_invoice"(jsonb, uuid, jsonb, timestamp with time zone)
  from public;

revoke all on function "credits_private"."record_subscription"(public.subscriptions) from public;

revoke all
  on function "credits_private"."reinstate_credits"(uuid, text, numeric, text, integer, text)
  from public;

revoke all on function "credits_private"."reverse_invoice"(text) from public;

revoke all on function "credits_private"."reverse_payment"(text) from public;

revoke all on function "credits_private"."reversed_cents"(text, text, bigint) from public;

revoke all on function "credits_private"."reversed_of_invoice"(public.subscription_invoices) from public;

revoke all on function "credits_private"."revoke_own"(uuid, text, bigint[], numeric) from public;

revoke all on function "credits_private"."settle_job"(public.generation_jobs, numeric) from public;

revoke all on function "credits_private"."settle_payments"(text) from public;

revoke all on function "credits_private"."settled_usage"(text, public.metered_jobs) from public;

revoke all on function "credits_private"."story_ceiling"(integer) from public;

revoke all on function "credits_private"."subscription_of"(uuid) from public;

revoke all on function "credits_private"."subscription_rank"(text) from public;

revoke all on function "credits_private"."tie_of"(text, integer) from public;

revoke all on function "credits_private"."used_by"(public.generation_jobs) from public;

revoke all on function "credits_private"."verify_plans"(uuid) from public;

revoke all on function "credits_private"."verify_usage"(uuid) from public;

revoke all on function "credits_private"."with_due_grants"(public.credit_accounts, numeric) from public;

revoke all on function "public"."add_to_reservation"(uuid, uuid, numeric, integer) from public;

grant execute on function "public"."add_to_reservation"(uuid, uuid, numeric, integer) to "service_role";

revoke all on function "public"."attach_subscription_session"(uuid, uuid, text) from public;

grant execute on function "public"."attach_subscription_session"(uuid, uuid, text) to "service_role";

revoke all on function "public"."create_subscription_checkout"(uuid, uuid, text) from public;

grant execute on function "public"."create_subscription_checkout"(uuid, uuid, text) to "service_role";

revoke all on function "public"."end_subscription_checkout"(uuid, uuid) from public;

grant execute on function "public"."end_subscription_checkout"(uuid, uuid) to "service_role";

revoke all on function "public"."estimate_cost"(text, jsonb) from public;

grant execute on function "public"."estimate_cost"(text, jsonb) to "service_role";

revoke all on function "public"."grant_plan_credits"() from public;

grant execute on function "public"."grant_plan_credits"() to "service_role";

revoke all
  on function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text)
  from public;

grant execute
  on function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text)
  to "service_role";

revoke all on function "public"."plan_differences"() from public;

grant execute on function "public"."plan_differences"() to "service_role";

revoke all on function "public"."prune_usage"(timestamp with time zone, integer) from public;

grant execute on function "public"."prune_usage"(timestamp with time zone, integer) to "service_role";

revoke all on function "public"."read_subscription"(uuid) from public;

grant execute on function "public"."read_subscription"(uuid) to "service_role";

revoke all on function "public"."read_usage_lines"(uuid, integer, text) from public;

grant execute on function "public"."read_usage_lines"(uuid, integer, text) to "service_role";

revoke all
  on function "public"."reserve_metered"(uuid, uuid, text, jsonb, text, text, jsonb, interval)
  from public;

grant execute
  on function "public"."reserve_metered"(uuid, uuid, text, jsonb, text, text, jsonb, interval)
  to "service_role";

revoke all
  on function "public"."save_rate_card"(text, jsonb, timestamp with time zone, text, text, text)
  from public;

grant execute
  on function "public"."save_rate_card"(text, jsonb, timestamp with time zone, text, text, text)
  to "service_role";

revoke all on function "public"."settle_usage"(uuid, uuid, jsonb) from public;

grant execute on function "public"."settle_usage"(uuid, uuid, jsonb) to "service_role";

revoke all on function "public"."usage_summary"(uuid, text, integer) from public;

grant execute on function "public"."usage_summary"(uuid, text, integer) to "service_role";

grant select on table "public"."metered_jobs" to "service_role";

grant select on table "public"."plan_grants" to "service_role";

grant select on table "public"."plan_prices" to "authenticated";

grant insert, select, update on table "public"."plan_prices" to "service_role";

grant select ("credits") on table "public"."plan_versions" to "authenticated";

grant select ("drip") on table "public"."plan_versions" to "authenticated";

grant select ("id") on table "public"."plan_versions" to "authenticated";

grant select ("plan_id") on table "public"."plan_versions" to "authenticated";

grant select ("rollover_cap") on table "public"."plan_versions" to "authenticated";

grant select ("rollover_lifetime") on table "public"."plan_versions" to "authenticated";

grant select ("trial_credits") on table "public"."plan_versions" to "authenticated";

grant select ("upgrade") on table "public"."plan_versions" to "authenticated";

grant select ("version") on table "public"."plan_versions" to "authenticated";

grant insert, select on table "public"."plan_versions" to "service_role";

grant select ("active") on table "public"."plans" to "authenticated";

grant select ("description") on table "public"."plans" to "authenticated";

grant select ("id") on table "public"."plans" to "authenticated";

grant select ("name") on table "public"."plans" to "authenticated";

grant select ("position") on table "public"."plans" to "authenticated";

grant insert, select, update on table "public"."plans" to "service_role";

grant select on table "public"."rate_cards" to "service_role";

grant select on table "public"."rates" to "service_role";

grant select on table "public"."subscription_checkouts" to "service_role";

grant select on table "public"."subscription_invoices" to "service_role";

grant select on table "public"."subscription_payments" to "service_role";

grant select on table "public"."subscription_versions" to "service_role";

grant select on table "public"."subscriptions" to "service_role";

grant select on table "public"."usage_lines" to "service_role";

grant select on table "public"."usage_months" to "service_role";

grant select on table "public"."plan_offers" to "authenticated", "service_role";

grant select on table "public"."usage_margins" to "service_role";

grant select on table "public"."work_costs" to "service_role";
