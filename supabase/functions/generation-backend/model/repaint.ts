/**
 * Pictures that a PDF cannot hold as they come, made into JPEGs: WebP, and PNG with transparency. What decodes and encodes them is
 * loaded when the first one comes.
 *
 * @module
 */
import pLimit from "p-limit";
import { type Bytes, fromBase64 } from "../../_shared/bytes.ts";

interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}
interface Codec<Input, Output> {
  init(module: WebAssembly.Module): Promise<unknown>;
  default(input: Input, options?: Record<string, unknown>): Promise<Output>;
}
interface Codecs {
  png: Codec<ArrayBufferLike, Pixels>;
  webp: Codec<ArrayBufferLike, Pixels>;
  jpeg: Codec<Pixels, ArrayBuffer>;
}

/** The most pixels of a picture: they are in memory several times. */
const MOST_PIXELS = 2048 * 2048;
/** What a hosted instance repaints in its life: a million pixels take 0.1 to 0.15 of the two seconds that it has of a processor. */
const MOST_HOSTED = 8 * 1024 * 1024;
/** Progressive files and tables of their own take twice as long, for a tenth of the size. */
const JPEG = { quality: 88, progressive: false, optimize_coding: false };
/** A book's paper, which shows through. */
const PAPER = [0xff, 0xfa, 0xf0];

const isHosted = () => "EdgeRuntime" in globalThis;

const SOURCES = {
  png: () => [import("@jsquash/png/decode.js"), import("../codecs/png.json", { with: { type: "json" } })],
  webp: () => [import("@jsquash/webp/decode.js"), import("../codecs/webp.json", { with: { type: "json" } })],
  jpeg: () => [import("@jsquash/jpeg/encode.js"), import("../codecs/jpeg.json", { with: { type: "json" } })],
};
const loaded = new Map<keyof Codecs, Promise<unknown>>();

async function load<Name extends keyof Codecs>(name: Name): Promise<Codecs[Name]> {
  const [codec, file] = await Promise.all(SOURCES[name]()) as unknown as [Codecs[Name], { default: string }];
  await codec.init(await WebAssembly.compile(fromBase64(file.default)));
  return codec;
}

/** Does `work` with a codec, which after an error is not used again: nobody knows what it left in its memory. */
async function using<Name extends keyof Codecs, T>(name: Name, work: (codec: Codecs[Name]) => Promise<T>) {
  const codec = loaded.get(name) ?? load(name);
  loaded.set(name, codec);
  try {
    return await work(await codec as Codecs[Name]);
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
}

/** Lays what is transparent on paper. */
function onPaper({ data }: Pixels): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3];
    if (alpha === 255) continue;
    for (let part = 0; part < 3; part++) {
      data[at + part] = (data[at + part] * alpha + PAPER[part] * (255 - alpha)) / 255;
    }
  }
}

let repainted = 0;
/** One at a time: their pixels would add up. */
const oneAtATime = pLimit(1);

/**
 * The picture as a JPEG.
 *
 * @throws {Error} when it is too large, there is no time left for it, or it cannot be decoded
 */
export function asJpeg(
  format: "png" | "webp",
  file: Bytes,
  size: { width: number; height: number },
): Promise<Bytes> {
  return oneAtATime(async () => {
    const pixels = size.width * size.height;
    if (pixels > MOST_PIXELS) throw new Error("the picture has too many pixels to be repainted");
    if (isHosted() && repainted + pixels > MOST_HOSTED) {
      throw new Error("too much was repainted by this instance");
    }
    repainted += pixels;
    const picture = await using(format, (codec) => codec.default(file.slice().buffer));
    onPaper(picture);
    return new Uint8Array(await using("jpeg", (codec) => codec.default(picture, JPEG)));
  });
}
