import { type Bytes, joined } from "../../_shared/bytes.ts";
import { isPng, readPng } from "./png.ts";
import { asJpeg } from "./repaint.ts";

/** The most bytes that a picture's file may have. */
export const MAX_PICTURE_BYTES = 6 * 1024 * 1024;
/** The most pixels that it may have: 3840 × 2160 fit. */
const MOST_PIXELS = 8 * 1024 * 1024;
/** The most bytes that may stand behind the end of a JPEG. */
const MOST_BEHIND = 64 * 1024;
/** Markers of JPEG after which width and height stand; DHT, JPG and DAC in between are others. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const isPage = (width: number, height: number) => width * height > 0 && width * height <= MOST_PIXELS;
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * A JPEG as the library that draws it expects one, or `undefined`: from its start to its end, whatever a server put behind, and
 * without the fill bytes that may stand before a marker. Its header says a size that a page may have.
 */
function soundJpeg(bytes: Bytes): Bytes | undefined {
  const end = bytes.findLastIndex((byte, at) => byte === 0xd9 && bytes[at - 1] === 0xff) + 1;
  if (bytes.length - end > MOST_BEHIND) return;
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, 2)];
  for (let at = 2; at + 9 <= end;) {
    if (bytes[at] !== 0xff) return;
    const marker = bytes[at + 1];
    if (marker === 0xff) at++;
    else if (marker === 0x01) at += 2;
    else if (isFrame(marker)) {
      if (!isPage(view.getUint16(at + 7), view.getUint16(at + 5))) return;
      kept.push(bytes.subarray(at, end));
      return joined(kept);
    } else {
      const next = at + 2 + view.getUint16(at + 2);
      kept.push(bytes.subarray(at, next));
      at = next;
    }
  }
}

async function soundPng(bytes: Bytes): Promise<Bytes | undefined> {
  const png = readPng(bytes);
  if (!png || !isPage(png.width, png.height)) return;
  return png.plain ?? await asJpeg("png", bytes, png);
}

/** Width and height of a WebP, from the header of each of its three kinds. */
function sizeOfWebp(bytes: Bytes): { width: number; height: number } | undefined {
  const view = viewOf(bytes);
  const kind = String.fromCharCode(...bytes.subarray(12, 16));
  if (kind === "VP8 ") {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (kind === "VP8L") {
    const packed = view.getUint32(21, true);
    return { width: (packed & 0x3fff) + 1, height: ((packed >> 14) & 0x3fff) + 1 };
  }
  const three = (at: number) => view.getUint16(at, true) + bytes[at + 2] * 0x10000 + 1;
  if (kind === "VP8X") return { width: three(24), height: three(27) };
}

async function soundWebp(bytes: Bytes): Promise<Bytes | undefined> {
  const size = sizeOfWebp(bytes);
  return size && isPage(size.width, size.height) ? await asJpeg("webp", bytes, size) : undefined;
}

/** What stands at the start of a WebP, beside its length. */
const isWebp = (bytes: Uint8Array) =>
  String.fromCharCode(...bytes.subarray(0, 4), ...bytes.subarray(8, 12)) === "RIFFWEBP";

/**
 * The picture when the bytes are a whole JPEG, PNG or WebP of a bearable size, as it can be drawn: a damaged one would break the
 * book when it is bound. The header is read first, and nothing is decoded that it does not allow.
 *
 * @throws {Error} when it would have to be repainted and cannot be
 */
export async function soundPicture(bytes: Bytes): Promise<Bytes | undefined> {
  if (bytes.length < 60 || bytes.length > MAX_PICTURE_BYTES) return;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return soundJpeg(bytes);
  if (isPng(bytes)) return await soundPng(bytes);
  if (isWebp(bytes)) return await soundWebp(bytes);
}
