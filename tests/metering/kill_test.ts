/** Metered work that was acknowledged survives a server that is killed. */
import { grant } from "../support/credit_calls.ts";
import { effort } from "../support/effort.ts";
import { MeteredCustomer, saveCards } from "../support/metered_load.ts";
import { Mortal } from "../support/mortal.ts";

/** How often the server is killed. */
const KILLS = effort(20);

Deno.test("a server killed under metered work keeps what it acknowledged, and retries settle nothing twice", () => {
  return Mortal.live(8, async (server) => {
    const sql = await server.sql;
    await saveCards(sql);
    const customers = Array.from({ length: 4 }, () => new MeteredCustomer());
    for (const { id } of customers) await grant(sql, id, "first", 20_000);
    await server.killedUnder((done) => customers[done % customers.length].next(), KILLS, 300);
    for (const customer of customers) await customer.reconcile(await server.sql);
  });
});
