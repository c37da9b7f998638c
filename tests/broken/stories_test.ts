/** Breaks of the product: admissions of stories and books, what delivering stores, who reads what. */
import { always, drop, never, swap } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "stories/tokens": {
    "a story that costs its pages all the same": never("story-priced-by"),
    "an attempt that failed and is charged": always("delivering-attempt"),
    "a job that is charged what was held": drop("settled-by-usage"),
    "a story that is offered at another price": never("quoted-as-held"),
    "tokens of a kind that nobody pays": always("part-with-a-rate"),
    "more cached tokens than there were": swap("part-at-most-whole", "least", "greatest"),
    "cached tokens that are paid twice": swap("cached-once", " - ", " + "),
    "thoughts that are paid twice": swap("reasoning-once", " - ", " + "),
  },
  "stories/stories": {
    "an idempotency key that makes a second job": [
      "drop index public.generation_jobs_idempotency_key",
      always("earlier-job"),
    ],
    "an idempotency key that takes any request": always("same-request"),
    "a limit that does not count refused requests": `
      alter function public.create_story(uuid, jsonb, text) rename to counted_story;
      create function public.create_story(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
        returns public.admission_result
        language plpgsql security definer set search_path = ''
      as $$
      declare
        v_result public.admission_result := public.counted_story(p_user_id, p_request, p_idempotency_key);
      begin
        if v_result.outcome <> 'accepted' then
          delete from public.api_rate_limits where identifier = p_user_id::text;
        end if;
        return v_result;
      end;
      $$`,
    "a key that is tried with one request after another, uncounted": swap(
      "mismatch-counts",
      "= 'already_accepted'",
      "is not null",
    ),
    "a story that is not paid for": never("paid-before-admitted"),
    "an age that is a list of numbers": never("number"),
  },
  "stories/books": {
    "a book without pages": never("book-has-pages"),
    "a book of any length": never("book-at-most"),
    "a page that no book holds": never("page-fits"),
    "a book that takes too long to set": never("book-fits"),
    "lines that are longer": swap("line-length", "32.0", "33.0"),
    "a book of somebody else's story": always("own-story"),
    "a book that is not offered": never("offered"),
    "files of others":
      `alter policy "owners read their book files" on storage.objects using (bucket_id = 'books')`,
    "files that are not paid for": `alter policy "owners read their book files" on storage.objects
      using (bucket_id = 'books' and (storage.foldername(name))[1] = (select auth.uid())::text)`,
  },
  "stories/letters": {
    "a letter that no font has": swap("letters", "\\u0531", "\\u0700"),
    "a book with letters left out": never("letters-fit"),
    "a cover with letters left out": never("title-letters"),
    "a story told to be fit for a book that it cannot become": swap("foreseen-script", "ja,ji", "ji"),
    "a language that is a country's": swap("base-language", "'-', 1", "'-', 9"),
    "a ready story that says what was foreseen": drop("known-refusal"),
  },
  "stories/row_security": {
    "a policy that shows everybody's rows":
      `alter policy "owners read their stories" on public.stories using (true)`,
  },
  "stories/erasure": {
    "whoever was erased hears of what they had ordered": drop("gone-repeat-nothing"),
  },
  "row_security": {
    "anon reads a table": "grant select on public.stories to anon",
    "a signed-in user writes": "grant update on public.books to authenticated",
  },
  "jobs/endings": {
    "a story that is delivered and not paid for": never("story-paid"),
    "a page without text": swap("page-has-text", "coalesce(", "coalesce(true, "),
    "a title without text": swap("title-has-text", "> 0", ">= 0"),
    "a story that outlives its deletion": drop("deleted-is-gone"),
    "an unfinished story deleted and not cancelled": drop("deleted-is-cancelled"),
  },
});
