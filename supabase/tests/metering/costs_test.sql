-- Costs: which rate counts, what is exact, what is rounded, and what is missing.
begin;
create extension if not exists pgtap with schema extensions;
select plan(50);
\ir ../helpers.psql

select public.save_rate_card('chat', '[
  {"meter": "input_tokens", "unit": "token", "price": 0.3, "per": 1000000},
  {"meter": "output_tokens", "unit": "token", "price": 1.5, "per": 1000000},
  {"meter": "output_tokens", "unit": "token", "price": 15, "per": 1000000, "match": {"model": "large"}},
  {"meter": "output_tokens", "unit": "token", "price": 60, "per": 1000000, "match": {"model": "large", "tier": "fast"}},
  {"meter": "output_tokens", "unit": "token", "price": 20, "per": 1000000, "match": {"tier": "fast"}, "priority": -1},
  {"meter": "image", "price": 2, "match": {"size": "big"}},
  {"meter": "image", "price": 0, "match": {"size": "small"}},
  {"meter": "call", "price": 0.001, "minimum": 0.25},
  {"meter": "grain", "price": 0.000000001},
  {"meter": "cent", "price": 0.005}
]', p_reason => 'test', p_actor => 'test');

create function pg_temp.cost(p_usage jsonb) returns text language sql as $$
  select concat_ws(' ', e.outcome, e.cost, e.message) from public.estimate_cost('chat', p_usage) e
$$;

select is(pg_temp.cost(c.usage::jsonb), c.expected, c.what)
from (
  values
    ('[{"meter": "input_tokens", "quantity": 1000000}]', 'ok 0.30', 'per million'),
    ('[{"meter": "output_tokens", "quantity": 1000000}]', 'ok 1.50', 'without a model the default counts'),
    ('[{"meter": "output_tokens", "quantity": 1000000, "model": "other"}]', 'ok 1.50', 'so it does for a model that no rate knows'),
    ('[{"meter": "output_tokens", "quantity": 1000000, "model": "large"}]', 'ok 15.00', 'its own rate comes before the default'),
    ('[{"meter": "output_tokens", "quantity": 1000000, "model": "large", "tier": "fast"}]', 'ok 60.00', 'more keys come before fewer'),
    ('[{"meter": "output_tokens", "quantity": 1000000, "model": "small", "tier": "fast"}]', 'ok 20.00', 'a key that fits comes before none, whatever its priority'),
    ('[{"meter": "output_tokens", "quantity": 1000000, "model": ["large"]}]', 'ok 1.50', 'a model in an array is none'),
    ('[{"meter": "output_tokens", "quantity": 1000000, "model": "large", "seed": 7, "prompt": "a fox"}]', 'ok 15.00', 'what else a line says does not matter'),
    ('[{"meter": "image", "quantity": 3, "size": "big"}]', 'ok 6.00', 'by size'),
    ('[{"meter": "image", "quantity": 3, "size": "huge"}]', 'no_rate image', 'without a default an unknown one has no price'),
    ('[{"meter": "image", "quantity": 3}]', 'no_rate image', 'nor has one that does not say'),
    ('[{"meter": "song", "quantity": 1}, {"meter": "image", "quantity": 0}]', 'no_rate song, image', 'all are named, those of nothing too'),
    ('[{"meter": "image", "quantity": 3, "size": "small"}]', 'ok 0.00', 'free is free'),
    ('[{"meter": "call", "quantity": 1}]', 'ok 0.25', 'a minimum'),
    ('[{"meter": "call", "quantity": 1000}]', 'ok 1.00', 'which more than that passes'),
    ('[{"meter": "call", "quantity": 0}]', 'ok 0.00', 'and which nothing does not cost'),
    ('[{"meter": "cent", "quantity": 1}, {"meter": "cent", "quantity": 1}]', 'ok 0.01', 'lines are not rounded, their sum is'),
    ('[{"meter": "cent", "quantity": 1}, {"meter": "cent", "quantity": 2}]', 'ok 0.02', 'up to a hundredth'),
    ('[{"meter": "grain", "quantity": 1}]', 'ok 0.01', 'a billionth of a credit is a hundredth'),
    ('[{"meter": "grain", "quantity": 10000000}]', 'ok 0.01', 'ten million of them are exactly one'),
    ('[{"meter": "grain", "quantity": 10000000.000001}]', 'ok 0.02', 'and a millionth more is two'),
    ('[{"meter": "grain", "quantity": 1000000000000}]', 'ok 1000.00', 'a price of 1e-9 and 10^12 tokens'),
    ('[{"meter": "input_tokens", "quantity": 1}, {"meter": "input_tokens", "quantity": 1e15}]', 'ok 300000000.01', 'the smallest and the largest at once')
) c (usage, expected, what);

select is(pg_temp.cost(c.usage::jsonb), 'invalid', 'invalid: ' || c.what)
from (
  values
    ('[]', 'nothing'), ('{}', 'no array'), ('null', 'null'), ('[7]', 'a number'), ('[[]]', 'an array'), ('[{}]', 'an empty line'),
    ('[{"meter": "cent"}]', 'no quantity: missing is not zero'),
    ('[{"meter": "cent", "quantity": null}]', 'a quantity of null'),
    ('[{"meter": "cent", "quantity": "1"}]', 'a quantity that is text'),
    ('[{"meter": "cent", "quantity": true}]', 'a quantity that is true'),
    ('[{"meter": "cent", "quantity": [1]}]', 'a quantity in an array'),
    ('[{"meter": ["cent"], "quantity": 1}]', 'a meter in an array'),
    ('[[{"meter": "cent", "quantity": 1}]]', 'a line in an array'),
    ('{"meter": "cent", "quantity": 1}', 'a line alone'),
    ('"cent"', 'a text'),
    ('[{"meter": "cent", "quantity": -1}]', 'less than nothing'),
    ('[{"meter": "cent", "quantity": 1e16}]', 'more than can be'),
    ('[{"meter": "cent", "quantity": 0.0000001}]', 'a seventh decimal place'),
    ('[{"meter": 1, "quantity": 1}]', 'a meter that is a number'),
    ('[{"quantity": 1}]', 'no meter'),
    ('[{"meter": "Cent; drop", "quantity": 1}]', 'a meter that is no name'),
    ('[{"meter": "cent", "quantity": 1}, {"meter": "cent"}]', 'one line of two')
) c (usage, what);
select is(
  pg_temp.cost((select jsonb_agg('{"meter": "cent", "quantity": 1}'::jsonb) from generate_series(1, n.n))), n.expected, n.n || ' lines'
)
from (values (100, 'ok 0.50'), (101, 'invalid')) n (n, expected);
select is((public.estimate_cost('chat', null)).outcome, 'invalid', 'invalid: no usage at all');

select results_eq(
  $$
    select l.meter, l.matched
    from credits_private.price_usage('chat', 1, '[{"meter": "image", "quantity": 1, "size": "big", "model": "a sentence, such as a prompt", "Key": "x", "seed": 4}]', '[]') p, unnest(p.lines) l
  $$,
  $$values ('image', '{"size": "big"}'::jsonb)$$, 'of what a line says, names are read and nothing else'
);
select is_empty('select * from public.metered_jobs union all select null, null, null, null, null, null, null, null, null, null, null where exists (select from public.usage_lines)', 'an estimate keeps nothing');

select * from finish();
rollback;
