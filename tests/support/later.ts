import postgres from "postgres";
import { control } from "./stripe_shop.ts";

/**
 * Moves the clocks of a stack of one's own on by `days`: the database's, and then the one of the Stripe stand-in, which
 * delivers what happened meanwhile. Browsers and functions keep theirs, so sessions last.
 */
export async function later(adminUrl: string, days: number): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const seconds = Math.round(days * 24 * 60 * 60);
  try {
    const [{ moved }] = await sql<{ moved: number }[]>`
      select round(extract(epoch from credits_private.clock() - clock_timestamp()))::int as moved`;
    await sql.unsafe(`
      create or replace function credits_private.clock() returns timestamptz
        language plpgsql volatile set search_path = ''
      as $$ begin return clock_timestamp() + interval '${moved + seconds} seconds'; end; $$`);
  } finally {
    await sql.end();
  }
  await control("/clock", { advance: seconds });
}
