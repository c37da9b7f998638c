// Every function route with another user's ids, and every way to act or be counted as somebody else: H3, M4, M5.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import { STORY } from "../support/jobs.ts";
import { as } from "../support/people.ts";
import { database } from "../support/attack/state.ts";
import { scene } from "../support/attack/victim.ts";
import { giveStories } from "../support/stories/belongings.ts";

const sql = database();
const { ana, eve, storyId, bookId, purchaseId, packId, writing, binding } = await scene(sql, giveStories);

/** What a caller might hope is taken for the user's id. */
const SPOOFED = {
  "x-user-id": ana.id,
  "x-forwarded-user": ana.id,
  "x-supabase-user": ana.id,
  "x-jwt-claim-sub": ana.id,
  cookie: `sb-access-token=${ana.token}`,
};

/** How often each limited action of `userId` was counted. */
async function counted(userId: string): Promise<Record<string, number>> {
  const rows = await sql<{ action: string; count: number }[]>`
    select action, cardinality(hits) as count from public.api_rate_limits where identifier = ${userId}`;
  return Object.fromEntries(rows.map(({ action, count }) => [action, count]));
}

/** Ana's rows and everybody's but Eve's rate limits, in one digest. */
async function belongings(): Promise<unknown> {
  return await sql`
    select
      (select md5(string_agg(t::text, '' order by t::text)) from public.api_rate_limits t where identifier <> ${eve.id}) as limits,
      (select md5(string_agg(t::text, '' order by t::text)) from public.credit_usage_logs t) as usage,
      (select md5(string_agg(t::text, '' order by t::text)) from public.credit_ledger t) as ledger,
      (select md5(string_agg(t::text, '' order by t::text)) from public.credit_accounts t) as accounts,
      (select md5(string_agg(t::text, '' order by t::text)) from public.generation_jobs t) as jobs,
      (select md5(string_agg(t::text, '' order by t::text)) from public.stories t) as stories,
      (select md5(string_agg(t::text, '' order by t::text)) from public.books t) as books,
      (select md5(string_agg(t::text, '' order by t::text)) from public.credit_purchases t where user_id <> ${eve.id}) as purchases,
      (select count(*) from storage.objects) as files`;
}

Deno.test("H3: another user's story or book is not found, by any route and method, and stays as it is", async () => {
  const before = await belongings();
  for (const id of [storyId, bookId, writing.resource_id, binding.resource_id, writing.job_id, purchaseId]) {
    for (const headers of [as(eve), { ...SPOOFED, ...as(eve) }]) {
      for (const method of ["GET", "DELETE"]) {
        for (const name of ["story-api", "book-api"]) {
          const { status, body } = await ask(method, `${name}/${id}?user_id=${ana.id}`, headers);
          assert.deepEqual([status, body.code], [404, "not_found"], `${method} ${name}/${id}`);
        }
      }
      const pdf = await ask("GET", `book-api/${id}/pdf`, headers);
      assert.deepEqual([pdf.status, pdf.body.code], [404, "not_found"]);
    }
  }
  const book = await ask("POST", "book-api/generate", as(eve), { story_id: storyId, with_images: false });
  assert.deepEqual([book.status, book.body.code], [404, "not_found"]);
  assert.deepEqual(await belongings(), before);
});

Deno.test("H3: lists, usage and purchases show a stranger nothing of anybody else's", async () => {
  const marks = [ana.id, storyId, bookId, purchaseId, writing.job_id, writing.resource_id, "only Ana knows"];
  for (
    const path of [
      "story-api",
      "book-api",
      "credits-api/usage",
      "credits-api/purchases",
      "credits-api/balance",
    ]
  ) {
    const cursors = [
      writing.job_id,
      writing.resource_id,
      storyId,
      bookId,
      "ffffffff-ffff-7fff-bfff-ffffffffffff",
    ];
    for (const query of ["", `?user_id=${ana.id}`, ...cursors.map((cursor) => `?cursor=${cursor}`)]) {
      const { body } = await ask<unknown>("GET", path + query, { ...SPOOFED, ...as(eve) });
      for (const mark of marks) assert.ok(!JSON.stringify(body).includes(mark), path + query);
    }
  }
});

Deno.test("M4: nobody spends anybody else's rate limit, through no door", async () => {
  const before = await counted(ana.id);
  for (const headers of [as(eve), { ...SPOOFED, ...as(eve) }, SPOOFED]) {
    for (let i = 0; i < 35; i++) await ask("GET", `credits-api/balance?user_id=${ana.id}`, headers);
    await ask("GET", `credits-api/usage?p_user_id=${ana.id}`, headers);
    for (const extra of [{ user_id: ana.id }, { p_user_id: ana.id }, {}]) {
      await ask("POST", "story-api/create", headers, { ...STORY, pages: 0, ...extra });
      await ask("POST", "book-api/generate", headers, { story_id: storyId, with_images: false, ...extra });
      await ask("POST", "credits-api/checkout", headers, {
        pack_id: packId,
        return_to: "https://evil.example",
        ...extra,
      });
    }
  }
  assert.deepEqual(await counted(ana.id), before);
  assert.equal((await ask("GET", "credits-api/balance", as(eve))).status, 429, "hers is spent");
  assert.equal((await ask("GET", "credits-api/balance", as(ana))).status, 200, "Ana's is not");
});

Deno.test.afterAll(() => sql.end());
