import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import postgres from "postgres";
import { messageOf, StackError } from "../errors.ts";

/**
 * What new tables and functions in `public` grant by themselves: everything to the API roles, as on older hosted
 * projects, or nothing, as on new ones.
 */
export type DefaultPrivileges = "permissive" | "restrictive";

/** What a new cluster is prepared with. */
export interface BootstrapOptions {
  /** Address of the superuser. */
  adminUrl: string;
  /** Password of the superuser, of `postgres`, who applies the migrations, and of `authenticator`, whom the APIs connect as. */
  password: string;
  defaultPrivileges: DefaultPrivileges;
}

const OWNERS = `
do $$
declare
  relation record;
  routine record;
begin
  for relation in
    select oid::regclass as name, relnamespace::regnamespace::text as home
    from pg_class where relnamespace in ('auth'::regnamespace, 'storage'::regnamespace) and relkind in ('r', 'S')
  loop
    execute format('alter table %s owner to supabase_%s_admin', relation.name, relation.home);
  end loop;
  for routine in
    select oid::regprocedure as name, pronamespace::regnamespace::text as home
    from pg_proc where pronamespace in ('auth'::regnamespace, 'storage'::regnamespace)
  loop
    execute format('alter function %s owner to supabase_%s_admin', routine.name, routine.home);
  end loop;
end $$;

grant all on all tables in schema auth to postgres;
grant all on all tables in schema storage to postgres, anon, authenticated, service_role;
`;

/** The APIs hold the rights of Auth and Storage, see the catalogue entry of every table, and become a caller's role to act. */
const AUTHENTICATOR = `
grant supabase_auth_admin, supabase_storage_admin, pg_read_all_data to authenticator with inherit true;
`;

/** What makes a database one of an older project's. */
export const PERMISSIVE = ["tables", "sequences", "functions"].map((kind) =>
  `alter default privileges for role postgres in schema public grant all on ${kind} to anon, authenticated, service_role;`
).join("\n");

/** Turns a new cluster into what a hosted project is before its first migration. A cluster that has that is left alone. */
export async function bootstrap({ adminUrl, password, defaultPrivileges }: BootstrapOptions): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const { done, version } = await stateOf(sql);
    if (done) return;
    await sql.begin(async (transaction) => {
      const run = (text: string) => transaction.unsafe(text);
      await run(await Deno.readTextFile(new URL("hosted.sql", import.meta.url)));
      await run(getAuthSchemaSql());
      await run(getStorageSchemaSql());
      await run(OWNERS);
      if (version >= 160000) await run(AUTHENTICATOR);
      if (defaultPrivileges === "permissive") await run(PERMISSIVE);
      // Stretching a password made at random protects nothing, and costs either side of every connection milliseconds.
      if (version >= 160000) await run("set local scram_iterations = 1");
      for (const role of ["supabase_admin", "postgres", "authenticator"]) {
        await run(`alter role ${role} password '${password}'`);
      }
    });
  } finally {
    await sql.end();
  }
}

async function stateOf(sql: postgres.Sql): Promise<{ done: boolean; version: number }> {
  try {
    const [state] = await sql<{ done: boolean; version: number }[]>`
      select to_regclass('storage.objects') is not null as done, current_setting('server_version_num')::int as version`;
    return state;
  } catch (error) {
    throw new StackError(
      `the database refuses us (${messageOf(error)}): run \`deno task reset\` to start afresh`,
    );
  }
}
