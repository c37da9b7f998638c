// V6: what a picture may cost, whatever its endpoint or its host sends: that picture, and nothing else of the book.
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { encode } from "fast-png";
import { withEndpoint } from "../../../../tests/support/model_endpoint.ts";
import { costOf } from "../../../../tests/support/process_cost.ts";
import { makeBook, settable } from "../book/make.ts";
import { Usage } from "../usage.ts";
import { soundPicture } from "./picture_file.ts";
import { picturesFor } from "./pictures.ts";

const MEGABYTE = 1024 * 1024;
/** Far above what a picture of an allowed size takes, far below what these would like to have. */
const MOST_GROWTH = 200 * MEGABYTE;

type Bytes = Uint8Array<ArrayBuffer>;

const zeros = (megabytes: number) =>
  new ReadableStream<Bytes>({
    pull(body) {
      if (megabytes-- > 0) body.enqueue(new Uint8Array(MEGABYTE));
      else body.close();
    },
  });

/** So many megabytes of zeros, compressed. */
async function compressed(megabytes: number): Promise<Bytes> {
  return await new Response(zeros(megabytes).pipeThrough(new CompressionStream("deflate"))).bytes();
}

function chunk(name: string, data: Bytes): Bytes {
  const whole = new Uint8Array(data.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  whole.set(new TextEncoder().encode(name), 4);
  whole.set(data, 8);
  view.setUint32(data.length + 8, crc32(whole.subarray(4, data.length + 8)));
  return whole;
}

/** A PNG with the header given and any data. */
async function png(width: number, height: number, data: Bytes, depth = 8, colour = 2, interlaced = 0) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colour, 0, 0, interlaced], 8);
  const parts = [chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", new Uint8Array())];
  return await new Response(new Blob([Uint8Array.of(0x89, 80, 78, 71, 13, 10, 26, 10), ...parts])).bytes();
}

function jpeg(width: number, height: number): Bytes {
  const file = new Uint8Array(20_000);
  file.set([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255]);
  file.set([0xff, 0xd9], file.length - 2);
  return file;
}

const good = new Uint8Array(
  encode({ width: 40, height: 40, data: new Uint8Array(4800).map((_, at) => at * 7), channels: 3 }),
);
const [small, bomb] = [await compressed(1), await compressed(500)];
const inJson = (bytes: Bytes) => () => Response.json({ data: [{ b64_json: bytes.toBase64() }] });
const endless = () =>
  new Response(new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(MEGABYTE).fill(32)) }));
const at = (url: string) => () => Response.json({ data: [{ url }] });

const HOSTILE: Record<string, () => Response> = {
  "a PNG of 16 × 16 with 500 MB in it": inJson(await png(16, 16, bomb)),
  "the same with transparency": inJson(await png(16, 16, bomb, 8, 6)),
  "a PNG of 20,000 × 20,000": inJson(await png(20_000, 20_000, small)),
  "a PNG of 20,000 × 20,000 whose rows are all there": inJson(
    await png(20_000, 20_000, await compressed(1145)),
  ),
  "a PNG of one row of 400 million": inJson(await png(400_000_000, 1, bomb, 1, 0)),
  "a PNG as large as a header can say": inJson(await png(2 ** 32 - 1, 2 ** 32 - 1, small, 16, 6)),
  "a PNG of 8,000 × 8,000 with transparency": inJson(await png(8000, 8000, await compressed(245), 8, 6)),
  "an interlaced PNG": inJson(await png(5000, 5000, await compressed(72), 8, 2, 1)),
  "a PNG of no depth": inJson(await png(16, 16, small, 0)),
  "a PNG of no height": inJson(await png(16, 0, small)),
  "a JPEG of 20,000 × 20,000": inJson(jpeg(20_000, 20_000)),
  "a JPEG of no width": inJson(jpeg(0, 100)),
  "a picture of 12 MB": inJson(new Uint8Array(12 * MEGABYTE)),
  "an answer without end": endless,
  "a picture without end": at("/endless"),
  "a picture that says how large it is": at("/large"),
  "500 MB as text in its address": at(`data:image/png;base64,${bomb.toBase64()}`),
};

for (const [name, answer] of Object.entries(HOSTILE)) {
  Deno.test({
    name: `V6: ${name} costs that picture, and the book has its others`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const pages = ["good", "bad"].map((text) => ({ text, image_prompt: text }));
      const answers = ({ path, body }: { path: string; body: Record<string, unknown> }) => {
        if (path === "/endless") return endless();
        if (path === "/large") {
          return new Response(zeros(500), { headers: { "Content-Length": `${500 * MEGABYTE}` } });
        }
        return `${body.prompt}`.endsWith("good") ? inJson(good)() : answer();
      };
      const { growth } = await costOf(() =>
        withEndpoint("IMAGE", answers, async () => {
          const work = { signal: new AbortController().signal, usage: new Usage() };
          const pictures = await picturesFor(pages, work);
          const story = settable({ title: "T", pages, language: "en", age_min: 4, age_max: 6 });
          assert.deepEqual([...pictures.keys()], [0]);
          assert.equal((await makeBook(story, pictures)).pictureCount, 1);
        })
      );
      console.log(`${name}: ${Math.round(growth / MEGABYTE)} MB`);
      assert.ok(growth < MOST_GROWTH, `${Math.round(growth / MEGABYTE)} MB`);
    },
  });
}

Deno.test({
  name: "V6: what a transparent PNG holds behind its rows is not decoded",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const file = await png(512, 512, bomb, 8, 6);
    const { growth } = await costOf(async () => assert.ok(await soundPicture(file)));
    assert.ok(growth < MOST_GROWTH, `${Math.round(growth / MEGABYTE)} MB`);
  },
});
