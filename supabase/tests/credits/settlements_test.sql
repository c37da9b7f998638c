-- H1, M5 and point 1: what every action does to a reservation in every state, cell by cell. docs/reservations.md shows the table.
--
-- Each cell starts afresh: 10 credits, 6 of them reserved at 12:00 for 15 minutes. "part" is 2 credits, "too much" 6.01,
-- reserving again asks for 6, another amount is 1.
begin;
create extension if not exists pgtap with schema extensions;
select plan(80);
\ir ../helpers.psql

create function pg_temp.bring_to(p_state text) returns void language plpgsql as $$
begin
  perform set_config('test.clock', '2030-01-01 12:00Z', true);
  perform public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
  perform public.grant_credits(pg_temp.id('eve'), 20, 'promotion', 'gift');
  perform public.reserve_credits(pg_temp.id('eve'), pg_temp.id('eve''s own job'), 7, 'test', p_ttl => '1 hour');
  if p_state <> 'unknown' then
    perform public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 6, 'test');
  end if;
  perform set_config('test.clock', case
    when p_state in ('overdue', 'swept', 'swept, credits gone') then '2030-01-01 12:15Z' else '2030-01-01 12:05Z'
  end, true);
  if p_state like 'swept%' then
    perform public.release_stale_reservations();
  end if;
  case p_state
    when 'swept, credits gone' then
      perform public.reserve_credits(pg_temp.id('ada'), pg_temp.id('other job'), 8.01, 'test');
    when 'released' then
      perform public.release_credits(pg_temp.id('ada'), pg_temp.id('job'));
    when 'confirmed' then
      perform public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'));
    when 'confirmed in part' then
      perform public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'), 2);
    else
  end case;
end;
$$;

create function pg_temp.act(p_action text, p_user uuid) returns text language plpgsql as $$
declare
  v_job uuid := pg_temp.id('job');
  v_settled public.settlement_result;
begin
  case p_action
    when 'reserve again' then return (public.reserve_credits(p_user, v_job, 6, 'test')).outcome;
    when 'reserve another amount' then return (public.reserve_credits(p_user, v_job, 1, 'test')).outcome;
    when 'extend' then return (public.extend_reservation(p_user, v_job)).outcome;
    when 'sweep' then return public.release_stale_reservations();
    when 'release' then v_settled := public.release_credits(p_user, v_job);
    when 'confirm all' then v_settled := public.confirm_credits(p_user, v_job);
    when 'confirm part' then v_settled := public.confirm_credits(p_user, v_job, 2);
    when 'confirm 0' then v_settled := public.confirm_credits(p_user, v_job, 0);
    when 'confirm too much' then v_settled := public.confirm_credits(p_user, v_job, 6.01);
  end case;
  return concat_ws(' ', v_settled.outcome, v_settled.charged::numeric(12, 2), v_settled.returned::numeric(12, 2));
exception when invalid_parameter_value then
  return sqlerrm;
end;
$$;

-- The outcome (with charged and returned) and what Ada has afterwards: available, held, the reservation's status. Eve,
-- who tries somebody else's, holds credits of her own, and what she has is shown too.
create function pg_temp.cell(p_state text, p_action text) returns text language plpgsql as $$
declare
  v_outcome text;
begin
  perform pg_temp.bring_to(p_state);
  v_outcome := pg_temp.act(p_action, pg_temp.id(case p_state when 'somebody else''s' then 'eve' else 'ada' end));
  raise exception using errcode = 'TTTTT', message = (
    select concat_ws(
      ' | ', v_outcome, a.available || ' ' || a.reserved,
      (select r.status || ' ' || r.credits_used from public.credit_usage_logs r where r.user_id = a.user_id and r.job_id = pg_temp.id('job')),
      (select 'Eve ' || e.available || ' ' || e.reserved from public.credit_accounts e where e.user_id = pg_temp.id('eve') and p_state = 'somebody else''s'),
      (select 'THE BOOKS DISAGREE: ' || min(v.problem) from public.verify_credits() v having count(*) > 0)
    )
    from public.credit_accounts a where a.user_id = pg_temp.id('ada')
  );
exception when sqlstate 'TTTTT' then
  return sqlerrm;
end;
$$;

