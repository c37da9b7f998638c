/** What the routes take for meters, models and quantities is what Postgres reads, and the other way round. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { MATCHED, METER, METERED } from "../../supabase/functions/_shared/http/meters.ts";
import { clone } from "../support/clone.ts";
import { effort } from "../support/effort.ts";

/** Mostly of what names consist of, and as long as they may be, give or take a character. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aZ0_-.:/@+ é,\n"), minLength: 0, maxLength: 4 }),
  fc.tuple(
    fc.constantFrom(..."aZ0_-"),
    fc.constantFrom(39, 40, 41, 99, 100, 101),
    fc.constantFrom(..."a0_.@é"),
  )
    .map(([first, length, rest]) => first + rest.repeat(length - 1)),
);

/** With as many digits before and behind the point as there may be, give or take one. */
const quantity = fc.tuple(
  fc.constantFrom(0, 1, 14, 15, 16),
  fc.constantFrom(0, 1, 6, 7),
  fc.constantFrom("", "-"),
)
  .map(([whole, places, sign]) =>
    `${sign}${whole ? "9".repeat(whole) : ""}${places ? `.${"1".repeat(places)}` : ""}`
  );

Deno.test("names of meters, actions and models are the same to the routes and to Postgres", async () => {
  await using database = await clone(1);
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const [read] = await database.sql<{ meter: boolean; matched: boolean; key: boolean }[]>`
        select
          (credits_private.price_usage('none', 1, ${
        JSON.stringify([{ meter: text, quantity: 1 }])
      }::text::jsonb)).outcome <> 'invalid' as meter,
          credits_private.matchable(${JSON.stringify({ model: text })}::text::jsonb) <> '{}' as matched,
          credits_private.matchable(${JSON.stringify({ [text]: "m" })}::text::jsonb) <> '{}' as key`;
      assert.deepEqual({ ...read }, {
        meter: METER.test(text),
        matched: MATCHED.test(text),
        key: METER.test(text),
      });
    }),
    { numRuns: effort(800) },
  );
});

Deno.test("a card takes a meter and an action of each name that an estimate may be asked for, and no other", async () => {
  await using database = await clone(1);
  await fc.assert(
    fc.asyncProperty(name, fc.boolean(), async (text, isMeter) => {
      const card = JSON.stringify([{ meter: isMeter ? text : "token", price: 1 }]);
      const saved = database.sql`
        select public.save_rate_card(${isMeter ? "any" : text}, ${card}::text::jsonb, p_reason => 'test')`;
      assert.equal(await saved.then(() => true, () => false), METER.test(text));
    }),
    { numRuns: effort(400) },
  );
});

Deno.test("quantities are the same to the routes and to Postgres", async () => {
  await using database = await clone(1);
  await fc.assert(
    fc.asyncProperty(quantity, async (text) => {
      // What is no number in JSON does not get there.
      const isNumber = /^-?\d/.test(text);
      const line = `[{"meter": "token", "quantity": ${isNumber ? text : '"none"'}}]`;
      const [{ isRead }] = await database.sql<{ isRead: boolean }[]>`
        select (credits_private.price_usage('none', 1, ${line}::text::jsonb)).outcome <> 'invalid' as "isRead"`;
      assert.equal(isRead, METERED.test(`token:${text}`), text);
    }),
    { numRuns: effort(400) },
  );
});
