import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { toBytes } from "../../_shared/bytes.ts";

const MAX_PICTURE_BYTES = 6 * 1024 * 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47];
/** Samples of a pixel by PNG's colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Whether the rows of a PNG are all there, each with a filter that exists: pdfkit decodes them where nothing catches. */
function isSoundPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height, depth, colour] = [view.getUint32(16), view.getUint32(20), bytes[24], bytes[25]];
  const isInterlaced = bytes[28] !== 0;
  const row = 1 + Math.ceil((width * (CHANNELS[colour] ?? 0) * depth) / 8);
  if (isInterlaced || row <= 1 || row * height > 64 * 1024 * 1024) return false;
  const data: Uint8Array[] = [];
  let at = 8;
  for (; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === "IDAT") data.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
    if (name === "IEND") break;
  }
  if (at + 12 > bytes.length) return false;
  try {
    const rows = toBytes(inflateSync(Buffer.concat(data), { maxOutputLength: row * height }));
    return rows.length === row * height &&
      Array.from({ length: height }, (_, y) => rows[y * row]).every((filter) => filter <= 4);
  } catch {
    return false;
  }
}

/** Whether the bytes are a whole JPEG or PNG: a damaged one would break the book when it is bound. */
export function isSoundPicture(bytes: Uint8Array): boolean {
  if (bytes.length < 100 || bytes.length > MAX_PICTURE_BYTES) return false;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;
  return PNG.every((byte, at) => bytes[at] === byte) && isSoundPng(bytes);
}
