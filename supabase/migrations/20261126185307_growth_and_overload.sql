set local check_function_bodies = off;

drop trigger "credit_ledger_archived_first" on "public"."credit_ledger";

drop view "public"."work_costs";

drop function "credits_private"."archivable_entry"(uuid, timestamp with time zone, integer);

drop function "credits_private"."cost_by"(text, integer, jsonb);

drop function "credits_private"."current_card"(text);

drop function "credits_private"."hold_credits"(uuid, uuid, numeric, text, text, jsonb, interval);

drop function "credits_private"."keep_usage"(public.metered_jobs, jsonb);

drop function "credits_private"."priced_lines"(text, integer, jsonb);

drop function "credits_private"."used_by"(public.generation_jobs);

drop function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text);

drop function "public"."usage_summary"(uuid, text, integer);

create table "credits_private"."quotes" (
  "action" text not null,
  "quote"  text not null,
  constraint "quotes_pkey" primary key (action)
);

alter table "credits_private"."quotes"
  enable row level security;

alter table "credits_private"."quotes"
  owner to "postgres";

alter table "public"."job_attempts"
  add column "cached_input_tokens" bigint;

alter table "public"."job_attempts"
  add column "reasoning_tokens" bigint;

alter table "public"."subscriptions"
  add column "unpaid_since" timestamp with time zone;

create type "credits_private"."priced_line" as (
  "meter"      text,
  "unit"       text,
  "quantity"   numeric,
  "matched"    jsonb,
  "unit_price" numeric,
  "per"        integer,
  "cost"       numeric,
  "estimated"  boolean
);

alter type "credits_private"."priced_line" owner to "postgres";

create type "credits_private"."priced_usage" as (
  "outcome" text,
  "cost"    numeric,
  "message" text,
  "exact"   numeric,
  "priced"  jsonb,
  "lines"   credits_private.priced_line[]
);

alter type "credits_private"."priced_usage" owner to "postgres";

create type "public"."estimate_result" as (
  "outcome"             text,
  "cost"                numeric,
  "version"             integer,
  "over_hold"           text,
  "message"             text,
  "rate_limit"          integer,
  "rate_remaining"      integer,
  "rate_window_seconds" integer,
  "retry_after_seconds" integer
);

alter type "public"."estimate_result" owner to "postgres";

create type "public"."usage_summary_result" as (
  "outcome"             text,
  "items"               jsonb,
  "rate_limit"          integer,
  "rate_remaining"      integer,
  "rate_window_seconds" integer,
  "retry_after_seconds" integer
);

alter type "public"."usage_summary_result" owner to "postgres";

alter type "public"."usage_lines_result" add attribute "rate_limit" integer cascade;

alter type "public"."usage_lines_result" add attribute "rate_remaining" integer cascade;

alter type "public"."usage_lines_result" add attribute "rate_window_seconds" integer cascade;

alter type "public"."usage_lines_result" add attribute "retry_after_seconds" integer cascade;

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
  perform credits_private.note_unpaid(v_invoice.subscription_id); -- rule: paid-by-invoice
  if v_invoice.status = 'paid' -- rule: only-paid-grants
    and v_invoice.decision is null then
    perform credits_private.decide_invoice(v_invoice, v_object, v_line);
    perform credits_private.grant_due(v_invoice.id); -- rule: paid-grants-now
  end if;
  perform credits_private.settle_payments(v_invoice.id);
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
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
$function$;

create or replace function credits_private.archivable_entry (
  p_user_id uuid,
  p_before  timestamp with time zone,
  p_limit   integer
)
  returns bigint
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  return (
    with live as (
      -- No more than can go, because a ledger may be long and its account is locked meanwhile; and one more, because a
      -- job's debt follows its charge.
      select l.entry, l.job_id, l.kind, l.amount, l.created_at
      from public.credit_ledger l
      where l.user_id = p_user_id
      order by l.entry
      limit p_limit + 1 -- rule: debts-with-their-job
    ), jobs as (
      -- More is to come of what is still held, and of what has more rows than were read.
      select
        l.job_id,
        case
          when sum(case l.kind when 'reserve' then l.amount when 'release' then -l.amount when 'confirm' then -l.amount else 0 end) = 0
            and sum(case l.kind when 'confirm' then l.amount else 0 end) = case r.status when 'confirmed' then r.credits_used else 0 end
            and sum(case l.kind when 'refund' then l.amount else 0 end) = r.refunded_amount
          then max(l.entry) else 9223372036854775807 end as ends -- rule: held-stays
      from live l
      join public.credit_usage_logs r on r.user_id = p_user_id and r.job_id = l.job_id
      group by l.job_id, r.status, r.credits_used, r.refunded_amount
    ), reach as (
      select
        l.entry, row_number() over w as position, max(l.created_at) over w as latest, max(j.ends) over w as ends
      from live l
      left join jobs j on j.job_id = l.job_id
      window w as (order by l.entry)
    )
    select max(entry)
    from reach
    where latest < p_before -- rule: archived-when-old
      and coalesce(ends, 0) <= entry -- rule: reservations-whole
      and position <= p_limit -- rule: archive-limit
  );
end;
$function$;

alter function "credits_private"."archivable_entry"(uuid, timestamp
  with time zone, integer) owner to "postgres";

create or replace function credits_private.archive_account (
  p_user_id uuid,
  p_entry   bigint
)
  returns integer
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_count integer;
begin
  if p_entry is null then
    return 0;
  end if;
  insert into public.credit_checkpoints (user_id, entry, available, reserved, debt, archived_at)
  select user_id, entry, available_after, reserved_after, debt_after, credits_private.clock()
  from public.credit_ledger
  where user_id = p_user_id and entry = p_entry
  on conflict (user_id) do update
  set entry = excluded.entry, available = excluded.available, reserved = excluded.reserved, debt = excluded.debt,
    archived_at = excluded.archived_at;

  insert into public.credit_archive_sums as s (user_id, kind, batch_id, reference, amount)
  select
    user_id, kind, batch_id, case when kind in ('revoke', 'forgive') then reference end, -- rule: references-kept
    sum(amount)
  from public.credit_ledger
  where user_id = p_user_id and entry <= p_entry
  group by 1, 2, 3, 4
  on conflict (user_id, kind, batch_id, reference) do update set amount = s.amount + excluded.amount; -- rule: sums-grow

  with ended as (
    delete from public.credit_usage_logs
    where user_id = p_user_id and last_entry <= p_entry and settled_at is not null
      -- So that it need not look at those that came later.
      and created_at < (select l.created_at from public.credit_ledger l where l.user_id = p_user_id and l.entry = p_entry) + interval '1 day'
    returning *
  )
  insert into public.credit_usage_months as m (user_id, month, job_type, reservations, charged, refunded)
  select
    user_id, date_trunc('month', settled_at at time zone 'UTC')::date, job_type, count(*),
    coalesce(sum(credits_used) filter (where status = 'confirmed'), 0), -- rule: months-charge
    sum(refunded_amount)
  from ended
  group by 1, 2, 3
  on conflict (user_id, month, job_type) do update
  set reservations = m.reservations + excluded.reservations, charged = m.charged + excluded.charged,
    refunded = m.refunded + excluded.refunded;

  insert into public.credit_ledger_archive select * from public.credit_ledger where user_id = p_user_id and entry <= p_entry;
  delete from public.credit_ledger where user_id = p_user_id and entry <= p_entry;
  get diagnostics v_count = row_count;
  return v_count;
