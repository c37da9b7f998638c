/** H1: on real connections metered work is added to and settled once, whatever happens at once. */
import assert from "node:assert/strict";
import { all, clone } from "../support/clone.ts";
import { disagreements, grant } from "../support/credit_calls.ts";
import { effort } from "../support/effort.ts";
import { MeteredCustomer, saveCards, settle } from "../support/metered_load.ts";

const CONNECTIONS = 64;

Deno.test("H1: 64 connections that add to and settle one user's holds while sweeps run lose and mint nothing", async () => {
  await using database = await clone(CONNECTIONS);
  await saveCards(database.sql);
  const customer = new MeteredCustomer();
  await grant(database.sql, customer.id, "first", 20_000);
  let operations = effort(6_000);
  const work = async () => {
    while (operations-- > 0) await customer.next()(database.sql);
  };
  await all(Array.from({ length: CONNECTIONS }, work));
  await customer.reconcile(database.sql);
});

Deno.test("64 settlements of one job at once, each with other quantities, are one", async () => {
  await using database = await clone(CONNECTIONS);
  await saveCards(database.sql);
  const [user, job] = [crypto.randomUUID(), crypto.randomUUID()];
  await grant(database.sql, user, "first", 10_000);
  await database.sql`
    select public.reserve_metered(${user}, ${job}, 'debt', '[{"meter": "token", "quantity": 10}]')`;
  const answers = await all(
    Array.from({ length: CONNECTIONS }, (_, index) => settle(database.sql, user, job, index)),
  );
  const first = answers.filter(({ outcome }) => outcome === "settled");
  assert.equal(first.length, 1);
  for (const { outcome: _, ...paid } of answers) assert.deepEqual({ outcome: "settled", ...paid }, first[0]);
  assert.deepEqual(await disagreements(database.sql), []);
});
