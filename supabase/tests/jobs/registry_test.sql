-- A product registers itself: here a kind of work that nobody has heard of, from its first row to its erasure.
begin;
create extension if not exists pgtap with schema extensions;
select plan(43);
\ir ../helpers.psql
\ir ../everybody.psql

-- What the database says is missing --------------------------------------------------------------------------------

create table public.ditties (id uuid primary key, user_id uuid not null, job_id uuid not null, words text, status public.job_status not null default 'queued');
select throws_ok(
  $$insert into credits_private.job_kinds values ('ditty', 'ditty_create', 'public.ditty_request', 'public.follow_ditty')$$,
  '22023', 'policy must be an action of rate_limit_policies: ditty_create', 'a kind of job needs its limit'
);
insert into public.rate_limit_policies values ('ditty_create', 4, 1);
select throws_ok(
  $$insert into credits_private.job_kinds values ('ditty', 'ditty_create', 'public.ditty_request', 'public.follow_ditty')$$,
  '22023', 'request_function must be a function of a job: public.ditty_request', 'and what the backend is asked for'
);
create function public.ditty_request(p_job public.generation_jobs) returns jsonb language sql stable set search_path = ''
as $$ select jsonb_build_object('words', s.words) from public.ditties s where s.id = p_job.resource_id $$;
select throws_ok(
  $$insert into credits_private.job_kinds values ('ditty', 'ditty_create', 'public.ditty_request', 'public.follow_ditty')$$,
  '22023', 'follow_function must be a function of a job: public.follow_ditty', 'and how the song follows its job'
);
create function public.follow_ditty(p_job public.generation_jobs) returns void language sql set search_path = ''
as $$ update public.ditties set status = p_job.status where id = p_job.resource_id $$;
select lives_ok(
  $$insert into credits_private.job_kinds values ('ditty', 'ditty_create', 'public.ditty_request', 'public.follow_ditty')$$, 'with all three it registers'
);
select throws_ok(
  $$update credits_private.job_kinds set follow_function = 'public.nothing' where job_type = 'ditty'$$, '22023', null, 'and cannot lose one later'
);
select throws_ok($$insert into credits_private.erasure_steps values (70, 'public.erase_ditties')$$, '23514', null, 'a step of an erasure exists');
select throws_ok($$insert into credits_private.sweeps values ('sweep_ditties', 1)$$, '23514', null, 'so does a sweep');
select throws_ok($$insert into credits_private.sweeps values ('expire_credits', 0)$$, '23514', null, 'which is called at least once an hour');

-- The bounds of a request ------------------------------------------------------------------------------------------

select throws_ok(
  format('insert into credits_private.job_request_fields (job_type, position, field, kind, least, most, required, fallback) values %s', f), e, null, what
)
from (
  values
    ('(''tune'', 1, ''words'', ''text'', 1, 9, true, null)', '23503', 'a field is of a kind of job'),
    ('(''ditty'', 1, ''words'', ''text'', 1, null, true, null)', '23514', 'a text has both its bounds'),
    ('(''ditty'', 1, ''loud'', ''boolean'', 0, 1, true, null)', '23514', 'what is no text and no number has none'),
    ('(''ditty'', 1, ''words'', ''poem'', 1, 9, true, null)', '23514', 'a field is of a known kind'),
    ('(''ditty'', 1, ''words'', ''text'', 1, 9, true, ''"la"'')', '23514', 'what is required needs no fallback')
) f (f, e, what);
insert into credits_private.job_request_fields (job_type, position, field, kind, least, most, required, fallback)
values
  ('ditty', 1, 'words', 'text', 2, 5, true, null), ('ditty', 2, 'minutes', 'integer', 1, 3, false, '2'), ('ditty', 3, 'loud', 'boolean', null, null, false, null),
  ('ditty', 4, 'album', 'uuid', null, null, false, null), ('ditty', 5, 'language', 'language', null, null, false, '"en"');

