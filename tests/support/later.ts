import postgres from "postgres";
import { stack } from "./people.ts";
import { control } from "./stripe_shop.ts";

interface Clock {
  now: number;
  next_due: number | null;
}

/**
 * Lets `days` pass for the database and the Stripe stand-in of a stack of one's own. Both clocks stop wherever something
 * becomes due at Stripe, so that its events arrive when they would. Browsers and functions keep their clocks, and so
 * sessions last.
 */
export async function later(adminUrl: string, days: number): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    let clock: Clock = await (await fetch(`${stack("STRIPE_API_URL")}/_test/clock`)).json();
    const target = clock.now + Math.round(days * 24 * 60 * 60);
    while (clock.now < target) {
      const to = Math.min(clock.next_due ?? target, target);
      await setClock(sql, to);
      clock = await control<Clock>("/clock", { to: Math.max(to, clock.now) });
    }
  } finally {
    await sql.end();
  }
}

/** Has the database's clock go on from `to`, in Unix seconds. */
async function setClock(sql: postgres.Sql, to: number): Promise<void> {
  const ahead = to - Math.floor(Date.now() / 1000);
  await sql.unsafe(`
    create or replace function credits_private.clock() returns timestamptz
      language plpgsql volatile set search_path = ''
    as $$ begin return clock_timestamp() + interval '${ahead} seconds'; end; $$`);
}
