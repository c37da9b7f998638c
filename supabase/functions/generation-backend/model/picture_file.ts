import { Buffer } from "node:buffer";
import { type Bytes, toBytes } from "../../_shared/bytes.ts";

/** The most bytes that a picture's file may have. */
export const MAX_PICTURE_BYTES = 6 * 1024 * 1024;
/** The most bytes that it may have once it is decoded: 3840 × 2160 with transparency fit. */
const MOST_DECODED = 32 * 1024 * 1024;
/** The most bytes that may stand behind the end of a JPEG. */
const MOST_BEHIND = 64 * 1024;
/** A piece of this many compressed bytes becomes at most a thousand times as many. */
const PIECE = 4096;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples of a pixel by PNG's colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Markers of JPEG after which width and height stand; DHT, JPG and DAC in between are others. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What a PNG's header says its rows are: `length` bytes each, the filter included; `undefined` when nothing is drawn so. */
function rowsOf(bytes: Uint8Array): { length: number; count: number } | undefined {
  const view = viewOf(bytes);
  const [width, count, depth, colour] = [view.getUint32(16), view.getUint32(20), bytes[24], bytes[25]];
  const length = 1 + Math.ceil((width * (CHANNELS[colour] ?? 0) * depth) / 8);
  const isInterlaced = bytes[28] !== 0;
  if (isInterlaced || length <= 1 || count === 0 || depth > 16) return;
  return length * count <= MOST_DECODED && width * count * 4 <= MOST_DECODED ? { length, count } : undefined;
}

/** The compressed data of a PNG in small pieces; `undefined` when the file ends before its end is marked. */
function piecesOf(bytes: Uint8Array): Bytes[] | undefined {
  const view = viewOf(bytes);
  const pieces: Bytes[] = [];
  for (let at = 8; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === "IEND") return pieces;
    const end = Math.min(at + 8 + view.getUint32(at), bytes.length);
    for (let from = at + 8; name === "IDAT" && from < end; from += PIECE) {
      pieces.push(bytes.slice(from, Math.min(from + PIECE, end)));
    }
  }
}

/**
 * Whether the rows of a PNG are all there, each with a filter that exists: pdfkit decodes them where nothing catches. They
 * are looked at as they come and never all in memory, and there are no more than the header says.
 */
async function isSoundPng(bytes: Uint8Array): Promise<boolean> {
  const rows = rowsOf(bytes);
  const pieces = rows && piecesOf(bytes);
  if (!pieces) return false;
  const expected = rows.length * rows.count;
  let size = 0;
  try {
    const inflated = ReadableStream.from(pieces).pipeThrough(new DecompressionStream("deflate"));
    for await (const chunk of inflated as ReadableStream<Bytes>) {
      // From the first filter in this chunk on, one in every row.
      const first = (rows.length - size % rows.length) % rows.length;
      for (let at = first; at < chunk.length; at += rows.length) if (chunk[at] > 4) return false;
      size += chunk.length;
      if (size > expected) return false;
    }
  } catch {
    // Some encoders leave bytes behind the end, which no reader minds.
  }
  return size === expected;
}

/**
 * A JPEG as the library that draws it expects one, or `undefined`: from its start to its end, whatever a server put behind, and
 * without the fill bytes that may stand before a marker. Its header says a size that a page may have.
 */
function soundJpeg(bytes: Bytes): Bytes | undefined {
  const end = bytes.findLastIndex((byte, at) => byte === 0xd9 && bytes[at - 1] === 0xff) + 1;
  if (bytes.length - end > MOST_BEHIND) return;
  const view = viewOf(bytes);
  const kept: Bytes[] = [bytes.slice(0, 2)];
  for (let at = 2; at + 9 <= end;) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1];
    if (marker === 0xff) at++;
    else if (marker === 0x01) at += 2;
    else if (isFrame(marker)) {
      if (!isPage(view.getUint16(at + 7), view.getUint16(at + 5))) return;
      kept.push(bytes.slice(at, end));
      return toBytes(Buffer.concat(kept));
    } else {
      const next = at + 2 + view.getUint16(at + 2);
      kept.push(bytes.slice(at, next));
      at = next;
    }
  }
}

const isPage = (width: number, height: number) => width * height > 0 && width * height * 4 <= MOST_DECODED;

/**
 * The picture when the bytes are a whole JPEG or PNG of a bearable size, as it can be drawn: a damaged one would break the book
 * when it is bound. The header is read first, and nothing is decoded that it does not allow.
 */
export async function soundPicture(bytes: Bytes): Promise<Bytes | undefined> {
  if (bytes.length < 60 || bytes.length > MAX_PICTURE_BYTES) return;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return soundJpeg(bytes);
  return PNG.every((byte, at) => bytes[at] === byte) && await isSoundPng(bytes) ? bytes : undefined;
}
