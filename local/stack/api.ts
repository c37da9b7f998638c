import { App, type EmailDriver, setExperimental } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";
import { Hono } from "hono";
import { cors } from "hono/cors";
import postgres from "postgres";
import type { AuthSettings } from "../app.ts";
import { Inbox } from "./inbox.ts";
import { MailedLinks } from "./pkce.ts";
import { storageRoutes } from "./storage.ts";
import { fileStorage } from "./storage_files.ts";

/** What Data API, Auth and Storage are started with. */
export interface ApiOptions {
  /** Address of the gateway, which links in e-mails point to. */
  apiUrl: string;
  /** Address of the database as `authenticator`. */
  databaseUrl: string;
  /** Folder of the objects in Storage. */
  storageDir: string;
  jwtSecret: string;
  publishableKey: string;
  secretKey: string;
  auth: AuthSettings;
  /** Whether the schema stays as it is for as long as it runs. */
  once: boolean;
}

/** Data API, Auth, Storage and the inbox that catches Auth's e-mails. The database is not needed before the first request. */
export async function createApi(options: ApiOptions): Promise<Hono> {
  const inbox = new Inbox();
  const sql = postgres(options.databaseUrl, { max: 2, onnotice: () => {} });
  const site = isHere(options.auth.site_url) ? options.auth.site_url : options.apiUrl;
  const links = new MailedLinks(
    (request) => Promise.resolve(supabase.fetch(request)),
    sql,
    options.apiUrl,
    site,
  );
  const email: EmailDriver = { send: (message) => inbox.send(links.written(message)) };
  const supabase = await createSupabase(options, email);
  const app = new Hono();
  // As hosted: these three may be called from any page, what a caller may do is up to their key and token.
  app.use("/auth/v1/*", anyOrigin).use("/rest/v1/*", anyOrigin).use("/storage/v1/*", anyOrigin);
  app.all("/rest/v1/*", async ({ req }) => asHosted(await supabase.fetch(req.raw)));
  app.route("/", links.routes());
  app.all("/auth/v1/*", ({ req }) => supabase.fetch(req.raw));
  app.route("/storage/v1", storageRoutes((request) => supabase.fetch(request)));
  return app.route("/", inbox.routes());
}

const anyOrigin = cors({ origin: "*", exposeHeaders: ["*"], maxAge: 3600 });

/** The type `oid`, written once: an RPC's JSON argument arrives here as text already, and would be quoted a second time. */
function jsonText(oid: number) {
  return {
    to: oid,
    from: [oid],
    serialize: (value: unknown) => typeof value === "string" ? value : JSON.stringify(value),
    parse: (text: string) => JSON.parse(text),
  };
}

/** Has Postgres keep each statement, which the driver would have it parse, and wait for, every time: ten for most requests. */
function prepareStatements(sql: postgres.Sql): void {
  const reserve = sql.reserve.bind(sql);
  sql.reserve = async () => {
    const connection = await reserve();
    const unsafe = connection.unsafe;
    connection.unsafe = (text, values, options) => unsafe(text, values, { prepare: true, ...options });
    return connection;
  };
}

/** Has requests that come while the schema is read wait for it: each of them would read it too, for a third of a second. */
export function readSchemaOnce(
  connection: Pick<ReturnType<typeof createPostgresConnection>, "introspect">,
): void {
  const introspect = connection.introspect.bind(connection);
  let reading: ReturnType<typeof introspect> | undefined;
  connection.introspect = (options) => {
    if (!options?.useCache) return introspect(options);
    reading ??= introspect(options).finally(() => reading = undefined);
    return reading;
  };
}

async function createSupabase(options: ApiOptions, email: EmailDriver) {
  setExperimental("storage", true);
  const postgresOptions = {
    // Each connection has to learn every statement first: fewer cost a test less.
    max: options.once ? 8 : 20,
    onnotice: () => {},
    types: { json: jsonText(114), jsonb: jsonText(3802) },
  };
  const connection = createPostgresConnection({ url: options.databaseUrl, postgresOptions });
  // Left alone, the first request would try to grant everything in every schema with row security to the API roles. The
  // migrations say who may do what; "active" is the state after those grants, in which it only acts as the caller's role.
  Reflect.set(connection, "rlsState", "active");
  readSchemaOnce(connection);
  if (options.once) prepareStatements(connection.driver);
  const app = new App({
    connection,
    auth: {
      ...options.auth,
      enabled: true,
      // Links in e-mails begin with it.
      site_url: options.apiUrl,
      additional_redirect_urls: [
        ...options.auth.additional_redirect_urls,
        "http://127.0.0.1:*/**",
        "http://localhost:*/**",
      ],
      jwt_secret: options.jwtSecret,
      publishable_key: options.publishableKey,
      secret_key: options.secretKey,
    },
    storage: { enabled: true, file_size_limit: "50MiB" },
    options: { drivers: { email } },
  });
  app._storageAdapter = fileStorage(options.storageDir);
  await app.init();
  return app;
}

/** A link in an e-mail of the local stack must not end at the hosted page. */
function isHere(site: string): boolean {
  return ["127.0.0.1", "localhost"].includes(URL.parse(site)?.hostname ?? "");
}

/** A database that is away is 503 `PGRST000` on a hosted project, where callers try again; here it was any 500. */
async function asHosted(response: Response): Promise<Response> {
  if (response.status !== 500) return response;
  const { code, message }: { code?: string; message?: string } = await response.clone().json();
  if (code !== "SUP" || !/\b(?:ECONN\w+|EPIPE|CONNECTION_\w+)\b/.test(message ?? "")) return response;
  return Response.json(
    { code: "PGRST000", details: null, hint: null, message: "Database connection error" },
    {
      status: 503,
    },
  );
}
