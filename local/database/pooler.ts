/**
 * PgBouncer in transaction mode before a database, as hosted projects have it: a connection's next transaction may run on
 * any of the server's connections.
 *
 * @module
 */
import { join } from "node:path";
import { Children } from "../processes/children.ts";
import { accepts, freePort } from "../processes/ports.ts";
import { removeFolder } from "../processes/remove.ts";
import { databaseUser } from "./database_user.ts";

const PLACES = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"];

/** Where PgBouncer is, or nothing on a machine that has none. */
export const pgbouncerPath: string | undefined = await find();

async function find(): Promise<string | undefined> {
  for (const path of PLACES) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
}

/** A running PgBouncer. */
export interface Pooler extends AsyncDisposable {
  /** Address of the database through it. It keeps no prepared statement from one transaction to the next. */
  url: string;
  /** Sends what comes from now on to another server: connections to the one before are closed when they are given back. */
  point(url: string): Promise<void>;
}

/**
 * Starts PgBouncer before the database at `url`, with `connections` to the server and `settings` beyond the defaults, such
 * as `{ query_wait_timeout: "5" }`.
 */
export async function startPooler(
  url: string,
  connections: number,
  settings: Record<string, string> = {},
): Promise<Pooler> {
  if (!pgbouncerPath) throw new Error("pgbouncer is not installed: apt-get install pgbouncer");
  await using undo = new AsyncDisposableStack();
  const { username, password, pathname } = new URL(url);
  const dir = undo.adopt(await Deno.makeTempDir({ prefix: "credits-pooler-" }), removeFolder);
  const own = freePort();
  const config = join(dir, "pgbouncer.ini");
  const said = {
    listen_addr: "127.0.0.1",
    listen_port: String(own),
    unix_socket_dir: "",
    auth_type: "any",
    pool_mode: "transaction",
    default_pool_size: String(connections),
    max_client_conn: "1000",
    ...settings,
  };
  const lines = Object.entries(said).map(([name, value]) => `${name} = ${value}`);
  const write = (url: string) => {
    const { hostname, port, username, password } = new URL(url);
    const server = `host=${hostname} port=${port} user=${username} password=${password}`;
    return Deno.writeTextFile(
      config,
      ["[databases]", `* = ${server}`, "[pgbouncer]", ...lines, ""].join("\n"),
    );
  };
  await write(url);
  const user = await databaseUser();
  if ("uid" in user) await Promise.all([dir, config].map((path) => Deno.chown(path, user.uid, user.gid)));
  const children = undo.adopt(new Children(), (children) => children.stop());
  const child = await children.start(pgbouncerPath, { args: [config], cwd: "/", ...user }, () => {});
  let ended = false;
  child.status.then(() => ended = true);
  while (!await accepts(own)) {
    if (ended) throw new Error("pgbouncer did not start");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const everything = undo.move();
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${own}${pathname}`,
    point: async (url) => {
      await write(url);
      Deno.kill(child.pid, "SIGHUP");
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
