/**
 * Requests for an operation: valid ones, ones with one thing wrong, and hostile ones.
 *
 * @module
 */
import fc from "fast-check";
import { ORIGIN, pathOf, queryString } from "./addresses.ts";
import type { Operation } from "./operations.ts";
import { Shapes } from "./schema.ts";
import { broken, encode, hostile, HOSTILE_TEXT } from "./values.ts";

/** A request, as plain data that a failing test can print. */
export interface Sent {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

/** The headers that callers identify themselves with, and the ids that are worth naming. */
export interface Cast {
  users: Record<string, string>[];
  servers: Record<string, string>[];
  ids: string[];
}

const PDF = new TextEncoder().encode("%PDF-1.7\n%%EOF");

/** What a header may hold on its way through `fetch`; the rest is refused before anything is sent. */
const headerText = fc.oneof(fc.constantFrom(...HOSTILE_TEXT), fc.string({ unit: "binary", maxLength: 60 }))
  .map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").trim().slice(0, 20_000));

const strayHeaders = fc.dictionary(
  fc.constantFrom(
    ...[
      "x-request-id",
      "accept",
      "accept-encoding",
      "content-encoding",
      "cookie",
      "x-forwarded-for",
      "x-user-id",
    ],
    ...[
      "x-http-method-override",
      "if-none-match",
      "range",
      "x-client-info",
      "idempotency-key",
      "x-region",
      "traceparent",
    ],
  ),
  headerText,
  { maxKeys: 2 },
);

/** Everything that may be sent to `operation`. */
export function requestsFor(operation: Operation, cast: Cast): fc.Arbitrary<Sent> {
  const shapes = new Shapes(cast.ids, operation.definitions);
  return fc.record({
    credentials: credentialsFor(operation, cast),
    strays: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: strayHeaders }),
    named: parameters(operation.headers, shapes),
    path: pathOf(operation, cast.ids),
    query: parameters(operation.query, shapes),
    content: contentOf(operation, shapes),
  }).map(({ credentials, strays, named, path, query, content }) => ({
    method: operation.method,
    url: `${ORIGIN}${path}${queryString(query)}`,
    headers: { ...content.headers, ...strays, ...asHeaders(named), ...credentials },
    body: operation.method === "GET" ? undefined : content.body,
  }));
}

/** Mostly those of somebody who may call; a route that can answer 401 is for users, one that can answer 403 for the backend or a scheduler. */
function credentialsFor(
  { statuses }: Operation,
  { users, servers }: Cast,
): fc.Arbitrary<Record<string, string>> {
  const [right] = users;
  const rightful = statuses.includes(401) ? users : statuses.includes(403) ? servers : [{}];
  return fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom(...rightful) },
    { weight: 1, arbitrary: fc.constantFrom({}, ...servers, ...users) },
    { weight: 1, arbitrary: headerText.map((authorization) => ({ authorization })) },
    { weight: 1, arbitrary: headerText.map((origin) => ({ ...right, origin })) },
  );
}

function parameters(schemas: Operation["query"], shapes: Shapes): fc.Arbitrary<Record<string, unknown>> {
  const each = Object.entries(schemas).map(([name, schema]) => [
    name,
    fc.oneof(shapes.valid(schema), shapes.spoiled(schema), fc.constant(undefined)),
  ]);
  return fc.record(Object.fromEntries(each));
}

function asHeaders(named: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  const clean = (value: unknown) => String(value).replace(/[^\t\x20-\x7e\x80-\xff]/g, "").trim();
  return Object.fromEntries(given.map(([name, value]) => [name, clean(value)]));
}

const TYPES = [
  "application/json; charset=utf-16",
  "text/plain",
  "application/x-www-form-urlencoded",
  "",
  "*/*",
  "APPLICATION/JSON",
];

function contentOf({ body }: Operation, shapes: Shapes): fc.Arbitrary<Pick<Sent, "headers" | "body">> {
  if (!body) return fc.constant({ headers: {} });
  const value = body.type === "application/json"
    ? fc.oneof(
      shapes.valid(body.schema).map(encode),
      shapes.spoiled(body.schema).map(encode),
      hostile.map(encode),
      shapes.valid(body.schema).chain((valid) => broken(encode(valid))),
    )
    : fc.oneof(fc.constant(PDF), fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)));
  const type = fc.oneof(
    { weight: 9, arbitrary: fc.constant(body.type) },
    { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
  );
  return fc.tuple(value, type).map(([text, type]) => ({ headers: { "content-type": type }, body: text }));
}