end;
$function$;

create or replace function credits_private.confirm_hold (
  p_account public.credit_accounts,
  p_hold    public.credit_usage_logs,
  p_amount  numeric
)
  returns public.settlement_result
  language plpgsql
  set search_path to ''
  AS $function$
declare
  v_charged numeric;
  v_late boolean;
begin
  if p_hold.status = 'confirmed'
    -- rule: released-for-good
    or (p_hold.status = 'refunded' and p_hold.settle_reason is distinct from 'expired') then
    return credits_private.settled_before(p_hold);
  end if;

  -- Decide. A sweep with a shorter time to live may have come before expires_at.
  v_charged := coalesce(p_amount, p_hold.reserved_amount);
  if v_charged > p_hold.reserved_amount then -- rule: charged-at-most
    perform credits_private.refuse_argument('p_amount', 'must not exceed the reserved amount');
  end if;
  -- rule: confirmed-late
  v_late := p_hold.status = 'refunded' or p_hold.expires_at <= credits_private.clock();

  -- Post.
  if p_hold.status = 'refunded' and v_charged > 0 then
    p_account := credits_private.without_expired(p_account);
    if p_account.available < v_charged or p_account.erased_at is not null then
      return row('expired', p_hold.job_id, 0, p_hold.reserved_amount, p_account.available, p_account.reserved)
        ::public.settlement_result;
    end if;
    p_hold.first_entry := p_account.last_entry + 1;
    p_account := credits_private.take_from_batches(p_account, 'reserve', v_charged, p_hold.job_id);
    p_hold.last_entry := p_account.last_entry;
  elsif p_hold.status = 'reserved' and v_charged < p_hold.reserved_amount then
    -- rule: rest-returns
    p_account := credits_private.return_to_batches(p_hold, p_hold.reserved_amount - v_charged);
  end if;
  if v_charged > 0 then
    p_account := credits_private.post_entry(p_hold.user_id, 'confirm', v_charged, null, p_hold.job_id);
  end if;
  update public.credit_usage_logs
  set
    status = 'confirmed', credits_used = v_charged, settled_at = credits_private.clock(), settle_reason = null,
    first_entry = p_hold.first_entry, last_entry = p_hold.last_entry
  where user_id = p_hold.user_id and job_id = p_hold.job_id;
  return row(
    case when v_late then 'confirmed_late' else 'confirmed' end, p_hold.job_id, v_charged,
    p_hold.reserved_amount - v_charged, p_account.available, p_account.reserved
  )::public.settlement_result;
end;
$function$;

alter function "credits_private"."confirm_hold"(public.credit_accounts, public.credit_usage_logs, numeric)
  owner to "postgres";

create or replace function credits_private.current_version (
  p_action text
)
  returns integer
  language plpgsql
  stable
  set search_path to ''
  AS $function$
begin
  return (
    select version
    from public.rate_cards
    where action = p_action
      and valid_from <= credits_private.clock() -- rule: card-valid
    order by valid_from desc, version desc -- rule: card-newest
    limit 1
  );
end;
$function$;

alter function "credits_private"."current_version"(text) owner to "postgres";

create or replace function credits_private.hold_credits (
  p_account     public.credit_accounts,
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
  v_account public.credit_accounts := p_account;
  v_user_id uuid := p_account.user_id;
  v_reservation public.credit_usage_logs;
  v_first_entry bigint;
  v_now timestamptz;
begin
  if v_user_id is null then
    return row('insufficient_credits', null, null, null, p_amount, null, null, null)::public.reservation_result;
  end if;

  -- Look.
  select * into v_reservation from public.credit_usage_logs where user_id = v_user_id and job_id = p_job_id;
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
    v_user_id, p_job_id, p_job_type, p_amount, p_amount, 'reserved', p_description,
    credits_private.allowed_metadata(p_metadata), -- rule: allowed-metadata
    v_first_entry, v_account.last_entry, v_now + p_ttl, v_now
  );
  return row(
    'reserved', p_job_id, 'reserved', p_amount, null, v_account.available, v_account.reserved, v_now + p_ttl
  )::public.reservation_result;
end;
$function$;

alter function
  "credits_private"."hold_credits"(public.credit_accounts, uuid, numeric, text, text, jsonb, interval) owner
  to "postgres";

create or replace function credits_private.keep_archived()
  returns trigger
  language plpgsql
  set search_path to ''
  AS $function$
begin
  -- A look-up for each row, whatever is planned: a join might read the whole archive for one user's rows.
  if exists (
    select from gone g
    where (select true from public.credit_ledger_archive a where a.user_id = g.user_id and a.entry = g.entry) is null -- rule: archived-first
  ) then
    raise exception 'public.credit_ledger is append-only' using errcode = 'restrict_violation';
  end if;
  return null;
end;
$function$;

create or replace function credits_private.note_unpaid (
  p_subscription_id text
)
  returns void
  language plpgsql
  set search_path to ''
  AS $function$
begin
  update public.subscriptions s
  set unpaid_since = n.since
  from (
    select case
      when r.status in ('active', 'trialing') and not exists (
        select from public.subscription_invoices i
        where i.subscription_id = r.id and i.status = 'paid' and i.period_end > r.period_start
      ) then r.period_start
    end as since
    from public.subscriptions r
    where r.id = p_subscription_id
  ) n
  where s.id = p_subscription_id and s.unpaid_since is distinct from n.since;
end;
$function$;

