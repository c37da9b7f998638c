/** A primary and the streaming replica that can take its place, both of a Debian package of Postgres. */
import { join } from "node:path";
import postgres from "postgres";
import { asPostgres } from "../../local/database/database_stack.ts";
import { databaseUser } from "../../local/database/database_user.ts";
import { startDatabase } from "../../local/database/database.ts";
import { keptCluster, shortLivedFolder, withMigrations } from "../../local/database/kept_cluster.ts";
import { Server } from "../../local/database/postgres.ts";
import { Children } from "../../local/processes/children.ts";
import { freePort } from "../../local/processes/ports.ts";
import { removeFolder } from "../../local/processes/remove.ts";
import { findPostgres } from "../../local/database/debian_postgres.ts";
import { signalServer } from "./server_processes.ts";

/** Where a Postgres with `pg_basebackup` and `pg_rewind` is, or nothing on a machine that has none. */
export const replicatingPostgres: string | undefined = await findPostgres();

/**
 * What a replica needs beyond the defaults, in the server's own file: `pg_rewind` recovers a crashed server before it looks at
 * it, without the settings of any command line. No slot: of a replica that never comes back it would fill the disk.
 */
const KEPT = { wal_log_hints: "on", wal_keep_size: "512MB" };

/** What a test kills is a process and never the machine, so that nothing waits for the disk. */
const FAST = { fsync: "off" };

/** Who waits for whom, by the settings that say so. */
export interface Mode {
  /** Names the replica that commits wait for; empty where they wait for none. */
  synchronous_standby_names: string;
  synchronous_commit: "local" | "remote_write" | "on" | "remote_apply";
}

/** One of the two servers. */
export class Node {
  constructor(
    readonly server: Server,
    readonly dir: string,
    readonly port: number,
    readonly password: string,
  ) {}

  /** Address as `postgres`, who is no superuser. */
  get url(): string {
    return asPostgres(this.server.url());
  }

  /** Runs one statement as the superuser, on a connection of its own. */
  async ask<T extends postgres.Row>(statement: string): Promise<T[]> {
    const sql = postgres(this.server.url(), { max: 1, onnotice: () => {} });
    try {
      return [...await sql.unsafe<T[]>(statement)];
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  /** Sets what is given, for every session from now on. */
  async set(settings: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(settings)) {
      await this.ask(`alter system set ${name} = '${value}'`);
    }
    await this.ask("select pg_reload_conf()");
  }

  /** Waits until a query finds something. */
  async until(statement: string): Promise<void> {
    while ((await this.ask(statement)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Kills all of its processes at once. */
  async crash(): Promise<void> {
    await signalServer(this.dir, "SIGKILL");
    await this.server.kill();
  }
}

/** A primary, its replica, and how one takes the other's place. */
export class Replicas implements AsyncDisposable {
  private constructor(
    readonly primary: Node,
    readonly replica: Node,
    private readonly home: string,
    private readonly everything: AsyncDisposable,
  ) {}

  /** Starts both, the replica as a base backup of the primary, and sets `mode` once it follows. */
  static async start(
    home: string,
    mode: Mode,
    settings: Record<string, string> = FAST,
  ): Promise<Replicas> {
    await using all = new AsyncDisposableStack();
    const folder = all.adopt(await shortLivedFolder(), removeFolder);
    const children = all.adopt(new Children(), (children) => children.stop());
    const cluster = await keptCluster({ home }, await withMigrations());
    const { password } = cluster;
    const first = { children, home, settings, port: freePort() };
    const { server } = await startDatabase({ ...first, ...cluster, dir: folder });
    const primary = new Node(server, join(folder, "postgres"), first.port, password);
    await primary.set(KEPT);
    await server.stop();
    await server.restart();
    const second = { ...first, password, dir: join(folder, "replica"), port: freePort() };
    const user = await databaseUser();
    await Deno.mkdir(second.dir, { mode: 0o700 });
    if ("uid" in user) await Deno.chown(second.dir, user.uid, user.gid);
    const from = connectionTo(primary, "application_name=replica");
    await run(home, "pg_basebackup", ["-d", from, "-D", second.dir, "-R", "-X", "stream", "-c", "fast"]);
    const replica = new Node(await Server.start(second), second.dir, second.port, password);
    await primary.until("select from pg_stat_replication where state = 'streaming'");
    await primary.set({ ...mode });
    return new Replicas(primary, replica, home, all.move());
  }

  /** Breaks the wire between them: the primary goes on, and the replica hears nothing of it. */
  async cut(): Promise<void> {
    await this.replica.set({ primary_conninfo: "" });
    await this.primary.until("select where not exists (select from pg_stat_replication)");
  }

  /** Makes the replica the primary. */
  async promote(): Promise<void> {
    await run(this.home, "pg_ctl", ["promote", "-w", "-D", this.replica.dir]);
  }

  /** Has the old primary, which has ended, follow the new one: what it alone has is undone. */
  async rejoin(): Promise<void> {
    // The new timeline is where the rewind looks for it only from the first checkpoint on.
    await this.replica.ask("checkpoint");
    const from = connectionTo(this.replica, "application_name=old");
    await run(this.home, "pg_rewind", ["-R", "-D", this.primary.dir, "--source-server", from]);
    await this.primary.server.restart();
    await this.replica.until("select from pg_stat_replication where application_name = 'old'");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.everything[Symbol.asyncDispose]();
  }
}

function connectionTo({ port, password }: Node, more: string): string {
  return `host=127.0.0.1 port=${port} user=supabase_admin password=${password} dbname=postgres ${more}`;
}

async function run(home: string, program: string, args: string[]): Promise<void> {
  const user = await databaseUser();
  const { success, stderr } = await new Deno.Command(join(home, "bin", program), { args, cwd: "/", ...user })
    .output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr).trim()}`);
}
