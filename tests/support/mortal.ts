/**
 * A server that waits for the disk as a real one does, and that can be killed and started again under a load.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type postgres from "postgres";
import { type Database, startDatabase } from "../../local/database/database.ts";
import { keptCluster, withMigrations } from "../../local/database/kept_cluster.ts";
import { Children } from "../../local/processes/children.ts";
import { freePort } from "../../local/processes/ports.ts";
import { removeFolder } from "../../local/processes/remove.ts";
import { connect } from "./clone.ts";
import { disagreements } from "./credit_calls.ts";
import type { Intent } from "./credit_load.ts";

/** A server of a test's own, and `connections` to it. */
export class Mortal {
  #life: PromiseWithResolvers<postgres.Sql> = Promise.withResolvers();

  private constructor(
    private readonly database: Database,
    private readonly dir: string,
    private readonly connections: number,
  ) {
    this.#life.resolve(connect(database.adminUrl, connections));
  }

  /** Runs `use` on a migrated server, which ends with it. */
  static async live(connections: number, use: (server: Mortal) => Promise<void>): Promise<void> {
    const dir = await Deno.makeTempDir({ prefix: "credits-kill-" });
    await Deno.chmod(dir, 0o755);
    const children = new Children();
    try {
      const settings = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };
      const cluster = await keptCluster({}, await withMigrations());
      const database = await startDatabase({ children, dir, port: freePort(), ...cluster, settings });
      const server = new Mortal(database, dir, connections);
      await use(server);
      await (await server.sql).end();
    } finally {
      await children.stop();
      await removeFolder(dir);
    }
  }

  /** Connections to the server as soon as it lives. */
  get sql(): Promise<postgres.Sql> {
    return this.#life.promise;
  }

  /** Kills every process of the server with SIGKILL, so that none of them can tidy up, and starts it again. */
  async die(): Promise<void> {
    const sql = await this.sql;
    const life = this.#life = Promise.withResolvers<postgres.Sql>();
    const processes = await sql<{ pid: number }[]>`select pid from pg_stat_activity`;
    const [postmaster] = (await Deno.readTextFile(join(this.dir, "postgres", "postmaster.pid"))).split("\n");
    for (const pid of [Number(postmaster), ...processes.map((row) => row.pid)]) killNow(pid);
    await sql.end({ timeout: 0 });
    await this.database.server.kill();
    await this.database.server.restart();
    const revived = connect(this.database.adminUrl, this.connections);
    assert.deepEqual(await disagreements(revived), []);
    life.resolve(revived);
  }

  /** Tries until the server acknowledges it, always with the same keys. */
  async insist(intent: Intent): Promise<unknown> {
    while (true) {
      const sql = await this.sql;
      try {
        return await intent(sql);
      } catch (error) {
        if (error instanceof assert.AssertionError || sql === await this.sql) throw error;
      }
    }
  }

  /** Has `intents` acknowledged over all connections, and kills the server each time after so many of them. */
  async killedUnder(next: (done: number) => Intent, kills: number, between: number): Promise<void> {
    let acknowledged = 0;
    const work = async () => {
      while (acknowledged < (kills + 1) * between) {
        await this.insist(next(acknowledged));
        if (++acknowledged % between === 0 && acknowledged <= kills * between) await this.die();
      }
    };
    await Promise.all(Array.from({ length: this.connections }, work));
  }
}

function killNow(pid: number) {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    // It followed the server on its own.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
