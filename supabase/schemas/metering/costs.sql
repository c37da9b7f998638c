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

create function credits_private.priced_lines(p_action text, p_version integer, p_usage jsonb)
  returns table (
    line bigint, meter text, unit text, quantity numeric, matched jsonb, unit_price numeric, per integer, cost numeric
  )
  language plpgsql stable set search_path = ''
as $$
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
$$;

comment on function credits_private.priced_lines(text, integer, jsonb) is
  'The lines of usage that can be read, each with its rate and its exact cost. One that no rate fits has no unit_price.';
comment on function credits_private.matchable(jsonb) is
  'What a line of usage says beside its quantity, as far as it is names, such as those of models and sizes: no sentence is kept.';

create type public.cost_estimate as (outcome text, action text, version integer, cost numeric, message text);

create function credits_private.cost_by(p_action text, p_version integer, p_usage jsonb) returns public.cost_estimate
  language plpgsql stable set search_path = ''
as $$
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
$$;

comment on function credits_private.cost_by(text, integer, jsonb) is 'estimate_cost() by a given version.';

create function public.estimate_cost(p_action text, p_usage jsonb) returns public.cost_estimate
  language plpgsql stable security definer set search_path = ''
as $$
declare
  v_card public.rate_cards := credits_private.current_card(p_action);
begin
  if v_card.version is null then
    return row('not_offered', p_action, null, null, null)::public.cost_estimate;
  end if;
  return credits_private.cost_by(p_action, v_card.version, p_usage);
end;
$$;

comment on function public.estimate_cost(text, jsonb) is
  'What usage costs by today''s card of an action. p_usage is [{meter, quantity, model, size, …}], at most 100 lines, quantities of at most six decimal places. Outcomes: ok; not_offered (the action has no card); no_rate (message names the meters of lines that no rate fits); invalid (a line cannot be read, or there is none). Changes nothing.';

revoke all on function public.estimate_cost(text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.estimate_cost(text, jsonb) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
