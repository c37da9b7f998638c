/** Generated metered work: whatever is reserved, added, settled and repriced in whatever order, the model knows it before. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { clone } from "../support/clone.ts";
import { agrees, prepare, undone } from "../support/credit_agreement.ts";
import { operation } from "../support/credit_operations.ts";
import { effort } from "../support/effort.ts";
import { metered } from "../support/metered_operations.ts";

const RUNS = effort(1_600);
const CONNECTIONS = 2;

Deno.test(`${RUNS} generated sequences of metered work agree with the model`, async () => {
  const run = async () => {
    await using database = await clone(1);
    const { sql } = database;
    await prepare(sql);
    const ids = { alice: crypto.randomUUID(), bob: crypto.randomUUID() };
    const user = fc.constantFrom(...Object.keys(ids));
    const any = fc.oneof({ arbitrary: operation(user), weight: 1 }, { arbitrary: metered(user), weight: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(any, { minLength: 1, maxLength: 30, size: "max" }),
        (operations) => agrees(undone(sql), ids, operations),
      ),
      { numRuns: Math.ceil(RUNS / CONNECTIONS) },
    );
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, run));
});

/** Millionths of a unit, up to 10^15 units; prices in 10^-12 of a credit. */
const line = fc.record({
  price: fc.bigInt(0n, 10n ** 15n),
  per: fc.constantFrom(1n, 1_000n, 1_000_000n),
  quantity: fc.bigInt(0n, 10n ** 21n),
});

const decimal = (value: bigint, places: number) => {
  const digits = value.toString().padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

Deno.test("what usage costs is exact, and rounded once, up to a hundredth", async () => {
  await using database = await clone(1);
  const Estimate = z.tuple([z.object({ outcome: z.literal("ok"), cost: z.string() })]);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 5 }), async (lines) => {
      // 10^-24 of a credit each: no part of any product is smaller.
      const exact = lines.map(({ price, per, quantity }) => price * quantity * (1_000_000n / per)).reduce((
        a,
        b,
      ) => a + b);
      const cents = (exact + 10n ** 22n - 1n) / 10n ** 22n;
      const rates = lines.map(({ price, per }, index) =>
        `{"meter": "m${index}", "price": ${decimal(price, 12)}, "per": ${per}}`
      );
      const usage = lines.map(({ quantity }, index) =>
        `{"meter": "m${index}", "quantity": ${decimal(quantity, 6)}}`
      );
      const rows = await database.sql.begin(async (sql) => {
        await sql`select public.save_rate_card('any', ${`[${rates}]`}::text::jsonb, p_reason => 'test')`;
        return await sql`
          select outcome, cost::text from public.estimate_cost('any', ${`[${usage}]`}::text::jsonb)`;
      });
      assert.equal(Estimate.parse([...rows])[0].cost, decimal(cents, 2));
    }),
    { numRuns: effort(400) },
  );
});

const KEYS = { model: ["m", "n"], size: ["s", "t"], tier: ["x"] };
type Match = Partial<Record<keyof typeof KEYS, string>>;

const rate = fc.record({
  match: fc.record(
    {
      model: fc.constantFrom(...KEYS.model),
      size: fc.constantFrom(...KEYS.size),
      tier: fc.constantFrom(...KEYS.tier),
    },
    { requiredKeys: [] },
  ),
  priority: fc.nat(1),
});

/** Every line that there can be. */
const LINES = Object.entries(KEYS).reduce<Match[]>(
  (lines, [key, values]) =>
    lines.flatMap((line) => [line, ...values.map((value) => ({ ...line, [key]: value }))]),
  [{}],
);

Deno.test("a card is refused if and only if some line would fit two of its rates equally well", async () => {
  await using database = await clone(1);
  await fc.assert(
    fc.asyncProperty(fc.array(rate, { minLength: 1, maxLength: 5 }), async (rates) => {
      const isTied = LINES.some((line) => {
        const ranks = rates.filter(({ match }) =>
          Object.entries(match).every(([key, value]) => line[key as keyof Match] === value)
        ).map(({ match, priority }) => Object.keys(match).length * 2 + priority).sort((a, b) => b - a);
        return ranks.length > 1 && ranks[0] === ranks[1];
      });
      const card = JSON.stringify(rates.map((rate) => ({ meter: "token", price: 1, ...rate })));
      const [{ outcome }] = await database.sql<{ outcome: string }[]>`
        select outcome from public.save_rate_card(${`a${
        crypto.randomUUID().slice(0, 8)
      }`}, ${card}::text::jsonb, p_reason => 'test')`;
      assert.equal(outcome, isTied ? "ambiguous" : "saved");
    }),
    { numRuns: effort(800) },
  );
});
