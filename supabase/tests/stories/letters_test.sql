-- Whether a story can become a book: foreseen when it is ordered, known when it is ready, and what an order of a book goes by.
begin;
create extension if not exists pgtap with schema extensions;
select plan(42);
\ir ../helpers.psql
\ir ../everybody.psql

update public.rate_limit_policies set max_requests = 1000;
select public.grant_credits(pg_temp.id('ada'), 100, 'promotion', 'gift');

create function pg_temp.order(p_prompt text, p_language text, p_key text default null) returns public.admission_result
  language sql as $$
  select public.create_story(
    pg_temp.id('ada'),
    jsonb_build_object('prompt', p_prompt, 'language', p_language, 'age_min', 3, 'age_max', 6, 'pages', 1), p_key
  )
$$;

-- Letters ----------------------------------------------------------------------------------------------------------

select is(credits_private.unset_letter(t), null, format('set: %s', t))
from unnest(array[
  'ƙ ɔ ҷ ẞ Ə Ŋ ꞌ Ҙ Ӷ Ԥ ἀ ω ầ', 'Wani ƙaramin ɓera', 'Nguyễn Thị Hường', 'Як рӯбоҳи хурд дар ҷангал', 'ᾧ λόγος', 'Exɔ̃ ŋku', 'ﬁn ㎝ ½', '🦊 « ‼ » 👍🏽 ♥'
]) t;
select is(credits_private.unset_letter(t), letter, format('not set: %s', t))
from (values ('a girl called 美咲', '美'), ('ثعلب', 'ث'), ('ｷﾂﾈ', 'キ'), ('The letter א', 'א'), ('여우', '여'), ('𝄞 𐐷', '𐐷')) c (t, letter);

-- Foreseen ---------------------------------------------------------------------------------------------------------

select is((pg_temp.order(c.prompt, c.language)).message, c.message, format('foreseen: %s, %s', c.prompt, c.language))
from (
  values
    ('a shy fox', 'en', null), ('a boy named Kɔfi', 'en-GB', null), ('лиса', 'sr-Cyrl-RS', null),
    ('a shy fox', 'ja-JP', 'No book can be set in the script of this language'),
    ('a girl called 美咲', 'en', 'No book can show the letter “美”')
) c (prompt, language, message);
select is(credits_private.foreseen_book_refusal(c.prompt, c.language), c.message, format('by its letters: %s, %s', c.prompt, c.language))
from (
  values
    ('a shy fox', 'iw', 'No book can be set in the script of this language'),
    ('მორცხვი მელა', 'en', 'No book can show the letter “მ”'), ('мама კატა', 'ru', 'No book can show the letter “კ”'),
    ('ამ', 'ka', 'No book can show the letter “ა”'), ('ամաչկոտ աղվես', 'en', 'No book can show the letter “ա”'),
    ('จิ้งจอก', 'en', 'No book can show the letter “จ”'), ('កញ្ជ្រោង', 'en', 'No book can show the letter “ក”'),
    ('ቀበሮ', 'en', 'No book can show the letter “ቀ”'), ('ᏥᏍᏚ', 'en', 'No book can show the letter “Ꮵ”'),
    ('ᐊᑎᒃ', 'en', 'No book can show the letter “ᐊ”'), ('ⵉⵣⵎ', 'en', 'No book can show the letter “ⵉ”'),
    ('ߞߏ', 'en', 'No book can show the letter “ߞ”'), ('a fox on page ๓', 'en', 'No book can show the letter “๓”')
) c (prompt, language, message);
select results_eq(
  $$select language, count(*)::integer from public.stories where user_id = pg_temp.id('ada') group by 1 order by 1$$,
  $$values ('en', 3), ('ja', 1), ('sr', 1)$$, 'of a language tag the base counts'
);
create temp table told as select * from pg_temp.order('a girl called 美咲', 'en', 'key');
select results_eq(
  $$select outcome, message, job_id from pg_temp.order('a girl called 美咲', 'en', 'key')$$,
  $$select 'already_accepted', message, job_id from told$$, 'a repetition is told the same'
);
select results_eq(
  $$select bookable, book_refusal from public.story_progress where id = (select resource_id from told)$$,
  $$values (false, 'No book can show the letter “美”')$$, 'its owner can read it'
);

-- Known ------------------------------------------------------------------------------------------------------------

create function pg_temp.told(p_title text, p_text text) returns text language plpgsql as $$
declare
  v_story public.admission_result := pg_temp.order('a girl called 美咲', 'en');
begin
  perform public.claim_job(v_story.job_id);
  perform public.complete_story(v_story.job_id, 1, p_title, jsonb_build_array(jsonb_build_object('text', p_text)));
  update public.stories set status = 'ready' where id = v_story.resource_id and title is not null;
  return (
    select concat_ws(' | ', book_refusal, r.outcome, r.code, r.message)
    from public.stories s
    cross join public.create_book(pg_temp.id('ada'), jsonb_build_object('story_id', s.id, 'with_images', false)) r
    where s.id = v_story.resource_id
  );
end;
$$;
select is(pg_temp.told(c.title, c.text), c.answer, c.what)
from (
  values
    ('The Girl', 'She waited.', 'accepted', 'what was foreseen is forgotten when the story is another'),
    ('The Girl', 'She was 美咲.', 'No book can show the letter “美” | invalid | unsupported_script | No book can show the letter “美”', 'a letter of a page'),
    ('美', 'She waited.', 'No book can show the letter “美” | invalid | unsupported_script | No book can show the letter “美”', 'a letter of the title'),
    ('Verse', repeat(E'a\n', 200), 'Page 1 is too long for a book | invalid | page_too_long | Page 1 is too long for a book', 'a page that is too long')
) c (title, text, answer, what);
create temp table plain as select id from public.stories where title = 'The Girl' and book_refusal is null;
select results_eq(
  $$select outcome, code, field, message
    from public.create_book(
      pg_temp.id('ada'), jsonb_build_object('story_id', (select id from plain), 'title', 'Für 美', 'with_images', false))$$,
  $$values ('invalid', 'unsupported_script', 'title', 'No book can show the letter “美”')$$, 'a letter of another title'
);
select is(
  (select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada')),
  (select sum(reserved_amount)::numeric from public.credit_usage_logs where user_id = pg_temp.id('ada') and status = 'reserved' and description in ('Story', 'Book')),
  'nothing is reserved for what was refused'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
