import postgres from "postgres";

/** How long a role may log in, in seconds: as long as a hosted project's. */
export const LOGIN_SECONDS = 300;

/**
 * Makes the role that `db push` logs in as when it has no password, and answers its new password. The pooler tells projects
 * apart by the end of the role's name; here the role itself has that name.
 *
 * @param adminUrl The project's database, as the superuser.
 */
export async function createLoginRole(adminUrl: string, name: string): Promise<string> {
  const password = crypto.getRandomValues(new Uint8Array(24)).toHex();
  const until = new Date(Date.now() + LOGIN_SECONDS * 1000).toISOString();
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const [known] = await sql`select from pg_roles where rolname = ${name}`;
    // Not `sql(name)`, which takes the dot for one between a schema and a table.
    if (!known) await sql.unsafe(`create role "${name}" noinherit in role postgres`);
    await sql.unsafe(`alter role "${name}" login password '${password}' valid until '${until}'`);
  } finally {
    await sql.end();
  }
  return password;
}
