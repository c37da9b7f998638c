-- M4: the limits a new project starts with. The one place that repeats them; other files set those that they count with.
begin;
create extension if not exists pgtap with schema extensions;
select plan(1);

select results_eq(
  $$
    select action, max_requests, window_minutes from public.rate_limit_policies
    where action in ('balance', 'checkout', 'usage') order by action
  $$,
  $$values ('balance', 30, 1), ('checkout', 10, 1), ('usage', 30, 1)$$,
  'M4: the limits a new project starts with'
);

select * from finish();
rollback;
