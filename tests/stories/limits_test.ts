// Pages, limits and refusals, as a caller of a running stack meets them.
import assert from "node:assert/strict";
import { ask, balance } from "../support/calls.ts";
import { BOUNDS } from "../../supabase/functions/_shared/database/bounds.ts";
import { finishedStory, type Listing, STORY } from "../support/jobs.ts";
import { as, grant, impoverish, signUp } from "../support/people.ts";
import { readTerms } from "../support/terms.ts";

const { prices, limits } = await readTerms();
const MOST_PAGES = BOUNDS.story.pages.most;

Deno.test("lists come in pages, newest first", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const made = [];
  for (let i = 0; i < 3; i++) made.unshift(await finishedStory(ana));
  const first = await ask<Listing>("GET", "story-api?limit=2", as(ana));
  const second = await ask<Listing>("GET", `story-api?limit=2&cursor=${first.body.next_cursor}`, as(ana));
  assert.deepEqual([...first.body.items, ...second.body.items].map(({ id }) => id), made);
  assert.equal(second.body.next_cursor, null);
  const usage = await ask<Listing>("GET", "credits-api/usage?limit=2", as(ana));
  assert.equal(usage.body.items.length, 2);
  const rest = await ask<Listing>(
    "GET",
    `credits-api/usage?limit=2&cursor=${usage.body.next_cursor}`,
    as(ana),
  );
  assert.equal(rest.body.items.length, 1);
  for (const bad of ["limit=abc", "cursor=abc", "limit=1&limit=2"]) {
    assert.equal((await ask("GET", `credits-api/usage?${bad}`, as(ana))).status, 400, bad);
    assert.equal((await ask("GET", `story-api?${bad}`, as(ana))).status, 400, bad);
  }
});

Deno.test("M3, M4: too few credits is 402 without the balance, and counts; one story more than the limit is 429", async () => {
  const ana = await signUp();
  await impoverish(ana.id);
  const { max_requests, window_minutes } = limits.story_create;
  for (let i = 0; i < max_requests; i++) {
    const { status, body } = await ask("POST", "story-api/create", as(ana), STORY);
    assert.deepEqual([status, body], [402, {
      code: "insufficient_credits",
      message: "Insufficient credits",
      required: prices.story_page * STORY.pages,
    }]);
  }
  const { status, headers, body } = await ask("POST", "story-api/create", as(ana), STORY);
  assert.deepEqual([status, body.code], [429, "rate_limited"]);
  const wait = Number(headers.get("retry-after"));
  assert.ok(wait >= 1 && wait <= window_minutes * 60);
  assert.equal(headers.get("ratelimit"), `"story_create";r=0;t=${wait}`);
  assert.equal(headers.get("ratelimit-policy"), `"story_create";q=${max_requests};w=${window_minutes * 60}`);
});

Deno.test("H4 and friends: what Postgres refuses names its field", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const bad = [{ pages: 0 }, { pages: MOST_PAGES + 1 }, { age_min: BOUNDS.story.age_min.least - 1 }, {
    age_max: 3,
  }];
  for (const change of bad) {
    const { status, body } = await ask<{ code: string; field: string }>("POST", "story-api/create", as(ana), {
      ...STORY,
      ...change,
    });
    assert.deepEqual([status, body.code, body.field], [400, "invalid_request", Object.keys(change)[0]]);
  }
  assert.equal((await balance(ana)).reserved, 0);
});
