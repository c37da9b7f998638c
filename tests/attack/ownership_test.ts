// A user's stories and books are that user's alone.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import { claimed, finishedStory, handIn, type Listing, PDF, placeOf } from "../support/jobs.ts";
import { as, grant, signUp, stack } from "../support/people.ts";
import { service } from "../support/service.ts";

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
  const files = service.storage.from("books");
  const path = placeOf(ana.id, resource_id, attempt, PDF);
  assert.equal((await files.upload(path, PDF, { contentType: "application/pdf" })).error, null);
  assert.ok(
    (await ana.client.storage.from("books").download(path)).error,
    "a file is there before it is paid for",
  );
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
  const download = await eve.client.storage.from("books").download(path);
  assert.ok(download.error);

  const head = await fetch(`${stack("API_URL")}/functions/v1/book-api/${resource_id}/pdf`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${ana.token}` },
  });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  assert.equal(head.headers.get("content-disposition"), whole.headers.get("content-disposition"));

  assert.equal((await files.remove([path])).error, null);
  const gone = await ask("GET", `book-api/${resource_id}/pdf`, as(ana));
  assert.deepEqual([gone.status, gone.body.code], [404, "not_found"], "a file that is gone stays gone");

  assert.equal((await ask("DELETE", `book-api/${resource_id}`, as(ana))).status, 200);
  assert.equal((await ask("GET", `book-api/${resource_id}/pdf`, as(ana))).status, 404);
  assert.ok((await ana.client.storage.from("books").download(path)).error);
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