alter function "credits_private"."note_unpaid"(text) owner to "postgres";

create or replace function credits_private.part_with_a_rate (
  p_job   public.generation_jobs,
  p_meter text,
  p_part  bigint,
  p_whole bigint,
  p_model text
)
  returns bigint
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_metered public.metered_jobs;
  v_priced credits_private.priced_usage;
begin
  if p_part > 0 and p_whole is not null then
    select * into strict v_metered from public.metered_jobs where user_id = p_job.user_id and job_id = p_job.id;
    v_priced := credits_private.price_usage(
      v_metered.action, v_metered.version,
      jsonb_build_array(jsonb_build_object('meter', p_meter, 'quantity', p_part, 'model', p_model))
    );
    if v_priced.outcome = 'ok' then -- rule: part-with-a-rate
      return least(p_part, p_whole); -- rule: part-at-most-whole
    end if;
  end if;
  return 0;
end;
$function$;

alter function "credits_private"."part_with_a_rate"(public.generation_jobs, text, bigint, bigint, text) owner
  to "postgres";

create or replace function credits_private.price_usage (
  p_action    text,
  p_version   integer,
  p_usage     jsonb,
  p_ceiling   jsonb   default null::jsonb,
  p_estimated boolean default false
)
  returns credits_private.priced_usage
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_priced credits_private.priced_usage;
  v_unsaid credits_private.priced_usage;
begin
  select
    case
      when count(*) = 0 or count(*) < jsonb_array_length(p_usage) then 'invalid' -- rule: all-lines-read
      when count(p.price) < count(*) then 'no_rate' -- rule: unknown-refused
      else 'ok'
    end,
    null::numeric, string_agg(p.meter, ', ') filter (where p.price is null), sum(p.cost),
    jsonb_agg(p.meter) filter (where p.price is not null),
    array_agg(row(p.meter, p.unit, p.quantity, p.matched, p.price, p.per, p.cost, p_estimated)::credits_private.priced_line)
  into v_priced
  from (
    select
      u.meter, r.unit, u.quantity, u.matched, r.price, r.per,
      -- By the reciprocal: a division would round.
      case
        when r.price is null or u.quantity = 0 then 0 -- rule: zero-costs-nothing
        else greatest(
          u.quantity * r.price * case r.per when 1000000 then 0.000001 when 1000 then 0.001 else 1 end,
          r.minimum -- rule: minimum
        )
      end as cost
    from (
      select
        e.value ->> 'meter' as meter,
        case when jsonb_typeof(e.value -> 'quantity') = 'number' then (e.value -> 'quantity')::numeric end as quantity, -- rule: missing-is-not-zero
        case
          when e.value - '{meter,quantity}'::text[] = '{}' then '{}'
          else credits_private.matchable(e.value - '{meter,quantity}'::text[])
        end as matched
      from jsonb_array_elements(
        case when jsonb_typeof(p_usage) = 'array' and jsonb_array_length(p_usage) <= 100 then p_usage else '[]' end
      ) e
      where jsonb_typeof(e.value -> 'meter') = 'string'
      offset 0 -- What a line says is read once, and not again for each rate.
    ) u
    left join lateral (
      select c.price, c.unit, c.per, c.minimum
      from public.rates c
      where c.action = p_action and c.version = p_version and c.meter = u.meter
        and u.matched @> c.match -- rule: rate-fits
      order by c.keys desc, c.priority desc -- rule: most-keys-win
      limit 1
    ) r on true
    where u.quantity between 0 and 1000000000000000 and u.quantity = round(u.quantity, 6) -- rule: quantity-can-be
      and (r.price is not null or u.meter ~ '^[a-z][a-z0-9_]{0,39}$')
    offset 0
  ) p;
  if not jsonb_path_query_array(p_ceiling, '$[*].meter') <@ coalesce(v_priced.priced, '[]') then -- rule: unsaid-as-estimated
    v_unsaid := credits_private.price_usage(
      p_action, p_version,
      (select jsonb_agg(c.value) from jsonb_array_elements(p_ceiling) c where (v_priced.priced ? (c.value ->> 'meter')) is not true),
      p_estimated => true
    );
    v_priced.lines := v_priced.lines || v_unsaid.lines;
    v_priced.exact := coalesce(v_priced.exact, 0) + v_unsaid.exact;
  end if;
  v_priced.cost := round(ceil(v_priced.exact * 100) * 0.01, 2); -- rule: rounded-once-up
  return v_priced;
end;
$function$;

alter function "credits_private"."price_usage"(text, integer, jsonb, jsonb, boolean) owner to "postgres";

create or replace function credits_private.quote_story (
  p_pages integer
)
  returns public.cost_estimate
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_ceiling jsonb := credits_private.story_ceiling(p_pages);
  v_price record;
begin
  if v_ceiling is not null then -- rule: quoted-as-held
    return public.estimate_cost('story', v_ceiling);
  end if;
  v_price := credits_private.price_of('story_page', p_pages);
  return row(
    case when v_price.offered then 'ok' else 'not_offered' end, 'story', null, v_price.cost, null
  )::public.cost_estimate;
end;
$function$;

alter function "credits_private"."quote_story"(integer) owner to "postgres";

create or replace function credits_private.usage_sums (
  p_user_id uuid,
  p_by      text,
  p_days    integer
)
  returns table (
    key     text,
    jobs    bigint,
    credits numeric
  )
  language plpgsql
  stable
  set search_path to ''
  set plan_cache_mode to 'force_custom_plan'
  AS $function$
declare
  -- What is younger than 60 days is never archived.
  v_since timestamptz := date_trunc('day', credits_private.clock() at time zone 'UTC') at time zone 'UTC'
    - make_interval(days => least(greatest(coalesce(p_days, 30), 1), 60) - 1); -- rule: summary-since
begin
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

alter function "credits_private"."usage_sums"(uuid, text, integer) owner to "postgres";

create or replace function credits_private.used_by (
  p_job public.generation_jobs
)
  returns jsonb
  language plpgsql
  stable
  set search_path to ''
  AS $function$
declare
  v_attempt public.job_attempts;
  v_cached bigint;
  v_reasoning bigint;
