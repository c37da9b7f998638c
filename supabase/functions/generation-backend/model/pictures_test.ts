import assert from "node:assert/strict";
import { encode } from "fast-png";
import { makeBook } from "../book/make.ts";
import type { StoryPage } from "../shapes.ts";
import { withEndpoint } from "../../../../tests/support/model_endpoint.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { isSoundPicture } from "./picture_file.ts";
import { picturesFor } from "./pictures.ts";

const pages: StoryPage[] = ["one", "two", "three"].map((text) => ({
  text,
  image_prompt: `a fox on page ${text}`,
}));
const never = new AbortController().signal;

/** A small PNG of many colours. */
function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(width * height * 3).map((_, at) => (at * 7) % 256);
  return new Uint8Array(encode({ width, height, data, channels: 3, depth: 8 }));
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

Deno.test("pictures come page by page, and one that fails does not lose the book", async () => {
  const good = png(40, 40);
  await withEndpoint("IMAGE", ({ body }) => {
    if (`${body.prompt}`.includes("page two")) return new Response("no", { status: 400 });
    return Response.json({ data: [{ b64_json: base64(good) }] });
  }, async (calls) => {
    const painted = await picturesFor(pages, never);
    assert.deepEqual([...painted.keys()].sort(), [0, 2]);
    assert.equal(calls[0].body.quality, "low");
    const book = await makeBook({ title: "Fox", pages, language: "en", age_min: 4, age_max: 6 }, painted);
    assert.equal(book.pageCount, 6);
    assert.equal(book.pictureCount, 2);
  }, { IMAGE_OPTIONS: '{"quality":"low"}' });
});

Deno.test("a damaged picture is left out instead of breaking the book", async () => {
  const good = png(40, 40);
  assert.equal(isSoundPicture(good), true);
  assert.equal(isSoundPicture(good.slice(0, good.length - 30)), false);
  assert.equal(isSoundPicture(new TextEncoder().encode("<html>sorry</html>".repeat(20))), false);
  await withEndpoint(
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
  await withEndpoint("IMAGE", () => new Response(answer), async (calls) => {
    const painted = await picturesFor(Array.from({ length: 30 }, () => pages[0]), never);
    assert.equal(painted.size, 4);
    assert.ok(calls.length < 10, "pictures were still asked for when there was no room for them");
  });
});

Deno.test("a picture that passes the check and cannot be read costs that picture, not the book", async () => {
  const broken = new Uint8Array(200);
  broken.set([0xff, 0xd8]);
  broken.set([0xff, 0xd9], broken.length - 2);
  assert.equal(isSoundPicture(broken), true);
  const pictures = new Map([[0, broken], [1, png(40, 40)]]);
  const book = await makeBook({ title: "Fox", pages, language: "en", age_min: 4, age_max: 6 }, pictures);
  assert.deepEqual([book.pageCount, book.pictureCount], [6, 1]);
});

const shapes: Record<string, (b64: string) => unknown> = {
  "b64_json null, and a relative address": () => ({ data: [{ b64_json: null, url: "/picture" }] }),
  "b64_json empty, and a data: address": (b64) => ({
    data: [{ b64_json: "", url: `data:image/png;base64,${b64}` }],
  }),
  "a data: prefix in b64_json, and no address": (b64) => ({
    data: [{ b64_json: `data:image/png;base64,${b64}`, url: null }],
  }),
  "base64 in lines": (b64) => ({ data: [{ b64_json: b64.replace(/.{76}/g, "$&\r\n") }] }),
  "images instead of data": (b64) => ({ images: [{ b64_json: b64 }] }),
};
for (const [name, shape] of Object.entries(shapes)) {
  Deno.test(`a picture is found in an answer with ${name}`, async () => {
    const good = png(40, 40);
    const answer = ({ path }: { path: string }) =>
      path === "/picture" ? new Response(good) : Response.json(shape(base64(good)));
    await withEndpoint("IMAGE", answer, async () => {
      assert.equal((await picturesFor(pages, never)).size, 3);
    });
  });
}

Deno.test("a picture whose address stalls is given up when its time is over", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const answer = ({ path }: { path: string }) =>
    path === "/picture" ? promise : Response.json({ data: [{ url: "/picture" }] });
  await withEndpoint("IMAGE", answer, async () => {
    assert.equal((await picturesFor(pages.slice(0, 1), never)).size, 0);
    resolve(new Response());
  }, { IMAGE_TIMEOUT_SECONDS: "0.2" });
});

Deno.test("without an image model a book with pictures is refused", async () => {
  await assert.rejects(
    picturesFor(pages, never),
    (error) => error instanceof ApiError && error.code === "model_not_configured",
  );
});
