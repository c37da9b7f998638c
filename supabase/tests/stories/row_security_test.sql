-- H3: who reads jobs, stories and books, as owner and as stranger. That nobody writes them is tested with all tables.
begin;
create extension if not exists pgtap with schema extensions;
select plan(4);

create function pg_temp.id(p_name text) returns uuid language sql immutable return md5(p_name)::uuid;

create function pg_temp.attempt(p_role text, p_user uuid, p_sql text) returns text language plpgsql as $$
declare
  v_answer text := 'done';
begin
  perform set_config('request.jwt.claims', jsonb_build_object('role', p_role, 'sub', p_user)::text, true);
  perform set_config('role', p_role, true);
  if p_sql like 'select%' then
    execute p_sql into v_answer;
  else
    execute p_sql;
  end if;
  reset role;
  return v_answer;
exception when others then
  reset role;
  return sqlstate;
end;
$$;

insert into auth.users (id, email) values (pg_temp.id('ada'), 'ada@example.com'), (pg_temp.id('eve'), 'eve@example.com');
select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select public.create_story(pg_temp.id('ada'), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 1}');
select public.claim_job();
select public.complete_story(job_id, 1, 'Fox', '[{"text": "Once."}]') from public.stories;
select public.create_book(pg_temp.id('ada'), jsonb_build_object('story_id', id, 'with_images', false)) from public.stories;

create temp table readable (name text, columns text);
insert into readable
select c.relname::text, string_agg(quote_ident(a.attname), ', ')
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
  and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
  and c.relname in (select relation from credits_private.user_data where domain in ('jobs', 'stories'))
group by c.relname;

select set_eq(
  $$
    select name, pg_temp.attempt('authenticated', pg_temp.id('ada'), format('select count(*) > 0 from (select %s from public.%I) t', columns, name))
    from readable
  $$,
  $$select unnest(array['generation_jobs', 'stories', 'books', 'story_progress', 'book_progress']), 'true'$$,
  'H3: an owner reads their row in each of these tables'
);
select is_empty(
  $$
    select name
    from readable
    where pg_temp.attempt('authenticated', pg_temp.id('eve'), format('select count(*) from (select %s from public.%I) t', columns, name)) <> '0'
  $$,
  'H3: a stranger reads none of them'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('ada'), format('select %s from public.%I limit 1', c.column, c.table)), '42501',
  format('M2: an owner cannot read %s.%s', c.table, c.column)
)
from (values ('generation_jobs', 'error_message'), ('books', 'content')) c ("table", "column");

select * from finish();
rollback;
