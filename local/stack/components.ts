/** The components of the stack, each started on its own. */
import { join } from "node:path";
import postgres from "postgres";
import { type Addresses, functionEnvironment, originsOf } from "./addresses.ts";
import type { ApiOptions } from "./api.ts";
import type { Children } from "../processes/children.ts";
import {
  type Database,
  type DatabaseOptions,
  databaseUrl,
  isMigrated,
  migrateDatabase,
  startDatabase,
} from "../database/database.ts";
import type { Bundle } from "../functions/bundle.ts";
import { currentBundles } from "../functions/current.ts";
import { ownSettings, startFunctions } from "./functions.ts";
import { applyFiles } from "../database/sql_files.ts";
import { CHECKOUT } from "../checkout.ts";
import { beginLog } from "./log.ts";
import { OFFER_ALL } from "./offers.ts";
import { startSharded } from "../database/sharded.ts";
import type { Secrets } from "./secrets.ts";
import { type Service, startService } from "../processes/services.ts";
import { type RunningStandIn, startStripeStandIn } from "../stripe/mod.ts";
import type { SupabaseApp } from "../app.ts";

/** What every component needs to know about the stack it belongs to. */
export interface Site {
  /** Whose migrations and functions they are. */
  app: SupabaseApp;
  /** Data folder. */
  dir: string;
  children: Children;
  addresses: Addresses;
  secrets: Secrets;
  databasePort: number;
  stripePort: number;
  modelPort: number;
}

/** Starts Postgres, applies the migrations that are missing, which a cluster that is copied has, and puts everything on offer. */
export async function startMigratedDatabase(
  { app, children, dir, databasePort, secrets }: Site,
  options: Pick<DatabaseOptions, "defaultPrivileges" | "settings" | "copyOf">,
): Promise<{ database: Database; shards: Database[] }> {
  const password = secrets.databasePassword;
  // A product may need extensions that embedded Postgres does not have.
  const home = app.own ? undefined : Deno.env.get("POSTGRES_HOME");
  const database = await startDatabase({ ...options, children, dir, port: databasePort, password, home });
  // Asking the CLI takes seconds, at every start.
  const isCopy = options.copyOf !== undefined && app.own;
  if (!isCopy && !await isMigrated(database, app.root)) await migrateDatabase(database, app.root, !app.own);
  // The stand-ins make whatever has a price.
  if (app.own) await applyFiles(database.dbUrl, [{ path: "stand-ins", text: OFFER_ALL }]);
  await makeBuckets(database, app.buckets);
  return { database, shards: [] };
}

/** Starts the shards and the router that callers take for the database, and puts everything on offer. */
export async function startShards(
  { children, dir, databasePort, secrets }: Site,
  { settings }: Pick<DatabaseOptions, "settings">,
  count: number,
): Promise<{ database: Database; shards: Database[] }> {
  const password = secrets.databasePassword;
  const { router, shards } = await startSharded(
    { children, dir, port: databasePort, password, settings },
    count,
  );
  // Offers are the same on every shard: changed on the first, and copied.
  await applyFiles(shards[0].adminUrl, [{ path: "stand-ins", text: OFFER_ALL }]);
  await applyFiles(router.adminUrl, [{ path: "reference tables", text: "select sharding.copy_reference()" }]);
  return { database: router, shards };
}

/** Makes the Storage buckets that a project's settings ask for, as `supabase start` does. */
async function makeBuckets({ adminUrl }: Database, buckets: SupabaseApp["buckets"]): Promise<void> {
  if (Object.keys(buckets).length === 0) return;
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    for (const [name, bucket] of Object.entries(buckets)) {
      await sql`insert into storage.buckets (id, name, public) values (${name}, ${name}, ${bucket.public})
        on conflict (id) do update set public = excluded.public`;
    }
  } finally {
    await sql.end();
  }
}

/**
 * Serves the functions as they are deployed; `extra` wins over the environment that the stack and `supabase/functions/.env`
 * give them.
 */
export async function startEdgeFunctions(
  { app, children, addresses }: Site,
  extra: Record<string, string>,
  more: Bundle[],
  onLine: (line: string) => void,
  lazy?: boolean,
): Promise<Map<string, Service>> {
  return await startFunctions(
    children,
    [...await currentBundles(app), ...more],
    functionEnvironment(addresses, { ...await ownSettings(app), ...extra }, originsOf(app.auth)),
    onLine,
    lazy,
  );
}

/** Serves Data API, Auth, Storage and the inbox; what they print is kept in `api.log`. Nobody's password outlives a stack that is started `once`. */
export async function startApi(
  { app, children, addresses, dir, secrets, databasePort }: Site,
  once = false,
): Promise<Service> {
  const options: ApiOptions = {
    apiUrl: addresses.API_URL,
    databaseUrl: databaseUrl("authenticator", secrets.databasePassword, databasePort),
    storageDir: join(dir, "storage"),
    jwtSecret: secrets.jwtSecret,
    publishableKey: secrets.publishableKey,
    secretKey: secrets.secretKey,
    auth: app.auth,
    once,
  };
  await Deno.mkdir(options.storageDir, { recursive: true, mode: 0o700 });
  return await startService({
    children,
    name: "api",
    module: join(CHECKOUT, "local", "stack", "api_process.ts"),
    env: {
      STACK_API: JSON.stringify(options),
      // The least that bcrypt knows: a password costs the processor 2 ms and not 90.
      ...once && { LITE_AUTH_BCRYPT_COST: "4" },
    },
    flags:
      () => ["--allow-net=127.0.0.1", "--allow-read", `--allow-write=${options.storageDir}`, "--allow-sys"],
    onLine: beginLog(join(dir, "api.log")),
  });
}

/** Serves the stand-in for the models, in a process of its own: painting would keep the gateway waiting. */
export async function startModel(
  { children, modelPort }: Site,
  onLine: (line: string) => void,
  lazy?: boolean,
): Promise<Service> {
  return await startService({
    children,
    name: "model",
    module: join(CHECKOUT, "local", "model", "main.ts"),
    port: modelPort,
    env: {},
    flags: (self) => [`--allow-net=${self}`, `--allow-read=${join(CHECKOUT, "node_modules")}`],
    lazy,
    onLine,
  });
}

/** Starts the Stripe stand-in, which delivers its events to the function `stripe-webhook`. */
export async function startStripe({ addresses, stripePort, dir }: Site): Promise<RunningStandIn> {
  return await startStripeStandIn({
    port: stripePort,
    webhookUrl: `${addresses.API_URL}/functions/v1/stripe-webhook`,
    webhookSecret: addresses.STRIPE_WEBHOOK_SECRET,
    dataFile: join(dir, "stripe.json"),
  });
}
