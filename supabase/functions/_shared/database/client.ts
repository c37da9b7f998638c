/**
 * The way to Postgres: typed RPCs with the project's secret key, reads with the user's own token.
 *
 * @module
 */
import { PostgrestClient } from "@supabase/postgrest-js";
import type { z } from "@hono/zod-openapi";
import type { Database } from "./types.ts";
import { toApiError } from "./errors.ts";
import { derived, projectKey, required } from "../env.ts";
import { unauthorized } from "../http/errors.ts";

type Functions = Database["public"]["Functions"];

/** The name of an RPC. */
export type RpcName = keyof Functions;

/** What an RPC returns. */
export type Result<N extends RpcName> = Functions[N]["Returns"];

/** How long the database may take, in milliseconds. Longer than its own lock and statement timeouts. */
const PATIENCE = 15_000;

/**
 * The one client for all requests: whom a query is for, its headers say. Alone, and not as part of supabase-js, whose client
 * brings Auth and Realtime along and takes longer to make than a request takes. Its own retries of reads are off: a database
 * that is overloaded would be asked four times, and the caller told only seconds later.
 */
export const dataApi = derived(
  "SUPABASE_URL",
  () =>
    new PostgrestClient<Database>(`${required("SUPABASE_URL")}/rest/v1`, { timeout: PATIENCE, retry: false }),
);

/** What a query's headers are set with; every one that supabase-js can build has it. */
interface Query {
  setHeader(name: string, value: string): this;
}

/** `query` with the rights of `service_role`; every use of it names the user it acts for. */
export function asService<Q extends Query>(query: Q): Q {
  return withRights(query, serviceHeaders());
}

function withRights<Q extends Query>(
  query: Q,
  { apikey, Authorization }: ReturnType<typeof serviceHeaders>,
): Q {
  return query.setHeader("apikey", apikey).setHeader("Authorization", Authorization);
}

/** The headers with which a request may do everything. */
export function serviceHeaders() {
  const key = projectKey("secret");
  return { apikey: key, Authorization: `Bearer ${key}` };
}

/** The headers with which a request may do what the owner of `token` may. */
export function userHeaders(token: string) {
  return { apikey: projectKey("publishable"), Authorization: `Bearer ${token}` };
}

/**
 * What row security shows the owner of `token` of `table`: the columns that `schema` has, or all of them; for a single row
 * that is faster, because the client looks at each letter of their names. No type knows a table that is named at run time,
 * so the rows have none until a schema has read them.
 */
export function ownRows(token: string, table: string, schema?: z.ZodObject) {
  const client: PostgrestClient = dataApi() as PostgrestClient;
  const columns = schema && Object.keys(schema.shape).join(",");
  return withRights(client.from(table).select(columns), userHeaders(token));
}

/**
 * Calls one RPC as `service_role`.
 *
 * @throws {ApiError} `temporarily_unavailable` or `internal`, see {@linkcode toApiError}.
 */
export async function call<N extends RpcName>(name: N, args: Functions[N]["Args"]): Promise<Result<N>> {
  const { data, error, status } = await asService(dataApi().rpc(name, args));
  if (error) throw toApiError(name, { ...error, status });
  return data as Result<N>;
}

/** What a query of supabase-js resolves to. */
interface Answer<T> {
  data: T;
  error: { code: string; message: string } | null;
  status: number;
}

/** What PostgREST says of a token that is not, or no longer, good: the user's own, where rows are read. */
const BAD_TOKEN = /^PGRST30[123]$/;

/** The rows of a query on `table`. @throws {ApiError} `unauthorized`, and as {@linkcode call} does. */
export async function read<T>(table: string, query: PromiseLike<Answer<T>>): Promise<NonNullable<T> | null> {
  const { data, error, status } = await query;
  if (error && BAD_TOKEN.test(error.code)) throw unauthorized(toApiError(table, { ...error, status }).cause);
  if (error) throw toApiError(table, { ...error, status });
  return data ?? null;
}

/**
 * Fields of a row that its outcome promises. Generated types call every field of a composite nullable.
 *
 * @throws {Error} naming the field that is missing: the database broke its promise.
 */
export function present<T extends object, K extends keyof T>(
  row: T,
  ...fields: K[]
): Required<NonNull<Pick<T, K>>> {
  for (const field of fields) {
    if (row[field] === null || row[field] === undefined) throw new Error(`${String(field)} is missing`);
  }
  return row as Required<NonNull<Pick<T, K>>>;
}

type NonNull<T> = { [K in keyof T]: NonNullable<T[K]> };
