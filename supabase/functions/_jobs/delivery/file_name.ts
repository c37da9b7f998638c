/**
 * The name under which a browser saves a file.
 *
 * @module
 */

/** Characters that no file system or shell takes kindly, and those that steer text or terminals. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}"'`*/:<>?\\|%;$&]+/gu;

/**
 * A `Content-Disposition` value for a file called `title`, or `untitled` where nothing of it may stay: plain ASCII for
 * old clients and, as RFC 6266 has it, the whole name for the others.
 */
export function contentDisposition(title: string, extension: string, untitled: string): string {
  const name = title.replace(UNSAFE, " ").replace(/\s+/g, " ").replace(/^[. ]+|[. ]+$/g, "");
  const short = Array.from(name).slice(0, 80).join("").trim() || untitled;
  const ascii = short.normalize("NFD").replace(/[^\x20-\x7e]/g, "").trim() || untitled;
  return `attachment; filename="${ascii}.${extension}"; filename*=UTF-8''${
    encodeExtended(short)
  }.${extension}`;
}

/** RFC 8187: what `encodeURIComponent` leaves alone although the header may not carry it. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