begin
  select * into v_attempt
  from public.job_attempts
  where job_id = p_job.id
    and attempt = p_job.attempt; -- rule: delivering-attempt
  v_cached := credits_private.part_with_a_rate(
    p_job, 'cached_input_tokens', v_attempt.cached_input_tokens, v_attempt.input_tokens, v_attempt.model
  );
  v_reasoning := credits_private.part_with_a_rate(
    p_job, 'reasoning_tokens', v_attempt.reasoning_tokens, v_attempt.output_tokens, v_attempt.model
  );
  return (
    select coalesce(
      jsonb_agg(jsonb_strip_nulls(jsonb_build_object('meter', m.meter, 'quantity', m.quantity, 'model', v_attempt.model))), '[]'
    )
    from (
      values
        ('input_tokens', v_attempt.input_tokens - v_cached), -- rule: cached-once
        ('cached_input_tokens', nullif(v_cached, 0)),
        ('output_tokens', v_attempt.output_tokens - v_reasoning), -- rule: reasoning-once
        ('reasoning_tokens', nullif(v_reasoning, 0)),
        ('pictures', v_attempt.pictures)
    ) m (meter, quantity)
    where m.quantity is not null
  );
end;
$function$;

alter function "credits_private"."used_by"(public.generation_jobs) owner to "postgres";

