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
  const { buffer, byteOffset, length } = Buffer.from(base64, "base64") as unknown as Bytes;
  return new Uint8Array(buffer, byteOffset, length);
}

/** All `parts` in one piece. Not by way of a `Blob`, which copies them three times. */
export function joined(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
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
  return joined(chunks);
}
