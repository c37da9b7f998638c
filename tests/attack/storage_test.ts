// H3: the bucket with the books, by every door that Storage has, for those who own nothing in it.
import assert from "node:assert/strict";
import type { SupabaseClient } from "@supabase/supabase-js";
import { PDF } from "../support/jobs.ts";
import { client, stack } from "../support/people.ts";
import { service } from "../support/service.ts";
import { database, unchanged } from "../support/attack/state.ts";
import { sharedScene } from "../support/attack/shared_scene.ts";
import { giveStories } from "../support/stories/belongings.ts";

const sql = database();
const { ana, eve, pdfPath } = await sharedScene(giveStories);
const other = `${eve.id}/stolen.pdf`;
const untyped = (typed: unknown) => typed as SupabaseClient;

const evil = () => new Blob(["%PDF-1.7 evil"], { type: "application/pdf" });

/** Whatever comes back counts as refused as long as it names, shows or changes nothing. */
async function harmless(
  what: string,
  attempt: PromiseLike<{ data: unknown; error: unknown }>,
): Promise<void> {
  const { data, error } = await attempt;
  // Of several addresses each is refused by itself.
  const given = Array.isArray(data)
    ? data.filter((one) => !("signedUrl" in one && one.signedUrl === null))
    : data;
  const nothing = given === null || given === false || Array.isArray(given) && given.length === 0;
  assert.ok(nothing, `${what}: ${JSON.stringify(data)} ${error}`);
}

for (const [name, who] of [["anon", untyped(client())], ["a stranger", untyped(eve.client)]] as const) {
  Deno.test(`H3: ${name} neither sees nor changes what is in the bucket`, async () => {
    const bucket = who.storage.from("books");
    await unchanged(sql, async () => {
      for (const folder of ["", ana.id, `${ana.id}/`, eve.id, `${eve.id}/../${ana.id}`]) {
        await harmless(`list ${folder}`, bucket.list(folder));
      }
      for (
        const path of [pdfPath, `${eve.id}/../${pdfPath}`, `/${pdfPath}`, `./${pdfPath}`, `%2e/${pdfPath}`]
      ) {
        await harmless(`download ${path}`, bucket.download(path));
      }
      await harmless("info", bucket.info(pdfPath));
      await harmless("sign", bucket.createSignedUrl(pdfPath, 60));
      await harmless("sign several", bucket.createSignedUrls([pdfPath], 60));
      for (const path of [pdfPath, other]) {
        await harmless(`upload ${path}`, bucket.upload(path, evil()));
        await harmless(`replace ${path}`, bucket.upload(path, evil(), { upsert: true }));
        await harmless(`update ${path}`, bucket.update(path, evil()));
        await harmless(`sign an upload to ${path}`, bucket.createSignedUploadUrl(path));
      }
      await harmless("move", bucket.move(pdfPath, other));
      await harmless("copy", bucket.copy(pdfPath, other));
      await harmless("remove", bucket.remove([pdfPath]));
    });
  });

  Deno.test(`H3: ${name} cannot touch the bucket itself`, async () => {
    await unchanged(sql, async () => {
      await harmless("see", who.storage.getBucket("books"));
      await harmless("publish", who.storage.updateBucket("books", { public: true }));
      await harmless("empty", who.storage.emptyBucket("books"));
      await harmless("delete", who.storage.deleteBucket("books"));
      await harmless("make another", who.storage.createBucket("evil", { public: true }));
    });
  });
}

Deno.test("H3: no public, signed or rendered address shows a book", async () => {
  const apikey = { apikey: stack("PUBLISHABLE_KEY") };
  const callers: Record<string, string>[] = [{}, apikey, { ...apikey, authorization: `Bearer ${eve.token}` }];
  const kinds = ["object/public", "object/authenticated", "object", "object/sign", "object/info"];
  for (const kind of [...kinds, "object/info/public", "render/image/public", "render/image/authenticated"]) {
    for (const headers of callers) {
      for (const query of ["", "?token=x", `?token=${eve.token}`]) {
        const url = `${stack("API_URL")}/storage/v1/${kind}/books/${pdfPath}${query}`;
        const response = await fetch(url, { headers });
        const text = await response.text();
        assert.ok(response.status >= 400 && !text.includes("%PDF"), `${kind}${query}: ${response.status}`);
      }
    }
  }
});

Deno.test("H3: the owner reads the book by the same road, and cannot replace or remove it either", async () => {
  const bucket = ana.client.storage.from("books");
  const bytes = async () => new Uint8Array(await (await bucket.download(pdfPath)).data?.arrayBuffer() ?? []);
  assert.deepEqual(await bytes(), PDF);
  await unchanged(sql, async () => {
    await harmless("replace", bucket.upload(pdfPath, evil(), { upsert: true }));
    await harmless("add", bucket.upload(`${ana.id}/more.pdf`, evil()));
    await harmless("remove", bucket.remove([pdfPath]));
    await harmless("move", bucket.move(pdfPath, `${ana.id}/elsewhere.pdf`));
    await harmless("copy", bucket.copy(pdfPath, `${ana.id}/twice.pdf`));
  });
  const kept = await service.storage.from("books").download(pdfPath);
  assert.deepEqual(new Uint8Array(await kept.data?.arrayBuffer() ?? []), PDF);
  assert.deepEqual(await bytes(), PDF);
});

Deno.test.afterAll(() => sql.end());
