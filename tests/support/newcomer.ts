import type { Queries } from "./clone.ts";

/** Somebody whom Auth knows and who has nothing yet; resolves to their id. */
export async function newcomer(sql: Queries, id: string = crypto.randomUUID()): Promise<string> {
  await sql`insert into auth.users (id, email) values (${id}, ${`${id}@example.com`})`;
  return id;
}
