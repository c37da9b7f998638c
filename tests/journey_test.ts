// What a user does, through the functions of a running stack: outcomes as HTTP, and nobody else's things.
import assert from "node:assert/strict";
import { ask, until } from "./calls.ts";
import { client, grant, type Person, signUp, stack } from "./people.ts";

const STORY = { prompt: "a shy dragon who learns to whistle", age_min: 4, age_max: 7, pages: 2 };
const PAGES = [{ text: "Once there was a dragon.", image_prompt: "a dragon" }, {
  text: "It whistled.",
  image_prompt: "",
}];
const PDF = new TextEncoder().encode("%PDF-1.7\nnot much of a book\n%%EOF");

interface Accepted {
  story_id: string;
  book_id: string;
  job_id: string;
  status: string;
  cost: number;
}

interface Item {
  id: string;
  status: string;
  error_code: string | null;
}

interface Listing {
  items: Item[];
  next_cursor: string | null;
}

interface Report {
  outcome: string;
  status: string | null;
}

const as = (person: Person) => ({ authorization: `Bearer ${person.token}` });
const backend = { "x-api-key": stack("API_SHARED_SECRET") };
const service = client(stack("SECRET_KEY"));

type Request = Record<string, string | number | boolean>;

/**
 * A job in the hands of this test: admitted and claimed past the functions, which would start on it at once.
 * A function that is still busy with another test's jobs may be faster; then the next one will do.
 */
async function claimed(person: Person, type: "story" | "book", request: Request) {
  const args = { p_user_id: person.id, p_request: request };
  for (let i = 0; i < 3; i++) {
    const { data } = type === "story"
      ? await service.rpc("create_story", args)
      : await service.rpc("create_book", args);
    assert.equal(data?.outcome, "accepted");
    const { job_id, resource_id } = data as { job_id: string; resource_id: string };
    const claim = await service.rpc("claim_job", { p_job_id: job_id });
    if (claim.data?.outcome === "claimed") {
      return { job_id, resource_id, attempt: claim.data.attempt as number };
    }
  }
  throw new Error("every job was taken before this test could have it");
}

/** A finished story of `person`'s. */
async function finishedStory(person: Person): Promise<string> {
  const { job_id, resource_id, attempt } = await claimed(person, "story", STORY);
  const done = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, {
    attempt,
    title: "The Dragon",
    pages: PAGES,
  });
  assert.deepEqual(done.body, { outcome: "completed", status: "ready" });
  return resource_id;
}

function handIn(
  jobId: string,
  attempt: number,
  pdf: Uint8Array<ArrayBuffer>,
  type = "application/pdf",
): Promise<Response> {
  const url = `${
    stack("API_URL")
  }/functions/v1/book-api/jobs/${jobId}/complete?attempt=${attempt}&page_count=2`;
  return fetch(url, { method: "POST", headers: { ...backend, "content-type": type }, body: pdf });
}

async function balance(person: Person): Promise<{ balance: number; reserved: number }> {
  return (await ask<{ balance: number; reserved: number }>("GET", "credits-api/balance", as(person))).body;
}

Deno.test("a backend that answers later reports progress, hands the story in, and it is paid for then", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const before = await balance(ana);
  const { job_id, resource_id, attempt } = await claimed(ana, "story", STORY);
  assert.deepEqual(await balance(ana), { balance: before.balance - 0.5, reserved: 0.5 });

  const progress = { attempt, pages_done: 1, pages_total: 2, stage: "writing" };
  assert.equal(
    (await ask<Report>("POST", `story-api/jobs/${job_id}/progress`, backend, progress)).body.outcome,
    "alive",
  );
  const seen = await ask<{ job: Record<string, unknown> }>("GET", `story-api/${resource_id}`, as(ana));
  assert.deepEqual(seen.body.job, {
    id: job_id,
    status: "generating",
    stage: "writing",
    pages_done: 1,
    pages_total: 2,
    attempt,
  });

  const late = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, {
    attempt: attempt + 1,
    title: "x",
    pages: PAGES,
  });
  assert.equal(late.body.outcome, "fenced");
  const story = { attempt, title: "The Dragon", pages: PAGES };
  for (const outcome of ["completed", "already_completed"]) {
    const { status, body } = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, story);
    assert.deepEqual([status, body], [200, { outcome, status: "ready" }]);
  }
  const read = await ask<{ title: string; pages: unknown }>("GET", `story-api/${resource_id}`, as(ana));
  assert.equal(read.body.title, "The Dragon");
  assert.deepEqual(read.body.pages, PAGES);
  assert.deepEqual(await balance(ana), { balance: before.balance - 0.5, reserved: 0 });
});

Deno.test("a job that fails for good costs nothing", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const before = await balance(ana);
  const { job_id, resource_id, attempt } = await claimed(ana, "story", STORY);
  const failed = await ask<Report>("POST", `story-api/jobs/${job_id}/fail`, backend, {
    attempt,
    code: "unsafe_prompt",
  });
  assert.deepEqual(failed.body, { outcome: "failed", status: "failed" });
  const { body } = await ask<Item>("GET", `story-api/${resource_id}`, as(ana));
  assert.deepEqual([body.status, body.error_code], ["failed", "unsafe_prompt"]);
  assert.deepEqual(await balance(ana), before);
});

Deno.test("a job that nobody started on is taken on by jobs/run", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const { data } = await service.rpc("create_story", { p_user_id: ana.id, p_request: STORY });
  assert.equal(data?.outcome, "accepted");
  const run = await ask<{ started: number }>("POST", "story-api/jobs/run", backend);
  assert.equal(run.status, 202);
  const again = () => ask<Item>("GET", `story-api/${data?.resource_id}`, as(ana));
  await until(again, ({ status }) => ["ready", "failed"].includes(status));
});