create or replace function credits_private.verify_accounts (
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
  set enable_seqscan to 'off'
  set plan_cache_mode to 'force_generic_plan'
  AS $function$
begin
  return query
  select p_user_id, v.what, v.expected, v.actual
  from (
    select
      count(*) as rows, coalesce(sum(e.available_change), 0) as available, coalesce(sum(e.reserved_change), 0) as reserved,
      coalesce(sum(e.debt_change), 0) as debt, max(e.entry) as last_entry,
      coalesce(sum(e.amount) filter (where e.kind in ('revoke', 'debt')), 0) as revoked,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded,
      coalesce(sum(e.amount) filter (where e.kind = 'debt'), 0) as indebted
    from credits_private.ledger_effects e
    where e.user_id = p_user_id
  ) s
  cross join (
    select count(*) as rows, coalesce(sum(x.remaining_amount), 0) as remaining
    from public.user_credits x
    where x.user_id = p_user_id
  ) b
  cross join (
    select count(*) as rows, coalesce(sum(r.reserved_amount), 0) as held
    from public.credit_usage_logs r
    where r.status = 'reserved' and r.user_id = p_user_id
  ) h
  cross join (
    select coalesce(sum(x.remaining_amount), 0) as owed, coalesce(sum(x.original_amount), 0) as made
    from public.credit_debts x
    where x.user_id = p_user_id
  ) d
  cross join (
    select coalesce(sum(x.amount), 0) as taken, coalesce(sum(x.debt_amount), 0) as owed
    from public.credit_revocations x
    where x.user_id = p_user_id
  ) c
  cross join (
    select coalesce(sum(x.amount), 0) as returned from public.credit_refunds x where x.user_id = p_user_id
  ) f
  left join public.credit_accounts a on a.user_id = p_user_id
  left join public.credit_checkpoints k on k.user_id = p_user_id
  cross join lateral (
    values
      ('account is missing', 1, (a.user_id is not null)::integer::numeric),
      ('account available against the ledger', s.available, a.available::numeric),
      ('account reserved against the ledger', s.reserved, a.reserved::numeric),
      ('account debt against the ledger', s.debt, a.debt::numeric),
      ('account last_entry against the ledger', coalesce(s.last_entry, k.entry, 0)::numeric, a.last_entry::numeric),
      ('account available against its batches', b.remaining, a.available::numeric),
      ('account reserved against its reservations', h.held, a.reserved::numeric),
      ('account debt against its debts', d.owed, a.debt::numeric),
      ('debts made against the ledger', s.indebted, d.made),
      ('revocations against the ledger', s.revoked, c.taken),
      ('debts of revocations against the ledger', s.indebted, c.owed),
      ('refunds against the ledger', s.refunded, f.returned),
      ('available although there is a debt', 0, case when a.debt > 0 then a.available else 0 end::numeric)
  ) v (what, expected, actual)
  where v.expected is distinct from v.actual
    and (a.user_id is not null or (v.what = 'account is missing' and s.rows + b.rows + h.rows > 0));
end;
$function$;

create or replace function credits_private.verify_archive (
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
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.credit_checkpoints c where c.user_id = p_user_id)
    and not exists (select from public.credit_archive_sums s where s.user_id = p_user_id)
  then
    return;
  end if;
  return query
  with sums as (
    select
      e.user_id, sum(e.available_change) as available, sum(e.reserved_change) as reserved, sum(e.debt_change) as debt,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded
    from credits_private.ledger_effects e
    where e.entry is null and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id
  ), months as (
    select m.user_id, sum(m.charged) as charged, sum(m.refunded) as refunded
    from public.credit_usage_months m
    where p_user_id is null or m.user_id = p_user_id
    group by m.user_id
  )
  select coalesce(s.user_id, c.user_id), 'archive: ' || v.what, v.expected, v.actual
  from sums s
  full join public.credit_checkpoints c on c.user_id = s.user_id
  left join months m on m.user_id = c.user_id
  cross join lateral (
    values
      ('available at the checkpoint', s.available, c.available::numeric),
      ('reserved at the checkpoint', s.reserved, c.reserved::numeric),
      ('debt at the checkpoint', s.debt, c.debt::numeric),
      ('charged by month', s.charged, coalesce(m.charged, 0)),
      ('refunded by month', s.refunded, coalesce(m.refunded, 0))
  ) v (what, expected, actual)
  where (p_user_id is null or coalesce(s.user_id, c.user_id) = p_user_id) and v.expected is distinct from v.actual;
end;
$function$;

create or replace function credits_private.verify_batches (
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
  set enable_seqscan to 'off'
  set plan_cache_mode to 'force_generic_plan'
  AS $function$
begin
  return query
  with moves as (
    select
      e.batch_id, sum(e.available_change) as remaining,
      coalesce(sum(e.amount) filter (where e.kind = 'grant'), 0) as granted
    from credits_private.ledger_effects e
    where e.available_change <> 0 and e.user_id = p_user_id
    group by e.batch_id
  ), batches as (
    select * from public.user_credits b where b.user_id = p_user_id
  )
  select p_user_id, 'batch ' || coalesce(b.id, m.batch_id) || ': ' || v.what, v.expected, v.actual
  from batches b
  full join moves m on m.batch_id = b.id
  cross join lateral (
    values
      ('remaining_amount against the ledger', coalesce(m.remaining, 0), b.remaining_amount::numeric),
      ('original_amount against the ledger', coalesce(m.granted, 0), b.original_amount::numeric),
      ('holds more than was granted', 0, greatest(b.remaining_amount - b.original_amount, 0))
  ) v (what, expected, actual)
  where v.expected is distinct from v.actual;
end;
$function$;

create or replace function credits_private.verify_ledger (
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
  set enable_seqscan to 'off'
  set plan_cache_mode to 'force_generic_plan'
  AS $function$
begin
  return query
  with chain as (
    select
      e.*,
      coalesce(c.entry, 0) + row_number() over w as position,
      coalesce(c.available, 0) + sum(e.available_change) over w as available_sum,
      coalesce(c.reserved, 0) + sum(e.reserved_change) over w as reserved_sum,
      coalesce(c.debt, 0) + sum(e.debt_change) over w as debt_sum
    from credits_private.ledger_effects e
    left join public.credit_checkpoints c on c.user_id = e.user_id -- rule: verify-from-checkpoint
    where e.entry is not null and e.user_id = p_user_id
    window w as (order by e.entry)
  )
  select c.user_id, 'ledger entry ' || c.entry || ': ' || v.what, v.expected, v.actual
  from chain c
  cross join lateral (
    values
      ('numbering has a gap', c.position::numeric, c.entry::numeric),
      ('available_after', c.available_sum, c.available_after::numeric),
      ('reserved_after', c.reserved_sum, c.reserved_after::numeric),
      ('debt_after', c.debt_sum, c.debt_after::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$function$;

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
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.subscription_invoices i where i.user_id = p_user_id)
    and not exists (select from public.plan_grants g where g.user_id = p_user_id)
    and not exists (select from public.user_credits b where b.user_id = p_user_id and b.source = 'plan')
  then
    return;
  end if;
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
  where g.amount is distinct from b.original_amount
  union all
  select s.user_id, 'subscription ' || s.id || ': unpaid_since', v.expected, v.actual
  from public.subscriptions s
  cross join lateral (
    select
      case
        when s.status in ('active', 'trialing') and coalesce((
          select max(i.period_end) from public.subscription_invoices i where i.subscription_id = s.id and i.status = 'paid'
        ), '-infinity') <= s.period_start then extract(epoch from s.period_start)
        else 0
      end as expected,
      coalesce(extract(epoch from s.unpaid_since), 0) as actual
  ) v
  where (p_user_id is null or s.user_id = p_user_id) and v.expected <> v.actual;
end;
$function$;

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
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.credit_purchases p where p.user_id = p_user_id)
    and not exists (select from public.user_credits b where b.user_id = p_user_id and b.source = 'purchase')
  then
    return;
  end if;
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
  set enable_seqscan to 'off'
  set plan_cache_mode to 'force_generic_plan'
  AS $function$
begin
  return query
  with reservations as (
    select * from public.credit_usage_logs r where r.user_id = p_user_id
  ), moves as (
    select
      e.job_id, sum(e.reserved_change) as held,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded,
      sum(e.amount) filter (where e.kind = 'reserve' and e.entry between r.first_entry and r.last_entry) as allocated,
      min(e.entry) filter (where e.kind = 'reserve' and e.entry between r.first_entry and r.last_entry) as first_entry,
      max(e.entry) filter (where e.kind = 'reserve' and e.entry between r.first_entry and r.last_entry) as last_entry
    from credits_private.ledger_effects e
    left join public.credit_usage_logs r on r.user_id = e.user_id and r.job_id = e.job_id
    where e.job_id is not null and e.user_id = p_user_id
    group by e.job_id
  )
  select p_user_id, 'reservation ' || coalesce(r.job_id, m.job_id) || ': ' || v.what, v.expected, v.actual
  from reservations r
  full join moves m on m.job_id = r.job_id
  cross join lateral (
    values
      ('held against the ledger', coalesce(m.held, 0), case when r.status = 'reserved' then r.reserved_amount else 0 end::numeric),
      ('charged against the ledger', coalesce(m.charged, 0), case when r.status = 'confirmed' then r.credits_used else 0 end::numeric),
      ('refunded against the ledger', coalesce(m.refunded, 0), coalesce(r.refunded_amount, 0)::numeric),
      -- A late confirm that took its credits again took what it charged, which may be less than was reserved.
      ('allocation against the ledger', coalesce(m.allocated, 0),
        case when r.status = 'confirmed' and m.allocated = r.credits_used then r.credits_used else r.reserved_amount end::numeric),
      ('first_entry against the ledger', m.first_entry::numeric, r.first_entry::numeric),
      ('last_entry against the ledger', m.last_entry::numeric, r.last_entry::numeric),
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
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.metered_jobs m where m.user_id = p_user_id)
    and not exists (select from public.usage_lines l where l.user_id = p_user_id)
  then
    return;
  end if;
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

create or replace function public.archive_ledger (
  p_before timestamp with time zone default null::timestamp with time zone,
  p_limit  integer                  default 10000
)
  returns integer
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_before timestamptz := credits_private.kept_since('ledger', p_before);
  v_walk credits_private.retention;
  v_user_id uuid;
  v_last uuid;
  v_looked integer := 0;
  v_count integer := 0;
begin
  -- One walk at a time: whoever comes second leaves it to the first.
  select * into v_walk from credits_private.retention where what = 'ledger' for update skip locked;
  if v_walk.what is null or v_before is null then
    perform credits_private.note_run('archive_ledger', 0);
    return 0;
  end if;
  for v_last in
    select user_id from public.credit_accounts
    where user_id >= coalesce(v_walk.walked_to, '00000000-0000-0000-0000-000000000000')
    order by user_id
    limit 10000
  loop
    v_looked := v_looked + 1;
    continue when (
      select created_at from public.credit_ledger where user_id = v_last order by entry limit 1
    ) < v_before is not true;
    -- A busy account is left for the next walk, so that nobody waits for this one.
    select user_id into v_user_id from public.credit_accounts where user_id = v_last for no key update skip locked;
    continue when not found;
    v_count := v_count
      -- Whoever would fill up what is left of the limit may have more than that: they would wait for the next walk.
      + credits_private.archive_account(v_user_id, credits_private.archivable_entry(v_user_id, v_before, p_limit));
    exit when v_count >= p_limit;
  end loop;
  update credits_private.retention
  set walked_to = case when v_looked = 10000 or v_count >= p_limit then v_last end
  where what = 'ledger';
  perform credits_private.note_run('archive_ledger', v_count);
  return v_count;
end;
$function$;

create or replace function public.confirm_credits (
  p_user_id uuid,
  p_job_id  uuid,
  p_amount  numeric default null::numeric
)
  returns public.settlement_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_account public.credit_accounts;
  v_reservation public.credit_usage_logs;
begin
  if p_amount is not null and p_amount <> 0 and not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be at least 0 with at most two decimal places');
  end if;
  v_account := credits_private.lock_account(p_user_id);
  select * into v_reservation
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-confirm
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  end if;
  return credits_private.confirm_hold(v_account, v_reservation, p_amount);
end;
$function$;

create or replace function public.estimate_cost (
  p_action text,
  p_usage  jsonb
)
  returns public.cost_estimate
  language plpgsql
  stable
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_version integer := credits_private.current_version(p_action);
  v_priced credits_private.priced_usage;
begin
  if v_version is null then
    return row('not_offered', p_action, null, null, null)::public.cost_estimate;
  end if;
  v_priced := credits_private.price_usage(p_action, v_version, p_usage);
  return row(
    v_priced.outcome, p_action, v_version, case v_priced.outcome when 'ok' then v_priced.cost end, v_priced.message
  )::public.cost_estimate;
end;
$function$;

create or replace function public.note_job_usage (
  p_job_id              uuid,
  p_attempt             integer,
  p_model_calls         integer default 0,
  p_input_tokens        bigint  default null::bigint,
  p_output_tokens       bigint  default null::bigint,
  p_pictures            integer default null::integer,
  p_model               text    default null::text,
  p_cached_input_tokens bigint  default null::bigint,
  p_reasoning_tokens    bigint  default null::bigint
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
  if p_model_calls is null
    or least(p_model_calls, p_input_tokens, p_output_tokens, p_pictures, p_cached_input_tokens, p_reasoning_tokens) < 0 then
    perform credits_private.refuse_argument('p_model_calls', 'and the other figures must be at least 0');
  end if;
  update public.job_attempts
  set
    model_calls = greatest(model_calls, p_model_calls),
    input_tokens = greatest(input_tokens, p_input_tokens),
    output_tokens = greatest(output_tokens, p_output_tokens),
    pictures = greatest(pictures, p_pictures),
    model = coalesce(p_model, model),
    cached_input_tokens = greatest(cached_input_tokens, p_cached_input_tokens),
    reasoning_tokens = greatest(reasoning_tokens, p_reasoning_tokens)
  where job_id = p_job_id and attempt = p_attempt
  returning * into v_attempt;
  return row(
    case when v_attempt.job_id is null then 'not_found' else 'noted' end, p_job_id, null, v_attempt.user_id, null, null
  )::public.job_result;
end;
$function$;

revoke all on routine "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint) from anon, authenticated, service_role;

alter function
  "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint) owner to
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
  set enable_seqscan to 'off'
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
  select s.user_id, s.id, null, 'live_without_paid_invoice', s.unpaid_since
  from public.subscriptions s
  -- Stripe may take three days to collect.
  where s.unpaid_since < v_now - interval '73 hours'; -- rule: unpaid-shown
end;
$function$;

create or replace function public.read_estimate (
  p_user_id uuid,
  p_action  text,
  p_usage   jsonb   default null::jsonb,
  p_units   integer default null::integer
)
  returns public.estimate_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_check credits_private.rate_check;
  v_quote text;
  v_estimate public.cost_estimate;
  v_result public.estimate_result;
begin
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'estimate');
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then -- rule: estimates-limited
    v_result.outcome := 'rate_limited';
    return v_result;
  elsif p_units is null then
    v_estimate := public.estimate_cost(p_action, p_usage);
  elsif (p_units between 1 and 1000) is not true or p_usage is not null then
    v_estimate.outcome := 'invalid';
  else
    select q.quote into v_quote from credits_private.quotes q where q.action = p_action;
    v_estimate.outcome := 'not_offered';
    if found then
      execute format('select q.outcome, q.action, q.version, q.cost, q.message from %s($1) q', v_quote::regproc)
        into v_estimate.outcome, v_estimate.action, v_estimate.version, v_estimate.cost, v_estimate.message using p_units;
    end if;
  end if;
  v_result.outcome := v_estimate.outcome;
  v_result.message := v_estimate.message;
  if v_estimate.outcome = 'ok' then
    v_result.cost := v_estimate.cost;
    v_result.version := v_estimate.version;
    v_result.over_hold := (
      select c.over_hold from public.rate_cards c where c.action = v_estimate.action and c.version = v_estimate.version
    );
  end if;
  return v_result;
end;
$function$;

revoke all on routine "public"."read_estimate"(uuid, text, jsonb, integer) from anon, authenticated, service_role;

alter function "public"."read_estimate"(uuid, text, jsonb, integer) owner to "postgres";

create or replace function public.read_usage_lines (
  p_user_id uuid,
  p_limit   integer default 500,
  p_cursor  text    default null::text
)
  returns public.usage_lines_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_check credits_private.rate_check;
  v_before record := credits_private.usage_cursor(p_cursor);
  v_result public.usage_lines_result;
begin
  -- All pages are one reading.
  if p_cursor is null then
    set local synchronous_commit = off;
    v_check := credits_private.consume_policy(p_user_id, 'usage_csv');
    v_result.rate_limit := v_check.max_requests;
    v_result.rate_remaining := v_check.remaining;
    v_result.rate_window_seconds := v_check.window_seconds;
    v_result.retry_after_seconds := v_check.retry_after_seconds;
    if not v_check.allowed then -- rule: lines-limited
      v_result.outcome := 'rate_limited';
      return v_result;
    end if;
  end if;
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
declare
  v_account public.credit_accounts;
begin
  -- A default is computed with its caller's rights, who may not call hold().
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, p_amount, p_job_type, p_ttl);
  -- Without an account there is nothing to lock: a first grant may open it at this very moment.
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  return credits_private.hold_credits(v_account, p_job_id, p_amount, p_job_type, p_description, p_metadata, p_ttl);
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
  v_account public.credit_accounts;
  v_before public.metered_jobs;
  v_version integer;
  v_priced credits_private.priced_usage;
  v_result public.reservation_result;
begin
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, 1, coalesce(p_job_type, p_action), p_ttl);
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  select * into v_before from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
  if v_before.action = p_action
    and exists (select from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id) then -- rule: version-kept
    v_version := v_before.version;
  else
    v_version := credits_private.current_version(p_action);
  end if;
  if v_version is null then
    return row('not_offered', null, null, null, null, null, null, null)::public.reservation_result;
  end if;

  v_priced := credits_private.price_usage(p_action, v_version, p_usage);
  if v_priced.outcome = 'invalid' then
    perform credits_private.refuse_argument('p_usage', 'must be lines of a meter and a quantity');
  elsif v_priced.outcome <> 'ok' then
    return row(v_priced.outcome, null, null, null, null, null, null, null)::public.reservation_result;
  elsif v_priced.cost = 0 then
    -- What costs nothing needs no credits, and so perhaps the first account of its user.
    v_account := credits_private.ensure_account(p_user_id);
  end if;
  v_result := credits_private.hold_credits(
    v_account, p_job_id, v_priced.cost, coalesce(p_job_type, p_action), p_description, p_metadata, p_ttl
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
  v_priced credits_private.priced_usage;
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
  v_priced := credits_private.price_usage(v_job.action, v_job.version, p_usage, v_job.ceiling);
  if v_priced.cost > v_hold.reserved_amount then
    select over_hold into strict v_over_hold from public.rate_cards where action = v_job.action and version = v_job.version;
    perform credits_private.cover_usage(v_hold, v_over_hold, v_priced.cost);
    select * into strict v_account from public.credit_accounts where user_id = p_user_id;
    select * into strict v_hold from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  end if;
  v_settlement := credits_private.confirm_hold(v_account, v_hold, least(v_priced.cost, v_hold.reserved_amount));
  if v_settlement.outcome not in ('confirmed', 'confirmed_late') then -- rule: uncharged-unkept
    return row(
      v_settlement.outcome, p_job_id, null, v_settlement.charged, v_settlement.returned, 0, 0, v_settlement.available, v_settlement.reserved
    )::public.usage_settlement;
  end if;
  insert into public.usage_lines (user_id, job_id, line, meter, unit, quantity, matched, unit_price, per, cost, estimated)
  select p_user_id, p_job_id, l.line, l.meter, l.unit, l.quantity, l.matched, l.unit_price, l.per, l.cost, l.estimated
  from unnest(v_priced.lines) with ordinality l (meter, unit, quantity, matched, unit_price, per, cost, estimated, line);
  v_job.cost := v_priced.cost;
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

create or replace function public.usage_summary (
  p_user_id uuid,
  p_by      text    default 'day'::text,
  p_days    integer default 30
)
  returns public.usage_summary_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_check credits_private.rate_check;
  v_result public.usage_summary_result;
begin
  if (p_by in ('day', 'action', 'model')) is not true then
    perform credits_private.refuse_argument('p_by', 'must be day, action or model');
  end if;
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'usage_summary');
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  v_result.outcome := 'rate_limited';
  if v_check.allowed then -- rule: summaries-limited
    v_result.outcome := 'ok';
    v_result.items := (
      select coalesce(jsonb_agg(to_jsonb(s) order by s.key), '[]') from credits_private.usage_sums(p_user_id, p_by, p_days) s
    );
  end if;
  return v_result;
end;
$function$;

revoke all on routine "public"."usage_summary"(uuid, text, integer) from anon, authenticated, service_role;

alter function "public"."usage_summary"(uuid, text, integer) owner to "postgres";

create or replace function public.verify_credits (
  p_user_id uuid default null::uuid
)
  returns table (
    user_id  uuid,
    problem  text,
    expected numeric,
    actual   numeric
  )
  language plpgsql
  stable
  security definer
  set search_path to ''
  AS $function$
declare
  v_users uuid[] := array[p_user_id];
  v_user_id uuid;
  v_check text;
begin
  if p_user_id is null then
    v_users := array(
      select a.user_id from public.credit_accounts a
      union select l.user_id from public.credit_ledger l
      union select s.user_id from public.credit_archive_sums s
      union select b.user_id from public.user_credits b
      union select r.user_id from public.credit_usage_logs r
    );
  end if;
  foreach v_user_id in array v_users loop
    return query
    select * from credits_private.verify_ledger(v_user_id) -- rule: verify-ledger
    union all select * from credits_private.verify_accounts(v_user_id) -- rule: verify-accounts
    union all select * from credits_private.verify_batches(v_user_id) -- rule: verify-batches
    union all select * from credits_private.verify_reservations(v_user_id); -- rule: verify-reservations
  end loop;
  for v_check in select c.book_check from credits_private.book_checks c order by c.book_check loop
    return query execute format('select * from %s($1)', v_check::regproc) using p_user_id; -- rule: verify-domains
  end loop;
end;
$function$;

alter table "public"."job_attempts"
  add constraint "job_attempts_cached_input_tokens_check" check ((cached_input_tokens >= 0));

alter table "public"."job_attempts"
  add constraint "job_attempts_reasoning_tokens_check" check ((reasoning_tokens >= 0));

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
    COALESCE(sum(pictures), (0)::bigint) AS pictures,
    COALESCE(sum(cached_input_tokens), (0)::numeric) AS cached_input_tokens,
    COALESCE(sum(reasoning_tokens), (0)::numeric) AS reasoning_tokens
   FROM public.job_attempts a
  GROUP BY (((begun_at AT TIME ZONE 'UTC'::text))::date), user_id, job_type;

revoke all on "public"."work_costs" from anon, authenticated, service_role;

alter view "public"."work_costs" owner to "postgres";

create index rate_cards_by_time on public.rate_cards using btree (action, valid_from desc, version desc);

create index rates_by_fit on public.rates using btree (action, version, meter, keys desc, priority desc);

create index subscription_invoices_twice on public.subscription_invoices using btree (created_at)
  where ((decision = 'same_period'::text) AND (total_cents > reversed_cents));

create index subscriptions_unpaid on public.subscriptions using btree (unpaid_since)
  where (unpaid_since is not null);

create trigger credit_ledger_archived_first
  after delete on public.credit_ledger referencing OLD table as gone
  for each STATEMENT
  execute function credits_private.keep_archived();

create policy "nobody but the functions" on "credits_private"."quotes"
  for all
  to PUBLIC
  using (false);

comment on function "credits_private"."archivable_entry"(uuid, timestamp
  with time zone, integer) is 'The last entry up to which a user''s ledger can be archived, or null: all before p_before, at most p_limit rows, and no reservation cut in two. Reads no more rows than that.';

comment on function
  "credits_private"."confirm_hold"(public.credit_accounts, public.credit_usage_logs, numeric) is
  'confirm_credits() of what was found, for who holds the account''s lock.';

comment on function "credits_private"."current_version"(text) is 'The version of an action''s card that counts now; null where there is none.';

comment on function
  "credits_private"."hold_credits"(public.credit_accounts, uuid, numeric, text, text, jsonb, interval) is
  'reserve_credits() of what was checked, for who holds the account''s lock; the amount may be 0, and all columns of the account null where there is none.';

comment on function "credits_private"."keep_archived"() is 'Statement trigger: rows leave the ledger once they are in the archive.';

comment on function "credits_private"."note_unpaid"(text) is 'Writes down whether a paid invoice is missing, so that whoever looks for what is missing reads nothing else.';

comment on function "credits_private"."part_with_a_rate"(public.generation_jobs, text, bigint, bigint, text)
  is 'How many of a metered job''s tokens are of a kind that its card has a price for; without one they are like the others.';

comment on function "credits_private"."price_usage"(text, integer, jsonb, jsonb, boolean) is
  'What usage costs by a version of a card: the lines that can be read, each with its rate and its exact cost, and the cost of all. A line that no rate fits has no unit_price; priced names the meters of the others. With p_ceiling, what was estimated counts for each meter that is not among them. The outcome is what estimate_cost() says of p_usage alone.';

comment on function "credits_private"."quote_story"(integer) is 'What a story of so many pages costs, or what is held for it where it is priced by tokens.';

comment on function "credits_private"."usage_sums"(uuid, text, integer) is 'usage_summary() of what was checked.';

comment on function "credits_private"."used_by"(public.generation_jobs) is 'What the backend said that a job''s present attempt used, as settle_usage() takes it: each token once. Earlier attempts are the operator''s.';

comment on function "credits_private"."verify_accounts"(uuid) is 'An account against the ledger and against its batches, reservations, debts and revocations.';

comment on function "credits_private"."verify_plans"(uuid) is 'Each invoice against its grants, its revocations and what Stripe has said of its payments; each batch of a plan against what paid for it; each subscription against its invoices.';

comment on function "public"."archive_ledger"(timestamp with time zone, integer) is 'Moves movements before p_before (null: as the retention says, which is never until it is set) from the ledger to credit_ledger_archive, with balances and sums kept for verify_credits(), and ended reservations into credit_usage_months. Looks at 10,000 users a call, moves at most p_limit rows of one of them, and ends once it has moved as many; the next call goes on from there, and begins anew after the last user. Returns how many rows were moved. A job that is archived can no longer be refunded or confirmed late: not_found. Idempotent. Raises 22023 for less than 60 days ago.';

comment on function
  "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint) is
  'Notes what an attempt cost the operator at the model, whatever became of it; figures only grow, so that a repetition changes nothing. Cached tokens are part of the input, those of reasoning part of the output. What the backend does not say is null, and not zero. Outcomes: noted, not_found. Idempotent. Raises 22023 for a negative figure.';

comment on function "public"."read_estimate"(uuid, text, jsonb, integer) is 'estimate_cost() for a user, of p_usage, or of p_units of what a product sells by the unit, such as a story''s pages: then cost is what will be held, and version and over_hold are null where the price is fixed. Outcomes: those of estimate_cost(), and rate_limited (see retry_after_seconds). Idempotent but for the count of its rate limit.';

comment on function "public"."read_usage_lines"(uuid, integer, text) is 'What a user was charged, newest first: a row for each line of usage, with amounts as text, and one for each job at a fixed price. p_limit is jobs, clamped to 1..500; a page may have fewer, those that were not charged left out. The first page counts against the rate limit, the others belong to it. Outcomes: ok (next_cursor null on the last page), rate_limited (see retry_after_seconds), invalid (the cursor is none). Idempotent but for that count.';

comment on function "public"."usage_summary"(uuid, text, integer) is 'What a user paid in the last p_days days (today among them; clamped to 1..60), by the day (UTC) on which it was charged, by action, or by model, '''' being what names none: items is [{key, jobs, credits}]. Outcomes: ok, rate_limited (see retry_after_seconds). Idempotent but for the count of its rate limit. Raises 22023 for another p_by.';

comment on table "credits_private"."quotes" is 'What a product sells by its own units, and which function says what so many of them cost: it takes their number and returns a cost_estimate, of which no version means a fixed price.';

comment on table "public"."job_attempts" is 'Attempts at jobs. outcome is delivered, or the code that the attempt ended with. unpaid is what the job would have cost, where that counts against the budget of unpaid work; the figures about the model are what the backend said, null where it did not. cached_input_tokens are part of input_tokens, reasoning_tokens of output_tokens.';

comment on table "public"."subscriptions" is 'Subscriptions as Stripe last described them, at said_at. anchor is the moment from which months are counted. is_spare: the user has another live one. unpaid_since is the beginning of a period that runs in good standing and of which no paid invoice is known.';

comment on view "public"."work_costs" is 'For operators: what work cost a day (UTC), a user and a kind of job (calls of the backend and the model, tokens, pictures), beside the credits it brought in and those it did not.';

revoke all
  on function "credits_private"."archivable_entry"(uuid, timestamp with time zone, integer)
  from public;

revoke all
  on function "credits_private"."confirm_hold"(public.credit_accounts, public.credit_usage_logs, numeric)
  from public;

revoke all on function "credits_private"."current_version"(text) from public;

revoke all
  on function
    "credits_private"."hold_credits"(public.credit_accounts, uuid, numeric, text, text, jsonb, interval)
  from public;

revoke all on function "credits_private"."note_unpaid"(text) from public;

revoke all
  on function "credits_private"."part_with_a_rate"(public.generation_jobs, text, bigint, bigint, text)
  from public;

revoke all on function "credits_private"."price_usage"(text, integer, jsonb, jsonb, boolean) from public;

revoke all on function "credits_private"."quote_story"(integer) from public;

revoke all on function "credits_private"."usage_sums"(uuid, text, integer) from public;

revoke all on function "credits_private"."used_by"(public.generation_jobs) from public;

revoke all
  on function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint)
  from public;

grant execute
  on function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint)
  to "service_role";

revoke all on function "public"."read_estimate"(uuid, text, jsonb, integer) from public;

grant execute on function "public"."read_estimate"(uuid, text, jsonb, integer) to "service_role";

revoke all on function "public"."usage_summary"(uuid, text, integer) from public;

grant execute on function "public"."usage_summary"(uuid, text, integer) to "service_role";

grant select on table "public"."work_costs" to "service_role";
