import assert from "node:assert/strict";
import { encode } from "fast-png";
import { makeBook, settable } from "../book/make.ts";
import type { StoryPage } from "../shapes.ts";
import { Usage } from "../usage.ts";
import { withEndpoint, withSilence } from "../../../../tests/support/model_endpoint.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { soundPicture } from "./picture_file.ts";
import { picturesFor } from "./pictures.ts";

const pages: StoryPage[] = ["one", "two", "three"].map((text) => ({
  text,
  image_prompt: `a fox on page ${text}`,
}));
const work = (signal = new AbortController().signal) => ({ signal, usage: new Usage() });

const story = settable({ title: "Fox", pages, language: "en", age_min: 4, age_max: 6 });

/** The ends and the header of a JPEG, and nothing of a picture between them. */
function emptyJpeg(length: number, width = 40, height = 40): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(length);
  file.set([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255]);
  file.set([0xff, 0xd9], length - 2);
  return file;
}

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
    const painted = await picturesFor(pages, work());
    assert.deepEqual([...painted.keys()].sort(), [0, 2]);
    assert.equal(calls[0].body.quality, "low");
    const book = await makeBook(story, painted);
    assert.equal(book.pageCount, 6);
    assert.equal(book.pictureCount, 2);
  }, { IMAGE_OPTIONS: '{"quality":"low"}' });
});

Deno.test("a damaged picture is left out instead of breaking the book", async () => {
  const good = png(40, 40);
  assert.deepEqual(await soundPicture(good), good);
  assert.equal(await soundPicture(good.slice(0, good.length - 30)), undefined);
  assert.equal(await soundPicture(new TextEncoder().encode("<html>sorry</html>".repeat(20))), undefined);
  await withEndpoint(
    "IMAGE",
    () => Response.json({ data: [{ b64_json: base64(good.slice(0, 120)) }] }),
    async () => {
      assert.equal((await picturesFor(pages, work())).size, 0);
    },
  );
});

Deno.test("pictures that would make the book larger than its caller takes are left out", async () => {
  const large = emptyJpeg(5 * 1024 * 1024);
  const answer = `{"data":[{"b64_json":"${large.toBase64()}"}]}`;
  await withEndpoint("IMAGE", () => new Response(answer), async (calls) => {
    const painted = await picturesFor(Array.from({ length: 30 }, () => pages[0]), work());
    assert.equal(painted.size, 4);
    assert.ok(calls.length < 10, "pictures were still asked for when there was no room for them");
  });
});

Deno.test("a picture that passes the check and cannot be read costs that picture, not the book", async () => {
  // A fill byte before a marker, which the standard allows and pdfkit does not know.
  const whole = emptyJpeg(200);
  const broken = new Uint8Array([...whole.slice(0, 2), 0xff, ...whole.slice(2)]);
  assert.ok(await soundPicture(broken));
  const pictures = new Map([[0, broken], [1, png(40, 40)]]);
  const book = await makeBook(story, pictures);
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
      assert.equal((await picturesFor(pages, work())).size, 3);
    });
  });
}

Deno.test("a picture whose address stalls is given up when its time is over", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const answer = ({ path }: { path: string }) =>
    path === "/picture" ? promise : Response.json({ data: [{ url: "/picture" }] });
  await withEndpoint("IMAGE", answer, async () => {
    assert.equal((await picturesFor(pages.slice(0, 1), work())).size, 0);
    resolve(new Response());
  }, { IMAGE_TIMEOUT_SECONDS: "0.2" });
});

Deno.test("V1: when the caller has gone no picture is painted on, and none begun", async () => {
  await withSilence("IMAGE", async (model) => {
    const caller = new AbortController();
    const many = Array.from({ length: 40 }, () => pages[0]);
    const painting = picturesFor(many, work(caller.signal));
    await model.asked;
    caller.abort();
    assert.equal((await painting).size, 0);
    await model.left;
    assert.ok(model.calls <= 4, `${model.calls} pictures begun`);
  });
});

Deno.test("V6: a picture's address is the model's own, or https on a host that is named; no redirect is followed", async () => {
  const good = png(40, 40);
  let address = "";
  const asked: string[] = [];
  const answer = ({ path }: { path: string }) => {
    asked.push(path);
    if (path.endsWith("generations")) return Response.json({ data: [{ url: address }] });
    if (path === "/moved") return new Response(null, { status: 302, headers: { Location: "/picture" } });
    return new Response(good);
  };
  // Another service of this machine, which an answer could otherwise ask.
  await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    asked.push(url);
    return new Response(good);
  });
  const elsewhere = `127.0.0.1:${other.addr.port}`;
  const painted = async (url: string, hosts = "") => {
    address = url;
    asked.length = 0;
    let count = 0;
    await withEndpoint("IMAGE", answer, async () => {
      count = (await picturesFor(pages.slice(0, 1), work())).size;
    }, { LLM_IMAGE_HOSTS: hosts });
    return { count, fetched: asked.filter((one) => !one.endsWith("generations")).length };
  };
  assert.deepEqual(await painted("/picture"), { count: 1, fetched: 1 });
  assert.deepEqual(await painted("/moved"), { count: 0, fetched: 1 });
  assert.deepEqual(await painted(`http://${elsewhere}/`), { count: 0, fetched: 0 });
  assert.deepEqual(await painted(`http://${elsewhere}/`, `cdn.example, ${elsewhere}`), {
    count: 1,
    fetched: 1,
  });
  const forbidden = [
    "http://169.254.169.254/latest/meta-data/",
    "http://cdn.example/picture.png",
    "file:///etc/hostname",
    "blob:null/x",
    "javascript:1",
    `http://${elsewhere}@169.254.169.254/`,
    "ftp://cdn.example/picture.png",
  ];
  for (const url of forbidden) {
    assert.deepEqual(await painted(url, "cdn.example, 169.254.169.254"), { count: 0, fetched: 0 }, url);
  }
});

Deno.test("without an image model a book with pictures is refused", async () => {
  await assert.rejects(
    picturesFor(pages, work()),
    (error) => error instanceof ApiError && error.code === "model_not_configured",
  );
});
