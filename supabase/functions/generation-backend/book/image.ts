/**
 * Pictures as pdfkit draws them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { joined } from "../../_shared/bytes.ts";
import type { Doc } from "./typeset.ts";

/** What pdfkit makes of a picture's file; it keeps the compressed rows of a PNG apart. Its types know nothing of it. */
type Opened = PDFKit.Mixins.ImageSrc & {
  width: number;
  height: number;
  imgData?: Uint8Array;
  image?: { imgData: Uint8Array };
};
type Opener = Doc & { openImage(file: Buffer): Opened };

const IDAT = 0x49444154;

/**
 * Opens a sound picture. pdfkit's reader of PNGs copies the compressed rows byte by byte into an array of numbers, which takes
 * longer, and more memory, than all else that it does with a picture: it reads the file without them.
 */
export function openImage(doc: Doc, file: Uint8Array): PDFKit.Mixins.ImageSrc {
  const open = (parts: Uint8Array[]) => (doc as Opener).openImage(Buffer.concat(parts));
  if (file[0] !== 0x89) return open([file]);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [rest, rows] = [[file.subarray(0, 8)], [] as Uint8Array[]];
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 12 + view.getUint32(at);
    if (view.getUint32(at + 4) === IDAT) rows.push(file.subarray(at + 8, end - 4));
    else rest.push(file.subarray(at, end));
    at = end;
  }
  const opened = open(rest);
  // One without a size is no picture to pdfkit, which would take it for the name of a file.
  if (!opened.width || !opened.height) throw new Error("the picture has no size");
  opened.imgData = rows.length === 1 ? rows[0] : joined(rows);
  if (opened.image) opened.image.imgData = opened.imgData;
  return opened;
}
