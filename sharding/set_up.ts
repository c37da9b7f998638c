/**
 * Makes a router and shards of databases that are there: each shard has the migrations, the router is a project without any.
 *
 * @module
 */
import postgres from "postgres";
import { typesOf } from "./catalogue.ts";
import { copyMailboxes, keepPlaces, shardsBefore } from "./places.ts";
import { ASKED, CLUSTER, HELPERS, routes } from "./routes.ts";

/** Where the databases are, as superusers reach them. */
export interface Databases {
  router: string;
  /** 2, 4, 8 or more powers of two. */
  shards: string[];
}

/** An administrator's connection. */
export function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => {} });
}

const read = (name: string) => Deno.readTextFile(new URL(name, import.meta.url));

/**
 * Sets everything up, or brings it to what the shards' migrations have made of them, or to more shards than there were: users
 * stay where they are. Whoever signs up meanwhile waits.
 *
 * @throws {RangeError} for a number of shards that PL/Proxy cannot spread over, and for shards that users would be lost with:
 * see {@linkcode shardsBefore}. Nothing is changed then.
 */
export async function setUp({ router, shards }: Databases): Promise<void> {
  if (shards.length < 1 || (shards.length & (shards.length - 1)) !== 0) {
    throw new RangeError("the number of shards must be a power of two");
  }
  await using connections = new AsyncDisposableStack();
  const open = (url: string) => connections.adopt(connect(url), (sql) => sql.end());
  const [directory, ...databases] = [router, ...shards].map(open);
  const before = await shardsBefore(directory, databases);
  await directory.begin(async (transaction) => {
    // Until everybody is where they are looked for nobody signs up, and no mailbox is counted.
    await transaction`lock table auth.users in share row exclusive mode`;
    await joinShards(transaction, databases, shards.map(placeOf), before);
  });
}

async function joinShards(
  router: postgres.TransactionSql,
  shards: postgres.Sql[],
  places: string[],
  before: number,
): Promise<void> {
  const isMore = before > 0 && before < shards.length;
  // Before any shard asks the new ones: whatever interrupts this, no mailbox has its bonus twice.
  if (isMore) await copyMailboxes(shards, before);
  const password = crypto.getRandomValues(new Uint8Array(16)).toHex();
  for (const [shard, sql] of shards.entries()) {
    await sql.unsafe(`create extension if not exists plproxy with schema extensions;
      ${await read("shard.sql")}
      alter role credits_router password '${password}';
      create or replace function sharding.self() returns integer language sql immutable return ${shard};
      ${cluster(places, password)}
      ${OWNED_BY_POSTGRES}
      -- Only a superuser may leave triggers out.
      alter function sharding.take_reference(text, jsonb) owner to current_user;`);
    await spreadIdentities(sql, shard);
  }
  const [first] = shards;
  // So that names come back with their schemas.
  await first`set search_path = ''`;
  await router.unsafe([
    ROUTES_GONE,
    "create extension if not exists plproxy with schema extensions",
    "create extension if not exists postgres_fdw with schema extensions",
    cluster(places, password),
    ...await typesOf(first),
    "create schema if not exists sharding",
    `create function sharding.shards() returns integer language sql immutable return ${shards.length}`,
    ...places.flatMap((place, shard) => foreign(place, shard, password)),
    `create schema credits_private;
     import foreign schema credits_private except (bonus_mailboxes, mailbox_key) from server shard_0 into credits_private`,
    HELPERS,
    await definition(first, "sharding.ids_of(jsonb)"),
    await definition(first, "credits_private.clock()"),
    await definition(first, "credits_private.as_uuid(text)"),
    await read("router.sql"),
    await routes(first, shards.length),
    ...await storageOf(first),
    await definition(first, "credits_private.erase_identity(uuid)", "sharding"),
    OWNED_BY_POSTGRES,
  ].join(";\n"));
  await router.unsafe("select sharding.copy_reference()");
  if (isMore) await router.unsafe(keepPlaces(before));
}

/** Leaves of a router what is its own: Auth, Storage, the placements and the directory. */
const ROUTES_GONE = `
do $gone$
declare
  v_schema text;
  v_statement text;
begin
  for v_schema in select nspname from pg_namespace where nspname like 'shard_%' or nspname = 'credits_private' loop
    execute format('drop schema %I cascade', v_schema);
  end loop;
  -- All of them first: what is gone already, with another, has no name any more.
  foreach v_statement in array array(
    select format('drop %s if exists public.%I cascade', case c.relkind when 'v' then 'view' else 'type' end, c.relname)
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'c')
    union all
    select format('drop type if exists public.%I cascade', t.typname)
    from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')
    union all
    select format('drop function if exists %s cascade', p.oid::regprocedure)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'sharding') and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  ) loop
    execute v_statement;
  end loop;
end;
$gone$`;

