-- Rate cards: a version never changes, the right one counts, and what two rates fit equally well is not saved.
begin;
create extension if not exists pgtap with schema extensions;
select plan(50);
\ir ../helpers.psql

create function pg_temp.save(p_rates jsonb, p_from timestamptz default null, p_over_hold text default 'cap')
  returns text language sql as $$
  select concat_ws(' ', c.outcome, c.version, c.message)
  from public.save_rate_card('song', p_rates, p_from, p_over_hold, 'a test', 'test') c
$$;

create function pg_temp.price_now() returns text language sql as $$
  select concat_ws(' ', e.outcome, e.version, e.cost) from public.estimate_cost('song', '[{"meter": "second", "quantity": 1}]') e
$$;

-- Versions ---------------------------------------------------------------------------------------------------------

select is(pg_temp.price_now(), 'not_offered', 'what has no card is not offered');
select is(pg_temp.save('[{"meter": "second", "price": 1}]'), 'saved 1', 'a card is saved');
select is(pg_temp.save('[{"meter": "second", "price": 1}]'), 'unchanged 1', 'the same again changes nothing');
select is(pg_temp.price_now(), 'ok 1 1.00', 'it counts at once');
select is(pg_temp.save('[{"meter": "second", "price": 2}]', '2030-02-01'), 'saved 2', 'another one for later');
select is(pg_temp.price_now(), 'ok 1 1.00', 'it does not count yet');
select is(pg_temp.save('[{"meter": "second", "price": 3}]'), 'saved 3', 'one for now');
select is(pg_temp.price_now(), 'ok 3 3.00', 'counts until then');
set local test.clock = '2030-02-01';
select is(pg_temp.price_now(), 'ok 2 2.00', 'what became valid last counts');
select is(pg_temp.save('[{"meter": "second", "price": 4}]'), 'saved 4', 'of two that became valid at once');
select is(pg_temp.price_now(), 'ok 4 4.00', 'the newer one counts');
select is(pg_temp.save('[{"meter": "second", "price": 4}]', null, 'debt'), 'saved 5', 'another policy is another version');
select is(pg_temp.save('[]'), 'saved 6', 'an empty card can be saved');
select is(pg_temp.price_now(), 'no_rate 6', 'and offers nothing');
select results_eq(
  $$select distinct action, subject, reason from public.operator_actions where actor = 'test'$$,
  $$values ('save_rate_card', 'song', 'a test')$$, 'who saved it, and why, is kept'
);
select throws_ok(format('%s public.%s', a.change, a.name), '23001', null, format('nobody can %s %s', a.change, a.name))
from (
  values ('update', 'rate_cards set version = 9'), ('delete from', 'rate_cards'), ('update', 'rates set price = 0'), ('delete from', 'rates')
) a (change, name);

-- What is no card --------------------------------------------------------------------------------------------------

select throws_ok(
  format('select pg_temp.save(%L, %L, %L)', c.rates, c.since, c.over_hold), '22023', null, 'refused: ' || c.what
)
from (
  values
    ('{}', null, 'cap', 'no array'),
    ('[1]', null, 'cap', 'a number'),
    ('[{"meter": "second"}]', null, 'cap', 'no price: free is 0'),
    ('[{"price": 1}]', null, 'cap', 'no meter'),
    ('[{"meter": "Second", "price": 1}]', null, 'cap', 'a meter that is no name'),
    ('[{"meter": "second", "price": -1}]', null, 'cap', 'less than nothing'),
    ('[{"meter": "second", "price": "1"}]', null, 'cap', 'a price that is text'),
    ('[{"meter": "second", "price": 1e-13}]', null, 'cap', 'a price that would be rounded'),
    ('[{"meter": "second", "price": 1, "minimum": 0.001}]', null, 'cap', 'a minimum that would be rounded'),
    ('[{"meter": "second", "price": 1, "minimum": -1}]', null, 'cap', 'a minimum below nothing'),
    ('[{"meter": "second", "price": 1, "per": 100}]', null, 'cap', 'per hundred'),
    ('[{"meter": "second", "price": 1, "match": ["m"]}]', null, 'cap', 'a match that is no object'),
    ('[{"meter": "second", "price": 1, "match": {"model": 1}}]', null, 'cap', 'a match by a number'),
    ('[{"meter": "second", "price": 1, "match": {"model": "a small one"}}]', null, 'cap', 'a match by what is no name, which no usage would keep'),
    ('[{"meter": "second", "price": 1, "match": {"meter": "second"}}]', null, 'cap', 'a match by the meter'),
    ('[{"meter": "second", "price": 1, "match": {"model": "m", "quantity": "1"}}]', null, 'cap', 'a match by the quantity'),
    ('[{"meter": "second", "price": 1, "modell": "m"}]', null, 'cap', 'a word that no rate knows'),
    ('[]', '2030-01-31', 'cap', 'a card for the past'),
    ('[]', null, 'never', 'a policy that there is not')
) c (rates, since, over_hold, what);
select throws_ok(
  format('select public.save_rate_card(''song'', ''[]'', p_reason => %L, p_actor => %L)', c.reason, c.actor), '22023', null, 'refused: ' || c.what
)
from (values ('', 'test', 'no reason'), ('why', '', 'nobody who saves it')) c (reason, actor, what);

-- Ties -------------------------------------------------------------------------------------------------------------

create function pg_temp.rate(p_match jsonb, p_priority integer default 0, p_meter text default 'second') returns jsonb language sql as $$
  select jsonb_build_object('meter', p_meter, 'price', 1, 'match', p_match, 'priority', p_priority)
$$;

select is(pg_temp.save(jsonb_build_array(a, b)), expected, what)
from (
  values
    (pg_temp.rate('{}'), pg_temp.rate('{}'), 'ambiguous rates 1 and 2 both fit a line of second', 'two defaults are refused'),
    (pg_temp.rate('{"model": "m"}'), pg_temp.rate('{"size": "s"}'), 'ambiguous rates 1 and 2 both fit a line of second', 'a model or a size: both may be asked for at once'),
    (pg_temp.rate('{"model": "m", "size": "s"}'), pg_temp.rate('{"size": "s", "tier": "t"}'), 'ambiguous rates 1 and 2 both fit a line of second', 'two keys of three'),
    (pg_temp.rate('{"model": "m"}'), pg_temp.rate('{"model": "n"}'), 'saved 7', 'two models are none'),
    (pg_temp.rate('{"model": "m"}'), pg_temp.rate('{"size": "s"}', 1), 'saved 8', 'a priority decides'),
    (pg_temp.rate('{"model": "m"}'), pg_temp.rate('{"size": "s"}', 0, 'image'), 'saved 9', 'other meters are no tie'),
    (pg_temp.rate('{"model": "m"}'), pg_temp.rate('{"model": "m", "size": "s"}'), 'saved 10', 'nor are more keys'),
    (pg_temp.rate('{"model": "m", "size": "s"}'), pg_temp.rate('{"model": "n", "tier": "t"}'), 'saved 11', 'nor what differs in one')
) t (a, b, expected, what);
select is(
  pg_temp.save(jsonb_build_array(pg_temp.rate('{"model": "m"}'), pg_temp.rate('{"size": "s"}'), pg_temp.rate('{"model": "m", "size": "s"}'))), 'saved 12',
  'nor what a third rate decides'
);
select is((select count(*) from public.rates where action = 'song' and version > 12), 0::bigint, 'of what is refused nothing stays');

select * from finish();
rollback;
