import assert from "node:assert/strict";
import { makeBook } from "../book/make.ts";
import type { StoryPage } from "../shapes.ts";
import { isSoundPicture, picturesFor } from "./pictures.ts";
import { withStandIn } from "./stand_in.ts";

const pages: StoryPage[] = ["one", "two", "three"].map((text) => ({
  text,
  image_prompt: `a fox on page ${text}`,
}));
const never = new AbortController().signal;

/** A small PNG, all of one colour, with its parts put together by hand. */
async function png(width: number, height: number): Promise<Uint8Array> {
  const { deflateSync, crc32 } = await import("node:zlib");
  const rows = new Uint8Array(height * (width * 3 + 1)).map((_, at) =>
    at % (width * 3 + 1) === 0 ? 0 : (at * 7) % 256
  );
  const chunk = (name: string, data: Uint8Array) => {
    const body = new Uint8Array([...new TextEncoder().encode(name), ...data]);
    const bytes = new Uint8Array(body.length + 8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, data.length);
    bytes.set(body, 4);
    view.setUint32(body.length + 4, crc32(body));
    return bytes;
  };
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  return new Uint8Array([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...chunk("IHDR", header),
    ...chunk("IDAT", deflateSync(rows)),
    ...chunk("IEND", new Uint8Array()),
  ]);
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

Deno.test("pictures come page by page, and one that fails does not lose the book", async () => {
  const good = await png(40, 40);
  await withStandIn("IMAGE", ({ body }) => {
    if (`${body.prompt}`.includes("page two")) return new Response("no", { status: 400 });
    return Response.json({ data: [{ b64_json: base64(good) }] });
  }, async (calls) => {
    const painted = await picturesFor(pages, never);
    assert.deepEqual([...painted.keys()].sort(), [0, 2]);
    assert.equal(calls[0].body.quality, "low");
    const book = await makeBook({ title: "Fox", pages, language: "en", age_min: 4, age_max: 6 }, painted);
    assert.equal(book.pageCount, 6);
  }, { IMAGE_OPTIONS: '{"quality":"low"}' });
});

Deno.test("a damaged picture is left out instead of breaking the book", async () => {
  const good = await png(40, 40);
  assert.equal(isSoundPicture(good), true);
  assert.equal(isSoundPicture(good.slice(0, good.length - 30)), false);
  assert.equal(isSoundPicture(new TextEncoder().encode("<html>sorry</html>".repeat(20))), false);
  await withStandIn(
    "IMAGE",
    () => Response.json({ data: [{ b64_json: base64(good.slice(0, 120)) }] }),
    async () => {
      assert.equal((await picturesFor(pages, never)).size, 0);
    },
  );
});

Deno.test("pictures that would make the book larger than its caller takes are left out", async () => {
  // A JPEG is told by its ends alone.
  const large = new Uint8Array(5 * 1024 * 1024);
  large.set([0xff, 0xd8]);
  large.set([0xff, 0xd9], large.length - 2);
  const answer = `{"data":[{"b64_json":"${large.toBase64()}"}]}`;
  await withStandIn("IMAGE", () => new Response(answer), async (calls) => {
    const painted = await picturesFor(Array.from({ length: 30 }, () => pages[0]), never);
    assert.equal(painted.size, 4);
    assert.ok(calls.length < 10, "pictures were still asked for when there was no room for them");
  });
});

Deno.test("without an image model nothing is asked for", async () => {
  assert.equal((await picturesFor(pages, never)).size, 0);
});