/** What a superuser made belongs to `postgres`, as in a project, and runs with no more rights than that. */
const OWNED_BY_POSTGRES = `
do $owners$
declare
  v_statement text;
begin
  for v_statement in
    select format('alter function %s owner to postgres', p.oid::regprocedure)
    from pg_proc p
    where p.proowner = current_user::regrole
      and p.pronamespace in ('public'::regnamespace, 'sharding'::regnamespace, 'credits_private'::regnamespace)
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    union all
    select format('alter %s %s owner to postgres', case c.relkind when 'f' then 'foreign table' when 'v' then 'view' else 'table' end, c.oid::regclass)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relowner = current_user::regrole and c.relkind in ('r', 'v', 'f')
      and (n.nspname in ('public', 'sharding', 'credits_private') or n.nspname like 'shard_%')
    union all
    select format('alter schema %I owner to postgres', nspname)
    from pg_namespace where nspowner = current_user::regrole and (nspname in ('sharding', 'credits_private') or nspname like 'shard_%')
  loop
    execute v_statement;
  end loop;
end;
$owners$;
revoke execute on all functions in schema sharding from public, anon, authenticated, service_role;
revoke all on all tables in schema sharding from public, anon, authenticated, service_role;
`;

/** The address of a database as libpq takes it. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `host=${hostname} port=${port || 5432} dbname=${pathname.slice(1)}`;
}

function cluster(places: string[], password: string): string {
  const options = places.map((place, shard) => `p${shard} '${place}'`).join(", ");
  return [CLUSTER, ASKED].map((name) => `
    drop server if exists ${name} cascade;
    create server ${name} foreign data wrapper plproxy options (connection_lifetime '3600', query_timeout '60', ${options});
    ${mappings(name, password)};
    grant usage on foreign server ${name} to postgres;`).join("");
}

/** The functions run as `postgres`; the superuser is who sets up. */
function mappings(server: string, password: string): string {
  return ["postgres", "current_user"].map((role) =>
    `create user mapping for ${role} server ${server} options (user 'credits_router', password '${password}')`
  ).join(";\n");
}

function foreign(place: string, shard: number, password: string): string[] {
  const [host, port, dbname] = place.split(" ").map((part) => part.split("=")[1]);
  return [
    `drop server if exists shard_${shard} cascade`,
    `create server shard_${shard} foreign data wrapper postgres_fdw
      options (host '${host}', port '${port}', dbname '${dbname}', fetch_size '1000')`,
    mappings(`shard_${shard}`, password),
    `create schema shard_${shard}`,
    `import foreign schema public from server shard_${shard} into shard_${shard}`,
  ];
}

/** Rows that move keep their numbers, so that no two shards may give the same one. */
async function spreadIdentities(sql: postgres.Sql, shard: number): Promise<void> {
  const sequences = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name from pg_sequences where schemaname in ('public', 'credits_private')`;
  for (const { name } of sequences) {
    const [{ next }] = await sql.unsafe(
      `select (last_value / 1024 + 1) * 1024 + ${shard} as next from ${name}`,
    );
    await sql.unsafe(`alter sequence ${name} increment by 1024 restart with ${next}`);
  }
}

/** A function of a shard as the router has it too, in another schema if one is named. */
async function definition(sql: postgres.Sql, signature: string, schema?: string): Promise<string> {
  const [{ text }] = await sql<
    { text: string }[]
  >`select pg_get_functiondef(${signature}::text::regprocedure) as text`;
  return schema ? text.replace(/FUNCTION \w+\./, `FUNCTION ${schema}.`) : text;
}

/** Buckets and their policies: Storage is the router's. */
async function storageOf(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ statement: string }[]>`
    select format('insert into storage.buckets select * from jsonb_populate_record(null::storage.buckets, %L) on conflict do nothing', to_jsonb(b)) as statement
    from storage.buckets b
    union all
    select format('create policy %I on storage.objects for %s to %s using (%s)', policyname, cmd, array_to_string(roles, ', '), qual)
    from pg_policies where schemaname = 'storage'`;
  return rows.map(({ statement }) => statement);
}
