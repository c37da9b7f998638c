// The bucket with the books, as the functions use it.
import assert from "node:assert/strict";
import { client, stack } from "../support/people.ts";

Deno.test("Storage keeps bytes and blobs with their type, and only who may can read them", async () => {
  const files = client(stack("SECRET_KEY")).storage.from("books");
  const pdf = new TextEncoder().encode("%PDF-1.7");
  for (const body of [pdf, new Blob([pdf], { type: "application/pdf" })]) {
    const path = `${crypto.randomUUID()}/file.pdf`;
    const upload = await files.upload(path, body, { contentType: "application/pdf" });
    assert.equal(upload.error, null);
    const { data } = await files.download(path);
    assert.equal(data?.type, "application/pdf");
    assert.deepEqual(new Uint8Array(await data.arrayBuffer()), pdf);
    const stranger = await client().storage.from("books").download(path);
    assert.ok(stranger.error);
    await files.remove([path]);
  }
});
