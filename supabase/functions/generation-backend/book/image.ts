/**
 * Pictures as pdfkit draws them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Doc } from "./typeset.ts";

/** What pdfkit makes of a picture's file; it keeps the compressed rows of a PNG apart. Its types know nothing of it. */
type Opened = PDFKit.Mixins.ImageSrc & { imgData?: Uint8Array; image?: { imgData: Uint8Array } };
type Opener = Doc & { openImage(file: Buffer): Opened };

const IDAT = 0x49444154;

/**
 * Opens a sound picture. pdfkit's reader of PNGs copies the compressed rows byte by byte into an array of numbers, which takes
 * longer, and more memory, than all else that it does with a picture: it reads the file without them.
 */
export function openImage(doc: Doc, file: Uint8Array): PDFKit.Mixins.ImageSrc {
  const open = (bytes: Uint8Array) => (doc as Opener).openImage(Buffer.from(bytes));
  if (file[0] !== 0x89) return open(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [rest, rows] = [[file.subarray(0, 8)], [] as Uint8Array[]];
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 12 + view.getUint32(at);
    if (view.getUint32(at + 4) === IDAT) rows.push(file.subarray(at + 8, end - 4));
    else rest.push(file.subarray(at, end));
    at = end;
  }
  const opened = open(joined(rest));
  opened.imgData = joined(rows);
  if (opened.image) opened.image.imgData = opened.imgData;
  return opened;
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
