/**
 * Values that software trips over, and JSON that carries them.
 *
 * @module
 */
import fc from "fast-check";

/** Text that means something to a database, a header, a path, a shell, a template or a terminal. */
export const HOSTILE_TEXT = [
  "",
  " ",
  "\0",
  "\ud800",
  "a\udfffb",
  "\ufeff\u202e\u200b",
  "é".normalize("NFD"),
  "👩‍👩‍👧‍👦".repeat(50),
  "Z̸̧̢͎̮".repeat(100),
  "x".repeat(100_000),
  "'; drop table credit_accounts; --",
  "' or 1=1 --",
  "\\'; select pg_sleep(10); --",
  '"},"x":{"',
  "$1",
  "%s%n%x",
  "{{7*7}}${7*7}",
  "\r\nX-Evil: 1\r\n\r\n<html>",
  "../../../etc/passwd",
  "..%2f..%2fadmin",
  "%00",
  "<script>alert(1)</script>",
  "NaN",
  "Infinity",
  "-0",
  "1e309",
  "0x10",
  "9".repeat(400),
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "[object Object]",
  "2026-02-30T25:61:00Z",
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "{00000000-0000-7000-8000-000000000000}",
  "javascript:alert(1)",
  "https://talehop.com@evil.example/",
  "\u001b[2J",
];

/** Numbers at and beyond the ends of what the machine, JSON and Postgres can hold. */
export const HOSTILE_NUMBERS = [
  0,
  -1,
  0.1,
  1.005,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  1e21,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
];

/** What JSON.stringify cannot write: each placeholder stands for the text behind it, quotes included. */
const RAW: Record<string, string> = {
  "@NaN@": "NaN",
  "@Infinity@": "Infinity",
  "@1e999@": "1e999",
  "@digits@": "1".repeat(5000),
  "@-0@": "-0",
  "@deep@": `${"[".repeat(5000)}${"]".repeat(5000)}`,
  "@deepObject@": `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
  "@comment@": "/* */ 1",
  "@proto@": '{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}',
};

/** Anything that a JSON value can be. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_TEXT),
  fc.constantFrom<unknown>(...HOSTILE_NUMBERS),
  fc.constantFrom<unknown>(...Object.keys(RAW), null, true, false, [], {}, [[]], { "": null }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** `value` as JSON, with what the placeholders stand for. */
export function encode(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.replace(/"(@[\w-]+@)"/g, (whole, name: string) => RAW[name] ?? whole);
}

/** `text` broken as a careless or a cunning sender breaks JSON. */
export function broken(text: string): fc.Arbitrary<string | Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  return fc.oneof(
    fc.nat(text.length).map((end) => text.slice(0, end)),
    fc.constantFrom(
      `\ufeff${text}`,
      `${text}${text}`,
      `${text}\0`,
      `[${text}]`,
      `"${text}`,
      `'${text}'`,
      " ",
    ),
    fc.constantFrom(
      text.replace("{", '{"attempt":1,"attempt":"2",'),
      text.replace("{", '{"__proto__":{"x":1},'),
    ),
    fc.tuple(fc.nat(bytes.length), fc.integer({ min: 128, max: 255 })).map(([at, byte]) => {
      return new Uint8Array([...bytes.slice(0, at), byte, ...bytes.slice(at)]);
    }),
  );
}
