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
  -- Lengths by themselves: a pattern that counts takes six times as long to match.
  return coalesce(
    (
      select jsonb_object_agg(l.key, l.value)
      from jsonb_each(p_line - '{meter,quantity}'::text[]) l
      where jsonb_typeof(l.value) = 'string' and l.key ~ '^[a-z][a-z0-9_]*$' and length(l.key) <= 40
        and l.value #>> '{}' ~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$' and length(l.value #>> '{}') <= 100 -- rule: names-only
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
  lines credits_private.priced_line[],
  version integer
);

-- It is on the way of every reservation and every settlement, and Postgres prepares each expression anew in every
-- transaction: so there are few of them, and what only a settlement keeps is left out of what others ask.
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
  v_line record;
  v_cost numeric;
  v_exact numeric := 0;
  v_read integer := 0;
  v_priced text[] := array[]::text[];
  v_unpriced text;
  v_lines credits_private.priced_line[];
  v_unsaid credits_private.priced_usage;
begin
  if p_version is null then
    select c.version into p_version
    from public.rate_cards c
    where c.action = p_action
      and c.valid_from <= credits_private.clock() -- rule: card-valid
    order by c.valid_from desc, c.version desc -- rule: card-newest
    limit 1;
    if p_version is null then
      return row('not_offered', null, null, null, null, null)::credits_private.priced_usage;
    end if;
  end if;

  for v_line in
    select u.value as said, u.value ->> 'meter' as meter, (u.value -> 'quantity')::numeric as quantity, r.*
    from jsonb_array_elements(jsonb_path_query_array(
      p_usage,
      'strict $ ? (@.size() <= 100)[*] ? (@.meter.type() == "string" && '
      -- Nothing but a number is at least 0: what is missing is not read.
      '@.quantity >= 0 && @.quantity <= 1000000000000000 && ' -- rule: quantity-can-be
      '@.quantity * 1000000 == (@.quantity * 1000000).floor())', -- rule: six-places
      silent => true
    )) u
    left join lateral (
      select c.price, c.unit, c.per, c.minimum
      from public.rates c
      where c.action = p_action and c.version = p_version and c.meter = u.value ->> 'meter'
        and u.value @> c.match -- rule: rate-fits
      order by c.keys desc, c.priority desc -- rule: most-keys-win
      limit 1
    ) r on true
  loop
    v_cost := 0;
    if v_line.price is null then
      continue when v_line.meter !~ '^[a-z][a-z0-9_]{0,39}$';
      v_unpriced := concat_ws(', ', v_unpriced, v_line.meter);
    else
      v_priced := v_priced || v_line.meter;
      if v_line.quantity > 0 then -- rule: zero-costs-nothing
        -- By the reciprocal: a division would round.
        v_cost := greatest(
          v_line.quantity * v_line.price * case v_line.per when 1000000 then 0.000001 when 1000 then 0.001 else 1 end,
          v_line.minimum -- rule: minimum
        );
        v_exact := v_exact + v_cost;
      end if;
    end if;
    v_read := v_read + 1;
    if p_ceiling is not null or p_estimated then
      v_lines := v_lines || row(
        v_line.meter, v_line.unit, v_line.quantity,
        case when v_line.said - '{meter,quantity}'::text[] = '{}' then '{}' else credits_private.matchable(v_line.said) end,
        v_line.price, v_line.per, v_cost, p_estimated
      )::credits_private.priced_line;
    end if;
  end loop;

  if p_ceiling is not null and not jsonb_path_query_array(p_ceiling, '$[*].meter') <@ to_jsonb(v_priced) then -- rule: unsaid-as-estimated
    v_unsaid := credits_private.price_usage(
      p_action, p_version,
      (select jsonb_agg(c.value) from jsonb_array_elements(p_ceiling) c where (c.value ->> 'meter' = any (v_priced)) is not true),
      p_estimated => true
    );
    v_lines := v_lines || v_unsaid.lines;
    v_exact := v_exact + v_unsaid.exact;
  end if;
  return row(
    case
      when v_read = 0 then 'invalid'
      when v_read < jsonb_array_length(p_usage) then 'invalid' -- rule: all-lines-read
      when v_unpriced <> '' then 'no_rate' -- rule: unknown-refused
      else 'ok'
    end,
    round(ceil(v_exact * 100) * 0.01, 2), v_unpriced, v_exact, v_lines, p_version -- rule: rounded-once-up
  )::credits_private.priced_usage;
end;
$$;

comment on function credits_private.price_usage(text, integer, jsonb, jsonb, boolean) is
  'What usage costs by a version of a card (null: today''s): the exact cost of the lines that can be read, and what is charged for it. For a settlement, which gives p_ceiling, what was estimated counts for each meter that is reported without a price or not at all, and lines are all of them, each with its rate; without a unit_price no rate fits. The outcome is what estimate_cost() says of p_usage alone.';
comment on function credits_private.matchable(jsonb) is
  'What a line of usage says beside its quantity, as far as it is names, such as those of models and sizes: no sentence is kept.';

create type public.cost_estimate as (outcome text, action text, version integer, cost numeric, message text);

create function public.estimate_cost(p_action text, p_usage jsonb) returns public.cost_estimate
  language plpgsql stable security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_priced credits_private.priced_usage := credits_private.price_usage(p_action, null, p_usage);
begin
  return row(
    v_priced.outcome, p_action, v_priced.version, case v_priced.outcome when 'ok' then v_priced.cost end, v_priced.message
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