Deno.test("a book is its owner's alone, from the first byte to the last", async () => {
  const ana = await signUp();
  const eve = await signUp();
  await grant(ana, 10);
  const storyId = await finishedStory(ana);
  const { job_id, resource_id, attempt } = await claimed(ana, "book", {
    story_id: storyId,
    with_images: false,
    title: "Ο δράκος",
  });

  const early = await ask("GET", `book-api/${resource_id}/pdf`, as(ana));
  assert.deepEqual([early.status, early.body.code], [409, "not_ready"]);
  assert.equal((await handIn(job_id, attempt, PDF, "text/plain")).status, 415);
  assert.equal((await handIn(job_id, attempt, new TextEncoder().encode("<html>"))).status, 400);
  assert.deepEqual(await (await handIn(job_id, attempt + 1, PDF)).json(), {
    outcome: "fenced",
    status: "generating",
  });
  assert.deepEqual(await (await handIn(job_id, attempt, PDF)).json(), {
    outcome: "completed",
    status: "ready",
  });

  const { data, error } = await ana.client.functions.invoke<Blob>(`book-api/${resource_id}/pdf`, {
    method: "GET",
  });
  assert.equal(error, null);
  assert.deepEqual(new Uint8Array(await (data as Blob).arrayBuffer()), PDF);
  const headers = { ...as(ana), origin: "https://talehop.com" };
  const whole = await fetch(`${stack("API_URL")}/functions/v1/book-api/${resource_id}/pdf`, { headers });
  await whole.body?.cancel();
  assert.equal(whole.headers.get("content-type"), "application/pdf");
  assert.match(
    whole.headers.get("content-disposition") ?? "",
    /^attachment; filename="book.pdf"; filename\*=UTF-8''%CE%9F/,
  );

  for (const [method, path] of [["GET", ""], ["GET", "/pdf"], ["DELETE", ""]]) {
    const { status, body } = await ask(method, `book-api/${resource_id}${path}`, as(eve));
    assert.deepEqual([status, body.code], [404, "not_found"]);
  }
  assert.deepEqual((await ask<Listing>("GET", "book-api", as(eve))).body, { items: [], next_cursor: null });
  const stolen = await ask("POST", "book-api/generate", as(eve), { story_id: storyId, with_images: false });
  assert.deepEqual([stolen.status, stolen.body.code], [404, "not_found"]);
  const download = await eve.client.storage.from("books").download(`${ana.id}/${resource_id}.pdf`);
  assert.ok(download.error);

  assert.equal((await ask("DELETE", `book-api/${resource_id}`, as(ana))).status, 200);
  assert.equal((await ask("GET", `book-api/${resource_id}/pdf`, as(ana))).status, 404);
  assert.ok((await ana.client.storage.from("books").download(`${ana.id}/${resource_id}.pdf`)).error);
});

Deno.test("a story is its owner's alone, and gone when deleted", async () => {
  const ana = await signUp();
  const eve = await signUp();
  await grant(ana, 10);
  const storyId = await finishedStory(ana);
  for (const method of ["GET", "DELETE"]) {
    assert.equal((await ask(method, `story-api/${storyId}`, as(eve))).status, 404, method);
  }
  assert.equal((await ask("GET", `story-api/${storyId}`, as(ana))).status, 200);
  assert.equal((await ask("DELETE", `story-api/${storyId}`, as(ana))).status, 200);
  assert.equal((await ask("GET", `story-api/${storyId}`, as(ana))).status, 404);
});

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

Deno.test("the same key and request are the same job, another request under it is 422", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const headers = { ...as(ana), "idempotency-key": crypto.randomUUID() };
  const first = await ask<Accepted>("POST", "story-api/create", headers, STORY);
  assert.equal(first.status, 202);
  const second = await ask<Accepted>("POST", "story-api/create", headers, STORY);
  assert.deepEqual([second.status, second.body.job_id, second.body.cost], [202, first.body.job_id, 0.5]);
  const other = await ask("POST", "story-api/create", headers, { ...STORY, pages: 3 });
  assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
  const bad = await ask(
    "POST",
    "story-api/create",
    { ...as(ana), "idempotency-key": "x".repeat(256) },
    STORY,
  );
  assert.deepEqual([bad.status, bad.body.code], [400, "invalid_request"]);
});

Deno.test("M3, M4: too few credits is 402 without the balance, and counts; the sixth story in a minute is 429", async () => {
  const ana = await signUp();
  for (let i = 0; i < 5; i++) {
    const { status, body } = await ask("POST", "story-api/create", as(ana), { ...STORY, pages: 60 });
    assert.deepEqual([status, body], [402, {
      code: "insufficient_credits",
      message: "Insufficient credits",
      required: 15,
    }]);
  }
  const { status, headers, body } = await ask("POST", "story-api/create", as(ana), STORY);
  assert.deepEqual([status, body.code], [429, "rate_limited"]);
  const wait = Number(headers.get("retry-after"));
  assert.ok(wait >= 1 && wait <= 60);
  assert.equal(headers.get("ratelimit"), `"story_create";r=0;t=${wait}`);
  assert.equal(headers.get("ratelimit-policy"), '"story_create";q=5;w=60');
});

Deno.test("H4 and friends: what Postgres refuses names its field", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const bad = [{ pages: 0 }, { pages: 61 }, { age_min: 1 }, { age_max: 3 }];
  for (const change of bad) {
    const { status, body } = await ask<{ code: string; field: string }>("POST", "story-api/create", as(ana), {
      ...STORY,
      ...change,
    });
    assert.deepEqual([status, body.code, body.field], [400, "invalid_request", Object.keys(change)[0]]);
  }
  assert.equal((await balance(ana)).reserved, 0);
});
