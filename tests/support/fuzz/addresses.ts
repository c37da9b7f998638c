/**
 * Addresses of and around a route.
 *
 * @module
 */
import fc from "fast-check";
import type { Operation } from "./operations.ts";
import { HOSTILE_TEXT } from "./values.ts";

/** Where the functions answer within this process. */
export const ORIGIN = "http://localhost";

const TRICKS = [
  "/..",
  "/%2e%2e/credits-api/balance",
  "/%00",
  "/%",
  "/%ff%fe",
  "//",
  ";a=b",
  "/{id}",
  "/%20",
  "?%",
  "#x",
];

/** Paths of and around a route; those that leave the function's own folder never get to it. */
export function pathOf({ path }: Operation, ids: string[]): fc.Arbitrary<string> {
  const named = fc.oneof(fc.constantFrom(...ids), fc.uuid()).map((id) => path.replace("{id}", id));
  const odd = fc.oneof(fc.constantFrom(...HOSTILE_TEXT), fc.string({ unit: "binary", maxLength: 20 }))
    .map((text) => path.replace("{id}", encodeURIComponent(text.toWellFormed())));
  const own = path.match(/^\/[^/]+/)?.[0] ?? "";
  const trick = fc.tuple(named, fc.constantFrom(...TRICKS), fc.nat(3)).map(([text, trick, place]) => {
    const rest = text.slice(own.length);
    return [
      text + trick,
      own + rest.toUpperCase(),
      own + rest.replace(/\/[^/]*$/, trick),
      own + trick + rest,
    ][place];
  });
  return fc.oneof({ weight: 10, arbitrary: named }, { weight: 2, arbitrary: odd }, {
    weight: 1,
    arbitrary: trick,
  })
    .filter((path) => `${new URL(path, ORIGIN).pathname}/`.startsWith(`${own}/`));
}

/** `query` as it stands behind a path, without what is undefined. */
export function queryString(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const escape = (value: unknown) => encodeURIComponent(String(value).toWellFormed());
  return given.length ? `?${given.map(([name, value]) => `${name}=${escape(value)}`).join("&")}` : "";
}
