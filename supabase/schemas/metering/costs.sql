-- Costs: what usage costs by a version of a rate card.
--
-- Usage is [{"meter": "output_tokens", "quantity": 2011, "model": "m"}, …]: what else a line says is what rates match by.
--
-- Invariants
--   * Zero is a value. What is not said, or cannot be read, is missing, and never zero.
--   * A line's cost is exact; a job's is rounded once, up to a hundredth.

create domain public.usage_quantity as numeric(24, 6) check (value >= 0);

create domain public.exact_cost as numeric check (value >= 0);

comment on domain public.usage_quantity is 'How much of a meter was used.';
comment on domain public.exact_cost is 'What usage costs in credits, before it is rounded, or of more than one account can hold.';

create function credits_private.matchable(p_line jsonb) returns jsonb
  language plpgsql immutable set search_path = ''
as $$
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
$$;

create type credits_private.priced_line as (
  meter text,
  unit text,
  quantity numeric,
  matched jsonb,
  unit_price numeric,
  per integer,
  cost numeric,
  estimated boolean
);

create type credits_private.priced_usage as (
  outcome text,
  cost numeric,
  message text,
  exact numeric,
  priced jsonb,
  lines credits_private.priced_line[]
);

-- One statement for all lines: it is on the way of every reservation and every settlement.
create function credits_private.price_usage(
  p_action text,
  p_version integer,
  p_usage jsonb,
  p_ceiling jsonb default null,
  p_estimated boolean default false
) returns credits_private.priced_usage
  language plpgsql stable set search_path = ''
as $$
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
$$;

comment on function credits_private.price_usage(text, integer, jsonb, jsonb, boolean) is
  'What usage costs by a version of a card: the lines that can be read, each with its rate and its exact cost, and the cost of all. A line that no rate fits has no unit_price; priced names the meters of the others. With p_ceiling, what was estimated counts for each meter that is not among them. The outcome is what estimate_cost() says of p_usage alone.';
comment on function credits_private.matchable(jsonb) is
  'What a line of usage says beside its quantity, as far as it is names, such as those of models and sizes: no sentence is kept.';

create type public.cost_estimate as (outcome text, action text, version integer, cost numeric, message text);

create function public.estimate_cost(p_action text, p_usage jsonb) returns public.cost_estimate
  language plpgsql stable security definer set search_path = '' set enable_seqscan = off
as $$
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
$$;

comment on function public.estimate_cost(text, jsonb) is
  'What usage costs by today''s card of an action. p_usage is [{meter, quantity, model, size, …}], at most 100 lines, quantities of at most six decimal places. Outcomes: ok; not_offered (the action has no card); no_rate (message names the meters of lines that no rate fits); invalid (a line cannot be read, or there is none). Changes nothing.';

revoke all on function public.estimate_cost(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.estimate_cost(text, jsonb) to service_role;

create table credits_private.quotes (
  action text primary key,
  quote text not null
);

comment on table credits_private.quotes is
  'What a product sells by its own units, and which function says what so many of them cost: it takes their number and returns a cost_estimate, of which no version means a fixed price.';

alter table credits_private.quotes enable row level security;

create policy "nobody but the functions" on credits_private.quotes using (false);

revoke all on credits_private.quotes from public, anon, authenticated, service_role;

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('estimate', 60, 1);

create type public.estimate_result as (
  outcome text,
  cost numeric,
  version integer,
  over_hold text,
  message text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.read_estimate(p_user_id uuid, p_action text, p_usage jsonb default null, p_units integer default null)
  returns public.estimate_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
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
$$;

comment on function public.read_estimate(uuid, text, jsonb, integer) is
  'estimate_cost() for a user, of p_usage, or of p_units of what a product sells by the unit, such as a story''s pages: then cost is what will be held, and version and over_hold are null where the price is fixed. Outcomes: those of estimate_cost(), and rate_limited (see retry_after_seconds). Idempotent but for the count of its rate limit.';

revoke all on function public.read_estimate(uuid, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.read_estimate(uuid, text, jsonb, integer) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
