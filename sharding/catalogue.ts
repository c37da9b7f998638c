/** What a shard has that callers can see, read from Postgres' own catalogue. */
import type postgres from "postgres";

/** A table or view of `public`. */
export interface Relation {
  name: string;
  columns: string[];
  /** Statements that grant what the API roles have. */
  grants: string[];
}

/** A function of `public`. */
export interface Routine {
  name: string;
  /** Name and types, as Postgres writes them. */
  signature: string;
  /** With defaults, as in its declaration. */
  parameters: string;
  /** Of its parameters. */
  names: string[];
  result: string;
  /** Whether it returns a set. */
  rows: boolean;
  grants: string[];
  /** As a literal. */
  comment: string;
}

/** Statements that make the types of `public`, in an order in which they can be made. */
export async function typesOf(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ statement: string }[]>`
    select format('create type public.%I as enum (%s)', t.typname,
      (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
    ) as statement, 1 as place, t.oid
    from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype = 'e'
    union all
    select format('create domain public.%I as %s %s', t.typname, format_type(t.typbasetype, t.typtypmod),
      (select string_agg(pg_get_constraintdef(c.oid), ' ') from pg_constraint c where c.contypid = t.oid)
    ), 2, t.oid
    from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype = 'd'
    union all
    select format('create type public.%I as (%s)', c.relname, (
      select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    )), 3, c.oid
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'c'
    order by place, oid`;
  return rows.map(({ statement }) => statement);
}

/** The tables and views of `public`. */
export async function relationsOf(sql: postgres.Sql): Promise<Relation[]> {
  return await sql<Relation[]>`
    select c.relname as name,
      (select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      array(
        select format('grant %s on public.%I to %s', string_agg(distinct x.privilege_type, ', '), c.relname, x.grantee::regrole)
        from aclexplode(c.relacl) x
        where x.grantee::regrole::text in ('anon', 'authenticated', 'service_role') group by x.grantee
      ) || array(
        select format('grant %s (%s) on public.%I to %s', x.privilege_type, string_agg(quote_ident(a.attname), ', '), c.relname, x.grantee::regrole)
        from pg_attribute a, aclexplode(a.attacl) x
        where a.attrelid = c.oid and x.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
        group by x.privilege_type, x.grantee
      ) as grants
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
    order by c.relname`;
}

/** The tables of `public` that are the same on every shard, and the views of nothing else. */
export async function sameEverywhere(sql: postgres.Sql): Promise<Set<string>> {
  const rows = await sql<{ name: string }[]>`
    with reference as (select relation from sharding.tables where follows = 'reference')
    select relname as name from pg_class, reference where oid = relation::regclass and relnamespace = 'public'::regnamespace
    union
    select v.view_name from information_schema.view_table_usage v
    where v.view_schema = 'public'
    group by v.view_name
    having bool_and(format('%I.%I', v.table_schema, v.table_name) in (select relation from reference))`;
  return new Set(rows.map(({ name }) => name));
}

/** The functions of `public` that are our own. */
export async function routinesOf(sql: postgres.Sql): Promise<Routine[]> {
  return await sql<Routine[]>`
    select p.proname as name,
      format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as signature,
      pg_get_function_arguments(p.oid) as parameters,
      coalesce(p.proargnames[1:p.pronargs], '{}') as names,
      pg_get_function_result(p.oid) as result,
      p.proretset as rows,
      array(
        select format('grant execute on function public.%I(%s) to %s', p.proname, pg_get_function_identity_arguments(p.oid), x.grantee::regrole)
        from aclexplode(p.proacl) x
        where x.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
      ) as grants,
      quote_literal(coalesce(obj_description(p.oid), '')) as comment
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    order by p.proname`;
}
