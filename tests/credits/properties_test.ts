/** Generated sequences of operations give what the model of the contract gives, and leave books that agree. */
import fc from "fast-check";
import { clone } from "../support/clone.ts";
import { agrees, prepare, undone } from "../support/credit_agreement.ts";
import { operation } from "../support/credit_operations.ts";
import { effort } from "../support/effort.ts";

const RUNS = effort(2_000);
const CONNECTIONS = 2;

Deno.test(`${RUNS} generated sequences of credit operations agree with the model`, async () => {
  const run = async () => {
    // Each in a database of its own: one archives at a time.
    await using database = await clone(1);
    const { sql } = database;
    await prepare(sql);
    const ids = { alice: crypto.randomUUID(), bob: crypto.randomUUID() };
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation(fc.constantFrom(...Object.keys(ids))), {
          minLength: 1,
          maxLength: 30,
          size: "max",
        }),
        (operations) => agrees(undone(sql), ids, operations),
      ),
      { numRuns: Math.ceil(RUNS / CONNECTIONS) },
    );
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, run));
});
