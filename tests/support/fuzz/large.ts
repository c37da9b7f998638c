/**
 * Requests as large as a route takes them: long text of every kind, deep nesting, many fields, many items, long headers
 * and queries.
 *
 * @module
 */
import fc from "fast-check";
import { ORIGIN } from "./addresses.ts";
import { placesIn, replaced } from "./events.ts";
import type { Operation } from "./operations.ts";
import type { Cast, Sent } from "./requests.ts";
import { Shapes } from "./schema.ts";

/** What long text is made of: each costs something else to read, count, match, set or print. */
const UNITS = [
  ...'a é 😀 \u0301 \u200b \u2028 \t - { [ ( \\ " \0 0 ﷺ ㎝ © ٠ /'.split(" "),
  ...[
    " ",
    "a ",
    "a\n",
    "\n",
    "a\n\n",
    "..,,!!",
    "<think>",
    "ab-",
    "a\u00ad",
    "<|im_end|>",
    "%s",
    "1e9,",
    '{"a":',
  ],
];

/** Fewer bytes than a body may have, so that what stands around a large value has room. */
const ROOM = 2048;
const MOST_HEADER = 16_000;

const size = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length - 2;
const long = (most: number): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...UNITS), fc.constantFrom(1, 1, 0.5, 0.1)).map(([unit, part]) =>
    unit.repeat(Math.max(1, Math.floor(most * part / size(unit))))
  );

/** Long values that fit into `most` bytes. */
function largeValue(most: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    long(most),
    fc.constantFrom("1", '"a"', "null", "[]", "{}", '{"text":"a"}').map((item) =>
      Array(Math.floor(most / (item.length + 1))).fill(JSON.parse(item))
    ),
    fc.integer({ min: 2, max: 200 }).chain((count) =>
      long(Math.floor(most / count) - 40).map((text) => Array(count).fill({ text, image_prompt: "" }))
    ),
    // As many pages as a book may have, and as much on them as there is room for.
    fc.integer({ min: 16, max: 33 }).map((lines) => Array(60).fill({ text: "a\n".repeat(lines).trimEnd() })),
    fc.constant(Object.fromEntries(Array.from({ length: Math.floor(most / 12) }, (_, at) => [`f${at}`, 1]))),
  );
}

/** Bodies that are large as a whole. */
function largeText(most: number): fc.Arbitrary<string> {
  const deep = (open: string, close: string) =>
    open.repeat(Math.floor(most / (open.length + close.length))) +
    close.repeat(Math.floor(most / (open.length + close.length)));
  return fc.constantFrom(
    deep("[", "]"),
    deep('{"a":', "}"),
    `{${'"a":1,'.repeat(Math.floor(most / 6) - 2)}"a":1}`,
    "1".repeat(most),
    `{"attempt":${"9".repeat(most - 20)}}`,
    " ".repeat(most),
    `"${"\\u0000".repeat(Math.floor(most / 6) - 1)}"`,
    "[".repeat(most),
    '{"'.repeat(Math.floor(most / 2)),
  );
}

/** Large requests for `operation`, whose body may have `most` bytes. */
export function largeRequests(operation: Operation, cast: Cast, most: number): fc.Arbitrary<Sent> {
  const { method, path, body, query, headers, statuses } = operation;
  const shapes = new Shapes(cast.ids, operation.definitions);
  const [user] = cast.users;
  const credentials = fc.constantFrom(...(statuses.includes(401) ? [user] : cast.servers));
  const room = most - ROOM;
  const content = !body ? fc.constant(undefined) : body.type !== "application/json" ? long(room) : fc.oneof(
    largeText(room),
    fc.tuple(shapes.valid(body.schema), largeValue(room)).chain(([valid, value]) =>
      fc.constantFrom(...placesIn(valid)).map((place) => JSON.stringify(replaced(valid, place, value)))
    ),
  );
  const name = fc.constantFrom(
    "x-request-id",
    "accept",
    "cookie",
    "authorization",
    "origin",
    ...Object.keys(headers),
  );
  const stray = fc.option(
    fc.tuple(name, fc.constantFrom("a", "a,", "a=b; ", "Bearer ", '"', "a.")).map(([name, unit]) => ({
      [name]: unit.repeat(MOST_HEADER / unit.length).trim(),
    })),
    { freq: 4, nil: {} },
  );
  const asked = fc.option(
    fc.tuple(
      fc.constantFrom("x", ...Object.keys(query)),
      fc.constantFrom("a", "%00", "1", "%F0%9F%A6%8A", "&x=1"),
    )
      .map(([name, unit]) => `?${name}=${unit.repeat(MOST_HEADER / unit.length)}`),
    { freq: Object.keys(query).length ? 2 : 4, nil: "" },
  );
  return fc.record({ content, stray, asked, credentials, id: fc.constantFrom(...cast.ids) }).map((
    { content, stray, asked, credentials, id },
  ) => ({
    method,
    url: `${ORIGIN}${path.replace("{id}", id)}${asked}`,
    headers: { ...(body && { "content-type": body.type }), ...credentials, ...stray },
    ...(content !== undefined && method !== "GET" && { body: content.toWellFormed() }),
  }));
}

/** The most bytes that a body of `operation`'s may have, as it says itself. */
export async function mostBytes({ method, path, body, fetch }: Operation, cast: Cast): Promise<number> {
  if (!body) return 0;
  const length = { "content-length": "1000000000", "content-type": "text/plain" };
  const url = `${ORIGIN}${path.replace("{id}", cast.ids[0])}`;
  for (const server of cast.servers) {
    const headers = { ...cast.users[0], ...server, ...length };
    const answer = await fetch(new Request(url, { method, headers, body: "{}" }));
    if (answer.status === 413) return (await answer.json()).max_bytes;
    await answer.body?.cancel();
  }
  return 64 * 1024;
}
