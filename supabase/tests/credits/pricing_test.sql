-- I1: prices. A price change moves updated_at and never alters an open reservation.
begin;
create extension if not exists pgtap with schema extensions;
select plan(14);
\ir ../helpers.psql

-- Prices -----------------------------------------------------------------------------------------------------------

insert into public.credit_pricing (action, credits, unit, description) values ('page', 0.25, 'page', 'A page'), ('minute', 0.10, 'minute', 'A minute');
update public.credit_pricing set credits = credits;
select results_eq(
  format('select cost from credits_private.price_of(%L, %s)', p.action, p.units), format('values (%s::numeric)', p.cost),
  format('%s of %s cost %s', p.units, p.action, p.cost)
)
from (values ('page', 1, 0.25), ('page', 8, 2.00), ('minute', 60, 6.00)) p (action, units, cost);
select results_eq(
  'select details from credits_private.price_of(''page'', 4)',
  $$values ('{"total_cost": 1.00, "pricing_snapshot": {"action": "page", "credits": 0.25, "unit": "page", "as_of": "2030-01-01T12:00:00+00:00"}}'::jsonb)$$,
  'what a reservation keeps of a price'
);
insert into public.credit_pricing (action, credits, unit, description) values ('flat', 3, 'each', 'A flat price');
select results_eq('select cost from credits_private.price_of(''flat'', 60)', 'values (3.00::numeric)', 'a price for each does not grow with the units');
select throws_ok($$select credits_private.price_of('unknown', 1)$$, 'P0002', null, 'an action without a price is a bug, not free');

-- I1 ---------------------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 13:00Z';
update public.credit_pricing set credits = 0.30 where action = 'page';
select is(updated_at, '2030-01-01 13:00Z'::timestamptz, 'I1: updated_at moves on an update') from public.credit_pricing where action = 'page';
set local test.clock = '2030-01-01 14:00Z';
update public.credit_pricing set credits = 0.30 where action = 'page';
select is(updated_at, '2030-01-01 14:00Z'::timestamptz, 'I1: also when nothing else changes') from public.credit_pricing where action = 'page';
update public.credit_pricing set updated_at = '2000-01-01Z' where action = 'page';
select is(updated_at, '2030-01-01 14:00Z'::timestamptz, 'I1: and it cannot be set') from public.credit_pricing where action = 'page';
select isnt(updated_at, '2030-01-01 14:00Z'::timestamptz, 'I1: that of other prices stays') from public.credit_pricing where action = 'minute';
select throws_ok(s, '23514', null, 'I1: a price is above 0, and of some unit: ' || s)
from unnest(array[
  'update public.credit_pricing set credits = -1', 'update public.credit_pricing set credits = 0', 'update public.credit_pricing set credits = 0.004',
  'update public.credit_pricing set unit = '''''
]) s;

select * from finish();
rollback;
