-- Walks every order of a stream of steps inside one transaction, each step undone by a savepoint, so that orders that
-- begin alike share their beginning, and orders that lead the same steps to the same rows share what follows. After each
-- step every event taken in so far is delivered again: when that writes nothing, no number of copies at no place of any
-- order can.

create schema permutations;

create type permutations.found as (
  orders bigint,
  endings text[],
  seen text[],
  problems text[]
);

-- One step: an event, the session's arrival from Stripe, or the user spending, holding and settling credits.
create function permutations.take(p_step jsonb) returns text
  language plpgsql
as $$
declare
  v_user uuid := (p_step ->> 'user')::uuid;
  v_job uuid := (p_step ->> 'job')::uuid;
begin
  case p_step ->> 'step'
    when 'event' then
      return (public.apply_stripe_event(p_step -> 'event')).outcome;
    when 'attach' then
      return (public.attach_checkout_session(
        v_user, (p_step ->> 'purchase')::uuid, p_step ->> 'session', '2100-01-01', false
      )).outcome;
    when 'hold' then
      return (public.reserve_credits(v_user, v_job, (p_step ->> 'amount')::numeric, 'story')).outcome;
    when 'confirm' then
      return (public.confirm_credits(v_user, v_job)).outcome;
    when 'release' then
      return (public.release_credits(v_user, v_job)).outcome;
    when 'spend' then
      perform public.reserve_credits(v_user, v_job, (p_step ->> 'amount')::numeric, 'story');
      return (public.confirm_credits(v_user, v_job)).outcome;
  end case;
end;
$$;

-- Every table, and what says which rows it has but for ids that are made up: nothing where it has none.
create table permutations.watched as
select
  c.oid,
  format(
    '(select %L || string_agg(t::text, '','' order by t::text) from (select %s from %s) t)',
    c.relname || ':',
    (
      select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
      from pg_attribute a
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and pg_get_expr(d.adbin, d.adrelid) is distinct from 'credits_private.uuid_v7()'
    ),
    c.oid::regclass
  ) as rows
from pg_class c
where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace);

create function permutations.written(p_table oid) returns bigint
  language sql
return
  pg_stat_get_xact_tuples_inserted(p_table) + pg_stat_get_xact_tuples_updated(p_table) + pg_stat_get_xact_tuples_deleted(p_table);

-- How many rows this transaction has written so far, undone or not.
create function permutations.writes() returns bigint
  language plpgsql
as $$
begin
  return (select sum(permutations.written(oid)) from permutations.watched);
end;
$$;

create function permutations.spent() returns numeric
  language plpgsql
as $$
begin
  return (
    select coalesce(sum(amount), 0) from public.credit_ledger where kind = 'confirm'
  );
end;
$$;

-- Whatever happened: what was granted and not taken back is available, held, spent, or owed.
create function permutations.is_conserved() returns boolean
  language plpgsql
as $$
begin
  return (
    select
      coalesce((select available + reserved - debt from public.credit_accounts), 0) + permutations.spent()
      = (select coalesce(sum(credits - revoked_credits) filter (where paid_cents > 0), 0) from public.credit_purchases)
      + (select coalesce(sum(original_amount), 0) from public.user_credits where source = 'promotion')
  );
end;
$$;

-- What may happen from here on depends on nothing but the rows, as the clock stands still.
create or replace function credits_private.clock() returns timestamptz
  language plpgsql set search_path = ''
as $$
begin
  return now();
end;
$$;

-- All rows of all tables that this transaction has ever written to: the others are as they were.
create function permutations.state() returns text
  language plpgsql
as $$
declare
  v_rows text := (select string_agg(rows, ', ' order by oid) from permutations.watched where permutations.written(oid) > 0);
  v_state text;
begin
  execute format('select md5(concat_ws(''|'', %s))', coalesce(v_rows, 'null')) into v_state;
  return v_state;
end;
$$;

-- Numbers go on where they were before the steps that are undone.
create function permutations.renumber() returns void
  language plpgsql
as $$
begin
  perform
    setval(pg_get_serial_sequence('public.user_credits', 'id'), (select coalesce(max(id), 0) + 1 from public.user_credits), false),
    setval(pg_get_serial_sequence('public.credit_debts', 'id'), (select coalesce(max(id), 0) + 1 from public.credit_debts), false);
end;
$$;

create function permutations.ending() returns text
  language plpgsql
as $$
begin
  return (
    select jsonb_build_object(
      'available', coalesce(max(a.available), 0), 'reserved', coalesce(max(a.reserved), 0),
      'debt', coalesce(max(a.debt), 0), 'spent', permutations.spent(),
      'purchases', (
        select jsonb_agg(jsonb_build_object(
          'status', status, 'paid_cents', paid_cents, 'reversed_cents', reversed_cents,
          'revoked_credits', revoked_credits, 'session', stripe_session_id, 'payment', stripe_payment_intent_id
        ) order by amount_cents)
        from public.credit_purchases
      ),
      'events', (select jsonb_agg(concat_ws(' ', type, outcome, reason) order by id) from public.stripe_events)
    )::text
    from public.credit_accounts a
  );
end;
$$;

create function permutations.problems_after(p_steps jsonb[], p_path integer[]) returns text[]
  language plpgsql
as $$
declare
  v_before bigint := permutations.writes();
  v_problems text[] := '{}';
  v_step integer;
begin
  foreach v_step in array p_path loop
    continue when p_steps[v_step] ->> 'step' not in ('event', 'attach');
    if permutations.take(p_steps[v_step]) not in ('duplicate', 'already_attached') then
      v_problems := v_problems || format('a copy of %s was taken for new after %s', v_step, p_path);
    end if;
  end loop;
  if permutations.writes() <> v_before then
    v_problems := v_problems || format('copies wrote something after %s', p_path);
  end if;
  if not permutations.is_conserved() then
    v_problems := v_problems || format('credits were lost or minted after %s', p_path);
  end if;
  return v_problems;
end;
$$;

create function permutations.walk(
  p_steps jsonb[],
  p_path integer[] default '{}',
  p_found permutations.found default row(0, '{}', '{}', '{}')
) returns permutations.found
  language plpgsql
as $$
declare
  v_ending text;
  v_left integer := cardinality(p_steps) - cardinality(p_path);
  v_place text := concat((select string_agg(s::text, ' ' order by s) from unnest(p_path) s), '|', permutations.state());
begin
  if v_place = any (p_found.seen) then
    p_found.orders := p_found.orders + factorial(v_left);
    return p_found;
  end if;
  p_found.seen := p_found.seen || v_place;
  p_found.problems := p_found.problems || permutations.problems_after(p_steps, p_path);
  if v_left = 0 then
    p_found.orders := p_found.orders + 1;
    p_found.problems := p_found.problems || array(
      select format('%s after %s', v.problem, p_path) from public.verify_credits() v
    );
    v_ending := permutations.ending();
    if v_ending <> all (p_found.endings) then
      p_found.endings := p_found.endings || v_ending;
    end if;
    return p_found;
  end if;
  for v_next in 1 .. cardinality(p_steps) loop
    continue when v_next = any (p_path);
    begin
      perform permutations.renumber();
      perform permutations.take(p_steps[v_next]);
      p_found := permutations.walk(p_steps, p_path || v_next, p_found);
      raise exception using errcode = 'UNDO1';
    exception
      -- Variables keep what was found; the database goes back to before the step.
      when sqlstate 'UNDO1' then null;
    end;
  end loop;
  return p_found;
end;
$$;
