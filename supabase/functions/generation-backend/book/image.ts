/**
 * Pictures as pdfkit draws them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Doc } from "./typeset.ts";

/** What pdfkit makes of a picture's file; it keeps the compressed rows of a PNG apart. Its types know nothing of it. */
type Opened = PDFKit.Mixins.ImageSrc & { imgData?: Buffer; image?: { imgData: Buffer } };
type Opener = Doc & { openImage(file: Buffer): Opened };

const IDAT = 0x49444154;

/**
 * Opens a sound picture. pdfkit's reader of PNGs copies the compressed rows byte by byte into an array of numbers, which takes
 * longer, and more memory, than all else that it does with a picture: it reads the file without them.
 */
export function openImage(doc: Doc, bytes: Uint8Array): PDFKit.Mixins.ImageSrc {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file[0] !== 0x89) return (doc as Opener).openImage(file);
  const [rest, rows] = [[file.subarray(0, 8)], [] as Buffer[]];
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 12 + file.readUInt32BE(at);
    if (file.readUInt32BE(at + 4) === IDAT) rows.push(file.subarray(at + 8, end - 4));
    else rest.push(file.subarray(at, end));
    at = end;
  }
  const opened = (doc as Opener).openImage(Buffer.concat(rest));
  opened.imgData = Buffer.concat(rows);
  if (opened.image) opened.image.imgData = opened.imgData;
  return opened;
}
