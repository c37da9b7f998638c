/** What was acknowledged survives a server that is killed; what was not happened wholly or not at all. */
import { Customer } from "../support/credit_load.ts";
import { effort } from "../support/effort.ts";
import { reconcile } from "../support/credit_reconciliation.ts";
import { Mortal } from "../support/mortal.ts";

/** How often the server is killed. */
const KILLS = effort(20);

Deno.test("a server killed under load keeps what it acknowledged, and retries give the first result", () => {
  return Mortal.live(8, async (server) => {
    const customers = Array.from({ length: 5 }, () => new Customer());
    await server.killedUnder((done) => customers[done % customers.length].next(), KILLS, 300);
    await reconcile(await server.sql, customers);
  });
});
