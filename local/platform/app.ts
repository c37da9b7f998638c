import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { createLoginRole, LOGIN_SECONDS } from "./database.ts";
import { describe, receive, sha256 } from "./functions.ts";
import type { DeployedFunction, Project } from "./project.ts";

/** What the routes need to know of the platform. */
export interface Platform {
  project: Project;
  /** The one access token that is good. */
  token: string;
  /** The project's database, as the superuser. */
  adminUrl: string;
}

/** Ends in no name that anybody can look up (RFC 6761), so that nothing asks another machine. */
export const DOMAIN = "stand-in.test";

/** `link` wants both, and opens nothing with them. */
const KEYS = ["publishable", "secret"].map((type) => ({
  name: "default",
  type,
  api_key: `sb_${type}_stand_in`,
}));

/** What serves a request. */
type App = Pick<Hono, "fetch">;

/** The routes of Supabase's Management API that the commands of a deployment call. */
export function createApp({ project, token, adminUrl }: Platform): App {
  const { ref, config, functions, secrets } = project;
  const uploads = new Map<string, DeployedFunction>();
  const v1 = new Hono()
    .get("/", (c) => c.json(describeProject(ref)))
    .get("/api-keys", (c) => c.json(KEYS))
    .get("/billing/addons", (c) => c.json({ selected_addons: [], available_addons: [] }))
    .get("/config/database/pooler", (c) => c.json([describePooler(ref, adminUrl)]))
    .post("/network-bans/retrieve", (c) => c.json({ banned_ipv4_addresses: [] }))
    .post("/cli/login-role", async (c) => {
      const role = "cli_login_postgres";
      const password = await createLoginRole(adminUrl, `${role}.${ref}`);
      return c.json({ role, password, ttl_seconds: LOGIN_SECONDS }, 201);
    })
    .get("/postgrest", (c) => c.json(config.api))
    .patch("/postgrest", async (c) => c.json(Object.assign(config.api, await c.req.json())))
    .get("/config/auth", (c) => c.json(config.auth))
    .patch("/config/auth", async (c) => c.json(Object.assign(config.auth, await c.req.json())))
    .get(
      "/config/storage",
      (c) => c.json({ ...config.storage, fileSizeLimit: config.storage.file_size_limit }),
    )
    .patch("/config/storage", async (c) => {
      const { fileSizeLimit, ...rest } = await c.req.json();
      Object.assign(config.storage, rest, fileSizeLimit && { file_size_limit: fileSizeLimit });
      return c.json(config.storage);
    })
    .get("/secrets", async (c) =>
      c.json(
        await Promise.all([...secrets].map(async ([name, value]) => ({
          name,
          value: await sha256(new TextEncoder().encode(value)),
        }))),
      ))
    .post("/secrets", async (c) => {
      for (const { name, value } of await c.req.json()) secrets.set(name, value);
      return c.body(null, 201);
    })
    .get("/functions", (c) => c.json([...functions.values()].map(describe)))
    .post("/functions/deploy", async (c) => {
      const { slug = "", bundleOnly } = c.req.query();
      const uploaded = await receive(await c.req.formData(), functions.get(slug), slug);
      // Of several functions each is uploaded first, and all are put in place at once.
      (bundleOnly === "true" ? uploads : functions).set(slug, uploaded);
      return c.json(describe(uploaded), 201);
    })
    .put("/functions", async (c) => {
      for (const { slug } of await c.req.json()) {
        const uploaded = uploads.get(slug);
        if (uploaded) functions.set(slug, uploaded);
      }
      uploads.clear();
      return c.json({ functions: [...functions.values()].map(describe) });
    });
  return new Hono()
    .use("/:version{v[12]}/*", bearerAuth({ token }))
    .route(`/v1/projects/${ref}`, v1)
    .get(
      `/v2/projects/${ref}/config`,
      (c) => c.json({ data: { type: "project_config", id: ref, attributes: config } }),
    )
    .notFound((c) => c.json({ message: `the stand-in has no ${c.req.method} ${c.req.path}` }, 404))
    .onError((error, c) =>
      error instanceof HTTPException ? error.getResponse() : c.json({ message: error.message }, 500)
    );
}

function describeProject(ref: string) {
  return {
    id: ref,
    ref,
    organization_id: "stand-in",
    organization_slug: "stand-in",
    name: "credits",
    region: "eu-central-1",
    created_at: "2026-11-01T00:00:00Z",
    status: "ACTIVE_HEALTHY",
    database: {
      host: `db.${ref}.${DOMAIN}`,
      version: "17.6.1",
      postgres_engine: "17",
      release_channel: "ga",
    },
  };
}

/**
 * The CLI takes a pooler only at the profile's domain, and only at port 5432. A connection string may name a second host to
 * try, and that one may be anywhere: it is the database itself.
 */
function describePooler(ref: string, adminUrl: string) {
  const { host, pathname } = new URL(adminUrl);
  const db_host = `pooler.${DOMAIN}`;
  const connection_string =
    `postgresql://postgres.${ref}:[YOUR-PASSWORD]@${db_host}:5432,${host}${pathname}?sslmode=disable`;
  return {
    identifier: ref,
    database_type: "PRIMARY",
    is_using_scram_auth: true,
    db_user: `postgres.${ref}`,
    db_host,
    db_port: 5432,
    db_name: "postgres",
    connection_string,
    connectionString: connection_string,
    default_pool_size: 15,
    max_client_conn: 200,
    pool_mode: "transaction",
  };
}
