/** What two databases differ in, apart from rows: tables, functions, privileges, policies, comments and whatever else. */
import { diff, encodeId, type FactBase } from "@supabase/pg-delta";
import { extract } from "@supabase/pg-delta/extract";
import { plan } from "@supabase/pg-delta/plan";
import { isDestructiveAction, renderPlanFiles } from "@supabase/pg-delta/frontends";
import { formatSqlStatements } from "@supabase/pg-delta/sql-format";
import { StackError } from "../errors.ts";
import { withPool } from "./pool.ts";

/** What a step has to do. */
export interface Step {
  /** One transaction each: what adds a value to an enum must be committed before the value is used. */
  transactions: string[];
  /** Statements that delete something. */
  destructive: string[];
}

type Action = ReturnType<typeof plan>["actions"][number];
type Delta = ReturnType<typeof diff>[number];

/** Names each difference between the databases at `from` and `to`; nothing for two that are the same. */
export async function compareSchemas(from: string, to: string): Promise<string[]> {
  const [before, after] = await Promise.all([factsOf(from), factsOf(to)]);
  const differences = diff(before, after).filter((delta) => !follows(delta)).map(nameOf);
  return differences.length ? differences : await compareOrders(from, to);
}

/** A type's attributes have an order, by which `row(…)` becomes one; pg-delta knows them by their names. */
async function compareOrders(from: string, to: string): Promise<string[]> {
  const [before, after] = await Promise.all([ordersOf(from), ordersOf(to)]);
  return [...after].filter(([type, order]) => before.get(type) !== order)
    .map(([type, order]) =>
      `order of ${type}: ${before.get(type)}, and not ${order}; new attributes come last`
    );
}

async function ordersOf(url: string): Promise<Map<string, string>> {
  const { rows } = await withPool(url, (pool) =>
    pool.query<{ type: string; attributes: string }>(`
      select format('%I.%I', n.nspname, c.relname) as type, string_agg(a.attname, ', ' order by a.attnum) as attributes
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'c' and a.attnum > 0 and not a.attisdropped
      group by 1`));
  return new Map(rows.map(({ type, attributes }) => [type, attributes]));
}

/** Plans what makes the database at `from` into the one at `to`. */
export async function planStep(from: string, to: string): Promise<Step> {
  const [before, after] = await Promise.all([factsOf(from), factsOf(to)]);
  const planned = plan(before, after);
  const actions = planned.actions.map((action) => ({ ...action, sql: closed(action) }));
  const { files } = renderPlanFiles({ ...planned, actions }, { allowDrops: true });
  return {
    transactions: files.map(({ contents }) => contents),
    destructive: planned.actions.filter(isDestructiveAction).map(({ sql }) => sql),
  };
}

/** Everything about a database but its rows. */
async function factsOf(url: string): Promise<FactBase> {
  return await withPool(url, async (pool) => {
    const { factBase, diagnostics } = await extract(pool);
    const unseen = diagnostics.filter(({ code }) => code === "unmodeled_kind");
    if (unseen.length) {
      throw new StackError(`pg-delta cannot compare: ${unseen.map(({ message }) => message).join("; ")}`);
    }
    return factBase;
  });
}

/**
 * Some projects grant everything that is new in `public` to the API roles, others nothing. A step takes that back before it
 * grants what is meant, so that it comes to the same on all of them.
 */
function closed(action: Action): string {
  const [sql] = formatSqlStatements([action.sql], { keywordCase: "lower", maxWidth: 110 });
  const names = action.verb === "create"
    ? action.produces.map(grantable).filter((name) => name !== undefined)
    : [];
  const revoked = names.map((name) => `revoke all on ${name} from anon, authenticated, service_role`);
  return [sql, ...revoked].join(";\n\n");
}

function grantable(id: Action["produces"][number]): string | undefined {
  if (!("schema" in id) || id.schema !== "public" || !("name" in id)) return undefined;
  const name = `"${id.schema}"."${id.name.replaceAll('"', '""')}"`;
  switch (id.kind) {
    case "table":
    case "view":
    case "materializedView":
      return name;
    case "sequence":
      return `sequence ${name}`;
    case "function":
    case "procedure":
      return `routine ${name}(${id.args.join(", ")})`;
  }
}

/** What something depends on follows from what it is, which is compared itself. */
function follows(delta: Delta): boolean {
  return "edge" in delta && delta.edge.kind === "depends";
}

function nameOf(delta: Delta): string {
  switch (delta.verb) {
    case "add":
    case "remove":
      return `${delta.verb} ${encodeId(delta.fact.id)}`;
    case "set":
      return `change ${encodeId(delta.id)} ${delta.attr}`;
    default:
      return `${delta.verb} ${encodeId(delta.edge.from)} ${delta.edge.kind} ${encodeId(delta.edge.to)}`;
  }
}