select is(pg_temp.cell(c.state, c.action), c.expected, format('H1: %s: %s', c.state, c.action))
from (
  values
    ('live', 'reserve again', 'already_reserved | 4.00 6.00 | reserved 6.00'),
    ('live', 'reserve another amount', 'different_amount | 4.00 6.00 | reserved 6.00'),
    ('live', 'confirm all', 'confirmed 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('live', 'confirm part', 'confirmed 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('live', 'confirm 0', 'confirmed 0.00 6.00 | 10.00 0.00 | confirmed 0.00'),
    ('live', 'confirm too much', 'p_amount must not exceed the reserved amount | 4.00 6.00 | reserved 6.00'),
    ('live', 'release', 'released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('live', 'extend', 'extended | 4.00 6.00 | reserved 6.00'),
    ('live', 'sweep', '0 | 4.00 6.00 | reserved 6.00'),

    ('overdue', 'reserve again', 'already_reserved | 4.00 6.00 | reserved 6.00'),
    ('overdue', 'reserve another amount', 'different_amount | 4.00 6.00 | reserved 6.00'),
    ('overdue', 'confirm all', 'confirmed_late 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('overdue', 'confirm part', 'confirmed_late 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('overdue', 'confirm 0', 'confirmed_late 0.00 6.00 | 10.00 0.00 | confirmed 0.00'),
    ('overdue', 'confirm too much', 'p_amount must not exceed the reserved amount | 4.00 6.00 | reserved 6.00'),
    ('overdue', 'release', 'released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('overdue', 'extend', 'expired | 4.00 6.00 | reserved 6.00'),
    ('overdue', 'sweep', '1 | 10.00 0.00 | refunded 6.00'),

    ('swept', 'reserve again', 'already_reserved | 10.00 0.00 | refunded 6.00'),
    ('swept', 'reserve another amount', 'different_amount | 10.00 0.00 | refunded 6.00'),
    ('swept', 'confirm all', 'confirmed_late 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('swept', 'confirm part', 'confirmed_late 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('swept', 'confirm 0', 'confirmed_late 0.00 6.00 | 10.00 0.00 | confirmed 0.00'),
    ('swept', 'confirm too much', 'p_amount must not exceed the reserved amount | 10.00 0.00 | refunded 6.00'),
    ('swept', 'release', 'already_released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('swept', 'extend', 'expired | 10.00 0.00 | refunded 6.00'),
    ('swept', 'sweep', '0 | 10.00 0.00 | refunded 6.00'),

    ('swept, credits gone', 'reserve again', 'already_reserved | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'reserve another amount', 'different_amount | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'confirm all', 'expired 0.00 6.00 | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'confirm part', 'expired 0.00 6.00 | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'confirm 0', 'confirmed_late 0.00 6.00 | 1.99 8.01 | confirmed 0.00'),
    ('swept, credits gone', 'confirm too much', 'p_amount must not exceed the reserved amount | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'release', 'already_released 0.00 6.00 | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'extend', 'expired | 1.99 8.01 | refunded 6.00'),
    ('swept, credits gone', 'sweep', '0 | 1.99 8.01 | refunded 6.00'),

    ('released', 'reserve again', 'already_reserved | 10.00 0.00 | refunded 6.00'),
    ('released', 'reserve another amount', 'different_amount | 10.00 0.00 | refunded 6.00'),
    ('released', 'confirm all', 'already_released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('released', 'confirm part', 'already_released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('released', 'confirm 0', 'already_released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('released', 'confirm too much', 'already_released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('released', 'release', 'already_released 0.00 6.00 | 10.00 0.00 | refunded 6.00'),
    ('released', 'extend', 'already_released | 10.00 0.00 | refunded 6.00'),
    ('released', 'sweep', '0 | 10.00 0.00 | refunded 6.00'),

    ('confirmed', 'reserve again', 'already_reserved | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'reserve another amount', 'different_amount | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'confirm all', 'already_confirmed 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'confirm part', 'already_confirmed 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'confirm 0', 'already_confirmed 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'confirm too much', 'already_confirmed 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'release', 'already_confirmed 6.00 0.00 | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'extend', 'already_confirmed | 4.00 0.00 | confirmed 6.00'),
    ('confirmed', 'sweep', '0 | 4.00 0.00 | confirmed 6.00'),

    ('confirmed in part', 'reserve again', 'already_reserved | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'reserve another amount', 'different_amount | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'confirm all', 'already_confirmed 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'confirm part', 'already_confirmed 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'confirm 0', 'already_confirmed 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'confirm too much', 'already_confirmed 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'release', 'already_confirmed 2.00 4.00 | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'extend', 'already_confirmed | 8.00 0.00 | confirmed 2.00'),
    ('confirmed in part', 'sweep', '0 | 8.00 0.00 | confirmed 2.00'),

    ('unknown', 'reserve again', 'reserved | 4.00 6.00 | reserved 6.00'),
    ('unknown', 'confirm all', 'not_found | 10.00 0.00'),
    ('unknown', 'confirm part', 'not_found | 10.00 0.00'),
    ('unknown', 'confirm 0', 'not_found | 10.00 0.00'),
    ('unknown', 'confirm too much', 'not_found | 10.00 0.00'),
    ('unknown', 'release', 'not_found | 10.00 0.00'),
    ('unknown', 'extend', 'not_found | 10.00 0.00'),
    ('unknown', 'sweep', '0 | 10.00 0.00')
) c (state, action, expected);

select is(
  pg_temp.cell('somebody else''s', c.action),
  concat_ws(' | ', c.expected, '4.00 6.00', 'reserved 6.00', case c.action when 'reserve again' then 'Eve 7.00 13.00' else 'Eve 13.00 7.00' end),
  format('M5: somebody else''s: %s', c.action)
)
from (
  values
    ('reserve again', 'reserved'), ('confirm all', 'not_found'), ('confirm part', 'not_found'), ('confirm 0', 'not_found'),
    ('confirm too much', 'not_found'), ('release', 'not_found'), ('extend', 'not_found'), ('sweep', '0')
) c (action, expected);

select is(
  array[
    (public.confirm_credits(pg_temp.id('nobody'), pg_temp.id('job'))).outcome, (public.release_credits(pg_temp.id('nobody'), pg_temp.id('job'))).outcome,
    (public.extend_reservation(pg_temp.id('nobody'), pg_temp.id('job'))).outcome
  ],
  '{not_found,not_found,not_found}', 'M5: who has no account has no reservation'
);

select * from finish();
rollback;
