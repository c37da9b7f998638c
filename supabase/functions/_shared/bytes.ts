/**
 * Bytes in memory.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Bytes with a buffer of their own: what `Uint8Array<ArrayBuffer>` says since TypeScript 5.7, which Deno 2.1 lacks. */
export type Bytes = ReturnType<typeof Uint8Array.of>;

/** The bytes that `base64` stands for; what is no base64 in it is passed over. */
export function fromBase64(base64: string): Bytes {
  return toBytes(Buffer.from(base64, "base64"));
}

/** A copy of a `Buffer`, whose types Deno 2.1 cannot read. */
export function toBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer as unknown as Bytes);
}

/**
 * All bytes of `body`, when they are no more than `most`; reading stops there.
 *
 * @throws {RangeError} when there are more; whatever the stream throws when it breaks off
 */
export async function readAtMost(body: ReadableStream<Bytes> | null, most: number): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw new RangeError(`more than ${most} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
