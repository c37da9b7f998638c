// Two rules about text that stand in SQL and in TypeScript, because each side has to decide alone: they must agree.
import assert from "node:assert/strict";
import fc from "fast-check";
import { hasText } from "../../supabase/functions/_shared/text.ts";
import { checkExtent, printedLines } from "../../supabase/functions/generation-backend/book/extent.ts";
import { loadFonts } from "../../supabase/functions/generation-backend/book/fonts.ts";
import { unsetLetter } from "../../supabase/functions/generation-backend/book/printable.ts";
import { ApiError } from "../../supabase/functions/_shared/http/errors.ts";
import { clone } from "../support/clone.ts";
import { effort } from "../support/effort.ts";

Deno.test("what can be seen is the same for Postgres and for the functions, for every character of Unicode", async () => {
  await using database = await clone(1);
  // Postgres stores neither NUL nor half a surrogate pair.
  const rows = await database.sql<{ n: number; visible: number }[]>`
    select n, credits_private.visible_length(chr(n)) as visible
    from generate_series(1, ${0x10ffff}) n
    where n not between ${0xd800} and ${0xdfff}`;
  assert.equal(rows.length, 0x10ffff - 0x800);
  const differing = rows.filter(({ n, visible }) => hasText(String.fromCodePoint(n)) !== (visible === 1));
  assert.deepEqual(differing.map(({ n }) => n.toString(16)), []);
});

/** Pages on, below and above the bounds, and text of all sorts. */
const line = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "",
    " ",
    "\r",
    "a",
    "\u2028",
    "\u00a0".repeat(40),
    "🦊".repeat(32),
    "x".repeat(33),
    "\t".repeat(33),
  ),
  fc.nat(3300).map((length) => "x".repeat(length)),
);
const page = fc.tuple(fc.array(line, { maxLength: 8 }), fc.nat(110)).map(([lines, more]) =>
  (lines.join("\n") + "\na".repeat(more)).toWellFormed().replaceAll("\0", "")
);

function refusal(pages: { text: string }[]): string | null {
  try {
    checkExtent(pages);
    return null;
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error.code;
  }
}

Deno.test("V2: Postgres sells no book that the backend refuses as too long, and refuses none that it would set", async () => {
  await using database = await clone(1);
  const { sql } = database;
  const seen = new Set<string | null>();
  const pages = fc.oneof(
    fc.array(page, { minLength: 1, maxLength: 60 }),
    fc.tuple(fc.integer({ min: 20, max: 60 }), fc.integer({ min: 30, max: 100 }), page)
      .map(([count, lines, last]) => [...Array(count - 1).fill("a\n".repeat(lines).trimEnd()), last]),
  ).map((texts) => texts.map((text) => ({ text })));
  await fc.assert(
    fc.asyncProperty(pages, async (pages) => {
      const [{ code, lines }] = await sql<{ code: string | null; lines: number[] }[]>`
        select
          (credits_private.check_extent(null, ${sql.json(pages)})).code,
          array(
            select credits_private.printed_lines(page ->> 'text')
            from jsonb_array_elements(${sql.json(pages)}) page
          ) as lines`;
      assert.deepEqual(lines, pages.map(({ text }) => printedLines(text)));
      assert.equal(code, refusal(pages));
      seen.add(code);
    }),
    { numRuns: effort(800) },
  );
  assert.deepEqual(seen, new Set([null, "page_too_long", "book_too_long"]));
});

Deno.test("Postgres sells no book with a letter that its font lacks, and refuses none with letters that it has", async () => {
  await using database = await clone(1);
  const { has } = loadFonts();
  const rows = await database.sql<{ n: number; is_set: boolean }[]>`
    select n, credits_private.unset_letter(chr(n)) is null as is_set
    from generate_series(1, ${0x10ffff}) n
    where n not between ${0xd800} and ${0xdfff}`;
  const wrong = rows.filter(({ n, is_set }) => {
    const sign = String.fromCodePoint(n);
    if (is_set) return unsetLetter(sign, has) !== undefined;
    return has(n) && /\p{L}/u.test(sign) && unsetLetter(sign, has) === undefined;
  });
  assert.deepEqual(wrong.map(({ n }) => n.toString(16)), []);
});