create function pg_temp.fault(p_request jsonb) returns text language sql
as $$ select concat_ws(': ', c.field, c.message) from credits_private.check_request(null, 'ditty', p_request) c $$;
select is(pg_temp.fault(r::jsonb), f, format('%s: %s', r, coalesce(nullif(f, ''), 'accepted')))
from (
  values
    ('{"words": "la la"}', ''), ('{"words": "🎵🎵🎵🎵🎵"}', ''), ('{"words": " la  "}', ''), ('{"words": "la", "minutes": null, "loud": null}', ''),
    ('{"words": "la", "minutes": 3, "loud": false, "album": "0198a000-0000-7000-8000-000000000000", "language": "de"}', ''),
    ('{"words": "la", "minutes": 3.0}', ''), ('{"words": "l a\u200b"}', ''),
    ('{"words": "l\u200b\u2800\u3164"}', 'words: words must have at least 2 characters'),
    ('{}', 'words: words must have at least 2 characters'), ('{"words": "  l  "}', 'words: words must have at least 2 characters'),
    ('{"words": "la la "}', 'words: words must have at most 5 characters'), ('{"words": ["la"]}', 'words: words must have at least 2 characters'),
    ('{"words": "la", "minutes": 0}', 'minutes: minutes must be between 1 and 3'), ('{"words": "la", "minutes": 4}', 'minutes: minutes must be between 1 and 3'),
    ('{"words": "la", "minutes": 1.5}', 'minutes: minutes must be between 1 and 3'), ('{"words": "la", "minutes": "2"}', 'minutes: minutes must be between 1 and 3'),
    ('{"words": "la", "minutes": 1e400}', 'minutes: minutes must be between 1 and 3'),
    ('{"words": "la", "loud": "yes"}', 'loud: loud must be true or false'), ('{"words": "la", "album": "1"}', 'album: album must be a uuid'),
    ('{"words": "la", "language": "deutsch"}', 'language: language must be a language tag with a two-letter code, such as de or de-DE'),
    ('{"words": "l", "minutes": 9}', 'words: words must have at least 2 characters')
) c (r, f);

-- A life ------------------------------------------------------------------------------------------------------------

insert into public.credit_pricing (action, credits, unit, description) values ('ditty_minute', 0.50, 'minute', 'A minute of a song');
create function pg_temp.order_ditty(p_request jsonb) returns public.admission_result language plpgsql as $$
declare
  v_result public.admission_result := credits_private.begin_admission(pg_temp.id('ada'), 'ditty', p_request, null);
begin
  if v_result.outcome is null then
    v_result := credits_private.admit_job(
      v_result, pg_temp.id('ada'), 'ditty', pg_temp.id('ditty'), p_request, null, 'ditty_minute',
      credits_private.field_of('ditty', p_request, 'minutes')::integer
    );
    insert into public.ditties (id, user_id, job_id, words) values (pg_temp.id('ditty'), pg_temp.id('ada'), v_result.job_id, p_request ->> 'words');
  end if;
  return v_result;
end;
$$;
select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select is((pg_temp.order_ditty('{"words": "l"}')).field, 'words', 'an order that breaks a bound is refused by its field');
select is((pg_temp.order_ditty('{"words": "la la"}')).cost, 1.00, 'one that does not costs its price, for the units it falls back to');
select results_eq(
  $$select job_type, request from public.claim_job(p_job_type => 'ditty')$$, $$values ('ditty', '{"words": "la la"}'::jsonb)$$, 'a worker is asked for it'
);
select is((select status::text from public.ditties), 'generating', 'the song follows its job');
select is(credits_private.share_of(j, 1), 0.50, 'a part of it costs its share') from public.generation_jobs j where job_type = 'ditty';
select is(credits_private.charge_job(j, 1.00), 1.00, 'what is delivered is charged') from public.generation_jobs j where job_type = 'ditty';

create function public.erase_ditties(p_user_id uuid) returns text[] language sql set search_path = ''
as $$ delete from public.ditties where user_id = p_user_id returning array['songs/' || id || '.ogg'] $$;
insert into credits_private.erasure_steps values (70, 'public.erase_ditties');
select is((public.erase_user(pg_temp.id('ada'), 'test', 'test')).files, array['songs/' || pg_temp.id('ditty') || '.ogg'], 'an erasure removes it, and names its file');
select is_empty('select * from public.ditties', 'for good');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
