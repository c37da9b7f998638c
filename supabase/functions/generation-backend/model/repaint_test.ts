// In a process of its own: an instance counts what it has repainted in its life.
// Pictures that a PDF does not hold as they came are used all the same.
import assert from "node:assert/strict";
import { decode, encode } from "fast-png";
import { default as decodeJpeg, init } from "@jsquash/jpeg/decode.js";
import { soundPicture } from "./picture_file.ts";
import { readPng } from "./png.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const at = (path: string) => new URL(path, import.meta.url);
const file = (name: string) => Deno.readFile(at(`../../../../tests/support/${name}`));
const wasm = await Deno.readFile(new URL(import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm")));
// Its types know only of the other argument.
await (init as unknown as (module: WebAssembly.Module) => Promise<void>)(new WebAssembly.Module(wasm));

/** The colour of the picture's pixel. */
async function colourAt(jpeg: Bytes, x: number, y: number): Promise<number[]> {
  const { data, width } = await decodeJpeg(jpeg.buffer);
  return [...data.slice((y * width + x) * 4).slice(0, 3)];
}

function isNear(colour: number[], wanted: number[]): void {
  assert.ok(colour.every((part, at) => Math.abs(part - wanted[at]) <= 12), `${colour} for ${wanted}`);
}

const PAPER = [0xff, 0xfa, 0xf0];
const GRASS = [90, 118, 70];

for (const name of ["picture_lossy.webp", "picture_lossless.webp", "picture_alpha.webp"]) {
  Deno.test(`${name} becomes a JPEG of the same picture, on the book's paper where it is transparent`, async () => {
    const jpeg = await soundPicture(await file(name));
    assert.ok(jpeg);
    isNear(await colourAt(jpeg, 4, 32), GRASS);
    isNear(await colourAt(jpeg, 4, 2), name.includes("alpha") ? PAPER : [128, 180, 230]);
  });
}

Deno.test("a PNG with transparency becomes a JPEG on the book's paper", async () => {
  const data = new Uint8Array(32 * 32 * 4).map((_, at) => at % 4 === 3 ? (at < 2048 ? 0 : 255) : 40);
  const jpeg = await soundPicture(new Uint8Array(encode({ width: 32, height: 32, data, channels: 4 })));
  assert.ok(jpeg);
  isNear(await colourAt(jpeg, 8, 4), PAPER);
  isNear(await colourAt(jpeg, 8, 28), [40, 40, 40]);
});

Deno.test("a PNG without transparency keeps its rows as they are, in one piece and without what is not drawn", async () => {
  const data = new Uint8Array(40 * 30 * 3).map((_, at) => at * 7);
  const whole = new Uint8Array(
    encode({ width: 40, height: 30, data, channels: 3, text: { Comment: "said".repeat(99) } }),
  );
  const sound = await soundPicture(whole);
  assert.ok(sound && sound.length < whole.length - 300);
  assert.deepEqual(decode(sound, { checkCrc: true }).data, data);
});

Deno.test("a PNG is refused for any byte that is not what was written, and for a header that its rows do not fit", () => {
  const data = new Uint8Array(40 * 30 * 3).map((_, at) => at * 7);
  const whole = new Uint8Array(encode({ width: 40, height: 30, data, channels: 3 }));
  assert.ok(readPng(whole)?.plain);
  for (let at = 16; at < whole.length - 12; at++) {
    assert.equal(readPng(whole.with(at, whole[at] ^ 1)), undefined, `byte ${at}`);
  }
  assert.equal(readPng(whole.slice(0, -12)), undefined);
});

Deno.test("a WebP that breaks off is left out, and the next one is repainted", async () => {
  const webp = await file("picture_lossy.webp");
  await assert.rejects(async () => await soundPicture(webp.slice(0, 200)));
  assert.ok(await soundPicture(webp));
});

Deno.test("a hosted instance repaints as much as it has time for", async () => {
  const data = new Uint8Array(1024 * 1024 * 4).fill(255);
  const large = new Uint8Array(encode({ width: 1024, height: 1024, data, channels: 4 }));
  Reflect.set(globalThis, "EdgeRuntime", {});
  try {
    let painted = 0;
    await assert.rejects(async () => {
      while (await soundPicture(large)) painted++;
    }, /by this instance/);
    // What other tests had repainted counts.
    assert.ok(painted <= 8, `${painted} of a million pixels`);
  } finally {
    Reflect.deleteProperty(globalThis, "EdgeRuntime");
  }
  assert.ok(await soundPicture(large), "a process of one's own goes on");
});
