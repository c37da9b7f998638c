/**
 * The whole local stack in one call: Postgres with the migrations, Data API, Auth, Storage, the functions, the Stripe
 * stand-in and the timers behind one address. `deno task start`, the demo and the tests start it with {@link startStack}.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { type Addresses, addressesOf } from "./addresses.ts";
import { readApp } from "../app.ts";
import type { Bundle } from "../functions/bundle.ts";
import { Children } from "../processes/children.ts";
import type { DatabaseOptions } from "../database/database.ts";
import { keptCluster, shortLivedFolder, withMigrations } from "../database/kept_cluster.ts";
import { takeLock } from "./lock.ts";
import { startGateway } from "./gateway.ts";
import {
  type Site,
  startApi,
  startEdgeFunctions,
  startMigratedDatabase,
  startModel,
  startShards,
  startStripe,
} from "./components.ts";
import { freePort, isFree } from "../processes/ports.ts";
import { removeFolder } from "../processes/remove.ts";
import { pricesOfPlans } from "./offers.ts";
import { loadSecrets } from "./secrets.ts";
import { startTimers, type TimerIntervals } from "./timers.ts";

/** The function that asks the models, wherever there is one. */
const MAKER = "generation-backend";

/** How to start a stack. */
export interface StackOptions extends Pick<DatabaseOptions, "defaultPrivileges" | "settings"> {
  /** Whether the data folder is new and lives for this start alone: its database is then a copy of one that is kept, and a function starts when it is first called, the model with the backend that asks it, which saves seconds. */
  once?: boolean;
  /** Port of the gateway, 54321 when absent; 0 takes a free one. */
  port?: number;
  /** Folder of the Supabase project to serve, this checkout when absent. */
  app?: string;
  /** Data folder; `.local` of the checkout, or `supabase/.temp/stack` of another project, when absent. */
  dir?: string;
  /** How many servers the users are spread over, with a router before them; one database when absent. Needs Debian's Postgres and PL/Proxy. */
  shards?: number;
  /** Extra environment of the functions; wins over what the stack sets. */
  functionEnv?: Record<string, string>;
  /** Functions to serve beside those of the checkout. */
  moreFunctions?: Bundle[];
  /** Whether the scheduled jobs run, or how often each does. */
  timers?: boolean | TimerIntervals;
  /** Watches a step of the start, to show progress. */
  onStep?: (title: string, work: Promise<unknown>) => void;
  /** Gets every line that the functions and the timers write. */
  onLine?: (line: string) => void;
}

/** A running stack. */
export interface Stack {
  /** Addresses and keys under the names of `deno task status -o env`. */
  readonly env: Addresses;
  readonly apiUrl: string;
  /** Address of the database as `postgres`, who applies migrations and is no superuser. */
  readonly dbUrl: string;
  /** Address of the database as the superuser. */
  readonly adminUrl: string;
  /** Addresses of the shards as the superuser; none where there is one database. */
  readonly shardUrls: string[];
  readonly stripeUrl: string;
  readonly inboxUrl: string;
  /** Process ids of everything that was started; this process is not among them. */
  readonly pids: number[];
  /** Ends everything that was started. */
  stop(): Promise<void>;
  /** Ends one function as a crash would. */
  killFunction(name: string): Promise<void>;
  /** Starts a killed function again, at the same address. */
  restartFunction(name: string): Promise<void>;
  /** Ends Postgres as a crash would. */
  killDatabase(): Promise<void>;
  /** Recovers a killed database, at the same address. */
  restartDatabase(): Promise<void>;
}

