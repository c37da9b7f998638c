// V8: who has no signature is refused before a byte of the body is read.
import assert from "node:assert/strict";
import { captureLogs, withEnv, withServer } from "../../../tests/support/functions.ts";
import { EVENT, now, sign } from "../../../tests/support/webhook_delivery.ts";
import { app } from "./app.ts";

const LIMIT = 256 * 1024;

/** Runs `body` against the app at a real address, and says of each request whether its body was read for the answer. */
async function served(body: (port: number) => Promise<void>): Promise<boolean[]> {
  const read: boolean[] = [];
  const applied = () => Response.json({ outcome: "applied", event_id: "evt_1", reason: null });
  await captureLogs(() =>
    withServer(applied, (url) =>
      withEnv({ SUPABASE_URL: url }, async () => {
        const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
          const response = await app.fetch(request);
          read.push(request.bodyUsed);
          return response;
        });
        try {
          await body(server.addr.port);
        } finally {
          await server.shutdown();
        }
      }))
  );
  return read;
}

/** Sends a head and the first bytes of a body that never ends, and returns the answer. */
async function answerToHalf(port: number, signature: string[]): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  // Whoever waits for the rest of the body answers nothing: the test then fails instead of waiting with them.
  const giveUp = setTimeout(() => connection.close(), 10_000);
  const head = ["POST /stripe-webhook HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  const lines = [...head, ...signature, "Transfer-Encoding: chunked", "", "5", "begin", ""];
  await connection.write(new TextEncoder().encode(lines.join("\r\n")));
  const bytes = new Uint8Array(4096);
  const length = await connection.read(bytes);
  clearTimeout(giveUp);
  connection.close();
  return new TextDecoder().decode(bytes.subarray(0, length ?? 0));
}

/** Signatures as they are made when the request is: what comes from the future would be of the present meanwhile. */
const REFUSED: [name: string, signature: () => string[]][] = [
  ["no signature", () => []],
  ["an empty one", () => ["Stripe-Signature: "]],
  ["nonsense", () => ["Stripe-Signature: t=1,v1=00"]],
  ["no time", () => [`Stripe-Signature: v1=${"0".repeat(64)}`]],
  ["no scheme that counts", () => [`Stripe-Signature: t=${now()},v0=${"0".repeat(64)}`]],
  ["a stale one", () => [`Stripe-Signature: t=${now() - 310},v1=${"0".repeat(64)}`]],
  ["one from the future", () => [`Stripe-Signature: t=${now() + 310},v1=${"0".repeat(64)}`]],
];

for (const [name, signature] of REFUSED) {
  Deno.test(`V8: a slow body with ${name} is answered at once and not read`, async () => {
    const read = await served(async (port) => {
      const answer = await answerToHalf(port, signature());
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.match(answer, /"invalid_signature"/);
    });
    assert.deepEqual(read, [false]);
  });
}

Deno.test("V8: a signed event arrives over the same connection, up to the limit and no further", async () => {
  const send = async (port: number, payload: string) => {
    const headers = { "content-type": "application/json", "stripe-signature": await sign(payload) };
    const response = await fetch(`http://127.0.0.1:${port}/stripe-webhook`, {
      method: "POST",
      body: payload,
      headers,
    });
    return { status: response.status, body: await response.json() };
  };
  const sized = (bytes: number) => {
    const event = { ...EVENT, padding: "" };
    return JSON.stringify({ ...event, padding: "x".repeat(bytes - JSON.stringify(event).length) });
  };
  await served(async (port) => {
    assert.equal((await send(port, sized(LIMIT))).status, 200);
    const refused = await send(port, sized(LIMIT + 1));
    assert.deepEqual([refused.status, refused.body.max_bytes], [413, LIMIT]);
  });
});
