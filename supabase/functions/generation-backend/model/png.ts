/**
 * PNG files, as far as it takes to put one into a PDF: a PDF holds the compressed rows of most as they are, so that nothing
 * has to be inflated.
 *
 * @module
 */
import crc32 from "crc-32";
import { type Bytes, joined } from "../../_shared/bytes.ts";

/** What is known of a PNG before it is decoded. */
export interface Png {
  width: number;
  height: number;
  /** The file with nothing in it but the picture, its rows in one piece, when a PDF holds them as they are. */
  plain?: Bytes;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Samples of a pixel by colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Deflate makes no byte into more than this many. */
const MOST_INFLATED = 1040;

/** Whether `bytes` begin as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, at) => bytes[at] === byte);

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * The data of each kind of chunk, in one piece, up to the end; `undefined` when there is no end or a chunk is not what was
 * written: each has a checksum.
 */
function chunksOf(file: Uint8Array): Map<string, Uint8Array> | undefined {
  const view = viewOf(file);
  const parts = new Map<string, Uint8Array[]>();
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > file.length || crc32.buf(file.subarray(at + 4, end - 4)) !== view.getInt32(end - 4)) return;
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const data = file.subarray(at + 8, end - 4);
    if (!parts.get(name)?.push(data)) parts.set(name, [data]);
    if (name === "IEND") return new Map([...parts].map(([name, data]) => [name, joined(data)]));
    at = end;
  }
}

function chunk(name: string, data: Uint8Array): Bytes {
  const whole = joined([new Uint8Array(4), new TextEncoder().encode(name), data, new Uint8Array(4)]);
  viewOf(whole).setUint32(0, data.length);
  viewOf(whole).setInt32(data.length + 8, crc32.buf(whole.subarray(4, data.length + 8)));
  return whole;
}

/** Whether `data` begins as compressed data does, and may become `length` bytes. */
function mayHold(data: Uint8Array, length: number): boolean {
  const [method, flags] = data;
  const isZlib = (method & 0x8f) === 8 && (flags & 0x20) === 0 && (method * 256 + flags) % 31 === 0;
  return isZlib && data.length * MOST_INFLATED >= length && data.length <= length + length / 256 + 1024;
}

/**
 * Reads a PNG's header and checks what can be checked without inflating it: that every chunk is as it was written, and that its
 * rows may have the length that the header says. `undefined` when something is not so.
 */
export function readPng(file: Bytes): Png | undefined {
  const chunks = chunksOf(file);
  const [header, palette, data] = ["IHDR", "PLTE", "IDAT"].map((name) => chunks?.get(name));
  if (header?.length !== 13 || !data) return;
  const [width, height] = [viewOf(header).getUint32(0), viewOf(header).getUint32(4)];
  const [depth, colour, , , interlaced] = header.subarray(8);
  const row = 1 + Math.ceil((width * (CHANNELS[colour] ?? 0) * depth) / 8);
  if (row === 1 || ![1, 2, 4, 8, 16].includes(depth) || !mayHold(data, row * height)) return;
  if (interlaced || [4, 6].includes(colour) || chunks?.has("tRNS")) return { width, height };
  const colours = colour === 3 ? palette : undefined;
  if (colour === 3 && (!colours?.length || colours.length % 3 || colours.length > 3 * 2 ** depth)) return;
  const drawn = Object.entries({
    IHDR: header,
    ...(colours && { PLTE: colours }),
    IDAT: data,
    IEND: new Uint8Array(),
  });
  const plain = joined([SIGNATURE, ...drawn.map(([name, data]) => chunk(name, data))]);
  return { width, height, plain };
}
