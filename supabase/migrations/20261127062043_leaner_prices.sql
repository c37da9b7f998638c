set local check_function_bodies = off;

drop function "credits_private"."current_version"(text);

alter type "credits_private"."priced_usage" drop attribute "priced" cascade;

alter type "credits_private"."priced_usage" add attribute "version" integer cascade;

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
  elsif jsonb_typeof(p_rate -> 'match') <> 'object' then
    perform credits_private.refuse_argument('p_rates', 'must match by an object');
  elsif credits_private.matchable(p_rate -> 'match') <> p_rate -> 'match' then -- rule: fits-some-line
    perform credits_private.refuse_argument('p_rates', 'must match by names, such as those of models and sizes, and not by meter or quantity');
  end if;
end;
$function$;

create or replace function credits_private.matchable (
  p_line jsonb
)
  returns jsonb
  language plpgsql
  immutable
  set search_path to ''
  AS $function$
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
$function$;

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
  v_priced credits_private.priced_usage := credits_private.price_usage(p_action, null, p_usage);
begin
  return row(
    v_priced.outcome, p_action, v_priced.version, case v_priced.outcome when 'ok' then v_priced.cost end, v_priced.message
  )::public.cost_estimate;
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
  -- In two conditions: in one, the query would run for a new job as well.
  if v_before.action = p_action then
    if exists (select from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id) then -- rule: version-kept
      v_version := v_before.version;
    end if;
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
    values (p_user_id, p_job_id, p_action, v_priced.version, p_usage, credits_private.clock());
  end if;
  return v_result;
end;
$function$;

comment on function "credits_private"."price_usage"(text, integer, jsonb, jsonb, boolean) is
  'What usage costs by a version of a card (null: today''s): the exact cost of the lines that can be read, and what is charged for it. For a settlement, which gives p_ceiling, what was estimated counts for each meter that is reported without a price or not at all, and lines are all of them, each with its rate; without a unit_price no rate fits. The outcome is what estimate_cost() says of p_usage alone.';
