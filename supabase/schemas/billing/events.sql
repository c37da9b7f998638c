-- Stripe events: the inbox. Every verified event is kept once, with its outcome, in the transaction of its effect.
--
-- Invariants
--   * An event has an effect at most once; a payment grants at most once whatever events announce it (C2).
--   * Money that does not cover the credits, or that nobody can be given credits for, grants nothing: the event is
--     held with its reason, is listed by held_stripe_events and can be replayed or dismissed.
--   * Whatever is wrong with an event, it is kept: what raises while it is applied is held with its SQLSTATE. Only what
--     another delivery can mend (a deadlock, a time-out, a full disk) raises, so that Stripe delivers again.
--   * An event of the other mode, of another project, or of a connected account that nobody named, has no effect.
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

create table credits_private.event_handlers (
  type text primary key,
  handler text not null check (to_regprocedure(handler || '(jsonb)') is not null)
);

comment on table credits_private.event_handlers is
  'Which function has the effect of a type of event that a later domain takes: from the event as it is kept, an event_effect.';

alter table credits_private.event_handlers enable row level security;

create policy "nobody but the functions" on credits_private.event_handlers using (false);

revoke all on credits_private.event_handlers from public, anon, authenticated, service_role;

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

create function credits_private.as_cents(p_value jsonb) returns bigint
  language plpgsql immutable set search_path = ''
as $$
begin
  return case
    when jsonb_typeof(p_value) = 'number' and p_value::numeric between 0 and 9007199254740991 -- rule: cents
      and p_value::numeric = trunc(p_value::numeric)
    then p_value::numeric::bigint
  end;
end;
$$;

comment on function credits_private.as_cents(jsonb) is 'A whole, non-negative number of cents that JavaScript can hold too, or null.';

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

create function credits_private.without_personal_data(p_event jsonb) returns jsonb
  language plpgsql immutable set search_path = ''
as $$
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
$$;

comment on function credits_private.without_personal_data(jsonb) is
  'An event with what its effect is computed from, and nothing that says who somebody is.';

create function credits_private.not_ours(p_event jsonb, p_livemode boolean, p_accounts text[], p_projects text[]) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return case
    when p_event -> 'livemode' = to_jsonb(not p_livemode) then 'other_mode' -- rule: same-mode
    -- rule: own-account
    when coalesce(p_event ->> 'account', '') <> '' and not p_event ->> 'account' = any (p_accounts) then 'other_account'
    when p_event #>> '{data,object,metadata,project}' <> all (p_projects) then 'other_project' -- rule: own-project
  end;
end;
$$;

comment on function credits_private.not_ours(jsonb, boolean, text[], text[]) is
  'Why an event has no business here, or null: it is of the mode (live or test) that the deployment has no key for, of a connected account that it does not name, or tagged by another project.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
