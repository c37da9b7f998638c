-- Rate cards: what an action costs by what it uses, such as tokens of a model or pictures of a size.
--
-- Invariants
--   * A version never changes: who saves a card makes its next version, and what was reserved keeps its own.
--   * No line of usage fits two rates equally well: such a card is not saved.
--
-- Lock order: ARCHITECTURE.md.

create domain public.unit_price as numeric(24, 12) check (value >= 0);

comment on domain public.unit_price is 'Credits for some units of a meter: far less than a hundredth may be the price of one.';

create table public.rate_cards (
  action text not null check (action ~ '^[a-z][a-z0-9_]{0,39}$'),
  version integer not null check (version >= 1),
  valid_from timestamptz not null,
  over_hold text not null check (over_hold in ('cap', 'available', 'debt')),
  digest text not null,
  created_at timestamptz not null default now(),
  primary key (action, version)
);

comment on table public.rate_cards is
  'Versions of the prices of actions that are priced by what they use. The one that became valid last counts, of several at the same moment the newest. over_hold says what becomes of usage beyond what was held: cap (nobody pays, it is recorded as absorbed), available (what is available pays), debt (that first, then a debt up to the ceiling).';

create table public.rates (
  action text not null,
  version integer not null,
  position integer not null,
  meter text not null check (meter ~ '^[a-z][a-z0-9_]{0,39}$'),
  unit text not null check (unit <> ''),
  price public.unit_price not null,
  per integer not null check (per in (1, 1000, 1000000)),
  minimum public.credit_amount not null,
  match jsonb not null check (jsonb_typeof(match) = 'object'),
  keys integer not null,
  priority integer not null,
  primary key (action, version, position),
  foreign key (action, version) references public.rate_cards (action, version)
);

comment on table public.rates is
  'The rates of a card: credits for each 1, 1,000 or 1,000,000 of a meter, where the usage has all of match, such as {"model": "m", "size": "512x512"}. Of those that fit, the one with most keys counts, then the highest priority; the one with no keys is the default. minimum is what a line of any usage costs at least.';

create index rate_cards_by_time on public.rate_cards (action, valid_from desc, version desc);

create index rates_by_fit on public.rates (action, version, meter, keys desc, priority desc);

create trigger rate_cards_never_change before update or delete or truncate on public.rate_cards
  for each statement execute function credits_private.refuse_change();
create trigger rates_never_change before update or delete or truncate on public.rates
  for each statement execute function credits_private.refuse_change();

alter table public.rate_cards enable row level security;
alter table public.rates enable row level security;

create policy "operators read rate cards" on public.rate_cards for select to service_role using (true);
create policy "operators read rates" on public.rates for select to service_role using (true);

revoke all on public.rate_cards, public.rates from public, anon, authenticated, service_role;
grant select on public.rate_cards, public.rates to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('rate_cards', 'metering', 'none', 'prices'), ('rates', 'metering', 'none', 'prices');

create function credits_private.check_rate(p_rate jsonb) returns void
  language plpgsql set search_path = ''
as $$
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
$$;

comment on function credits_private.check_rate(jsonb) is 'Refuses what is no rate, before it is read as one.';

create function credits_private.tie_of(p_action text, p_version integer) returns text
  language plpgsql stable set search_path = ''
as $$
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
$$;

comment on function credits_private.tie_of(text, integer) is 'Which two rates of a card can fit one line of usage equally well, or null.';

create type public.rate_card_result as (outcome text, action text, version integer, valid_from timestamptz, message text);

create function public.save_rate_card(
  p_action text,
  p_rates jsonb,
  p_valid_from timestamptz default null,
  p_over_hold text default 'cap',
  p_reason text default null,
  p_actor text default null
) returns public.rate_card_result
  language plpgsql security definer set search_path = ''
as $$
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
$$;

comment on function public.save_rate_card(text, jsonb, timestamptz, text, text, text) is
  'Saves the next version of an action''s rate card, valid from p_valid_from (null: now). p_rates is [{meter, unit, price, per, minimum, match, priority}], as public.rates says; only meter and price are needed, an empty card offers nothing. Outcomes: saved; unchanged (it is what the last version says); ambiguous (two rates fit a line equally well, message says which: nothing is saved). Idempotent. Work that is under way keeps its version; operator_actions has who and why. Raises 22023 for a bad argument, a validity in the past, and for an actor or a reason of nothing.';

revoke all on function public.save_rate_card(text, jsonb, timestamptz, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.save_rate_card(text, jsonb, timestamptz, text, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