/** Starts the stack and resolves once everything answers. @throws {StackError} for what the person starting it can put right. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await using undo = new AsyncDisposableStack();
  const { addresses, api, children, database, functions, shards } = await startComponents(options, undo);
  const running = undo.move();
  return {
    env: addresses,
    apiUrl: addresses.API_URL,
    dbUrl: database.dbUrl,
    adminUrl: database.adminUrl,
    shardUrls: shards.map(({ adminUrl }) => adminUrl),
    stripeUrl: addresses.STRIPE_API_URL,
    inboxUrl: addresses.INBOX_URL,
    get pids() {
      return children.pids;
    },
    stop: () => running.disposeAsync(),
    killFunction: async (name) => await functions.get(name)?.kill(),
    restartFunction: async (name) => await functions.get(name)?.restart(),
    killDatabase: () => database.server.kill(),
    restartDatabase: async () => {
      await database.server.restart();
      // Its database driver may throw where nobody can catch it when a connection breaks inside a transaction.
      await api.restart();
    },
  };
}

/** Starts what can be started at the same time at the same time; each component is registered with `undo` as soon as it runs. */
async function startComponents(asked: StackOptions, undo: AsyncDisposableStack) {
  const app = await readApp(asked.app);
  const options = { defaultPrivileges: app.defaultPrivileges, ...asked };
  const { functionEnv = {}, moreFunctions = [], onLine = () => {}, onStep = () => {}, timers = true } =
    options;
  const dir = resolve(options.dir ?? join(app.dataDir, options.shards ? "shards" : ""));
  const lock = undo.adopt(await takeLock(dir), (lock) => lock.release());
  const gateway = undo.adopt(startGateway(options.port ?? 54321), (gateway) => gateway.close());
  const databaseDir = options.once ? undo.adopt(await shortLivedFolder(), removeFolder) : dir;
  const children = undo.adopt(new Children(), (children) => children.stop());
  const copied = options.once && !options.shards
    ? await keptCluster(options, app.own ? await withMigrations() : undefined)
    : undefined;
  const secrets = await loadSecrets(dir, copied?.password);
  const ports = options.port === 0
    ? { databasePort: freePort(), stripePort: freePort(), modelPort: freePort() }
    : choosePorts(gateway.port);
  const addresses = addressesOf({ gatewayPort: gateway.port, ...ports, secrets });
  const site = { app, dir, children, addresses, secrets, ...ports };
  const step = <T>(title: string, work: Promise<T>): Promise<T> => (onStep(title, work), work);

  const makes = app.functions.some(({ name }) => name === MAKER);
  const startedStripe = startStripe(site).then((stripe) => undo.adopt(stripe, (stripe) => stripe.close()));
  const [{ database, shards }, api, functions, stripe, model] = await all([
    step(
      "Postgres and migrations",
      options.shards
        ? startShards({ ...site, dir: databaseDir }, options, options.shards)
        : startMigratedDatabase({ ...site, dir: databaseDir }, { ...options, ...copied }),
    ),
    step("Data API, Auth and Storage", startApi(site, options.once)),
    step("Edge Functions", startEdgeFunctions(site, functionEnv, moreFunctions, onLine, options.once)),
    step("Stripe stand-in", startedStripe),
    step("Model stand-in", startModel(site, onLine, options.once && makes)),
  ]);
  const maker = functions.get(MAKER);
  if (maker) {
    const ready = async () => void await Promise.all([model.ready(), maker.ready()]);
    functions.set(MAKER, { ...maker, ready });
  }
  stripe.seed(await pricesOfPlans(database.dbUrl));
  gateway.open({ app, api, functions, addresses });
  if (timers) undo.defer(await startTimers(addresses, timers === true ? {} : timers, onLine));
  const databases = shards.length
    ? { router: database.adminUrl, shards: shards.map(({ adminUrl }) => adminUrl) }
    : undefined;
  await lock.publish({ pid: Deno.pid, env: addresses, databases });
  return { addresses, api, children, database, functions, shards };
}

/** The ports after the gateway's where they are free, so that addresses stay the same from one start to the next. */
function choosePorts(gatewayPort: number): Pick<Site, "databasePort" | "stripePort" | "modelPort"> {
  const next = (port: number) => port < 65_536 && isFree(port) ? port : freePort();
  return {
    databasePort: next(gatewayPort + 1),
    stripePort: next(gatewayPort + 2),
    modelPort: next(gatewayPort + 3),
  };
}

/** Like `Promise.all`, but lets everything come to an end before it fails, so that nothing starts behind the clean-up. */
async function all<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
