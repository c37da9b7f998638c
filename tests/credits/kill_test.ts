/** What was acknowledged survives a server that is killed; what was not happened wholly or not at all. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type postgres from "postgres";
import { Children } from "../../local/processes/children.ts";
import { type Database, startDatabase } from "../../local/database/database.ts";
import { applyFiles, migrationFiles } from "../../local/database/sql_files.ts";
import { freePort } from "../../local/processes/ports.ts";
import { all, connect } from "../support/clone.ts";
import { disagreements } from "../support/credit_calls.ts";
import { Customer, type Intent } from "../support/credit_load.ts";
import { reconcile } from "../support/credit_reconciliation.ts";
import { removeFolder } from "../../local/processes/remove.ts";

const CONNECTIONS = 8;
const KILLS = 5;
const OPERATIONS_BETWEEN_KILLS = 300;

/** A server that waits for the disk as a real one does, and that can be killed and started again under a load. */
class Mortal {
  #life: PromiseWithResolvers<postgres.Sql> = Promise.withResolvers();
  readonly #database: Database;
  readonly #dir: string;

  constructor(database: Database, dir: string) {
    this.#database = database;
    this.#dir = dir;
    this.#life.resolve(connect(database.adminUrl, CONNECTIONS));
  }

  /** Connections to the server as soon as it lives. */
  get sql(): Promise<postgres.Sql> {
    return this.#life.promise;
  }

  /** Kills every process of the server with SIGKILL, so that none of them can tidy up, and starts it again. */
  async die() {
    const sql = await this.sql;
    const life = this.#life = Promise.withResolvers<postgres.Sql>();
    const processes = await sql<{ pid: number }[]>`select pid from pg_stat_activity`;
    const [postmaster] = (await Deno.readTextFile(join(this.#dir, "postgres", "postmaster.pid"))).split("\n");
    for (const pid of [Number(postmaster), ...processes.map((row) => row.pid)]) killNow(pid);
    await sql.end({ timeout: 0 });
    await this.#database.server.kill();
    await this.#database.server.restart();
    const revived = connect(this.#database.adminUrl, CONNECTIONS);
    assert.deepEqual(await disagreements(revived), []);
    life.resolve(revived);
  }

  /** Tries until the server acknowledges it, always with the same keys. */
  async insist(intent: Intent) {
    while (true) {
      const sql = await this.sql;
      try {
        return await intent(sql);
      } catch (error) {
        if (error instanceof assert.AssertionError || sql === await this.sql) throw error;
      }
    }
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

Deno.test("a server killed five times under load keeps what it acknowledged, and retries give the first result", async () => {
  const dir = await Deno.makeTempDir({ prefix: "credits-kill-" });
  await Deno.chmod(dir, 0o755);
  const children = new Children();
  try {
    const settings = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };
    const database = await startDatabase({ children, dir, port: freePort(), password: "kill", settings });
    await applyFiles(database.dbUrl, await migrationFiles());
    const server = new Mortal(database, dir);
    const customers = Array.from({ length: 5 }, () => new Customer());
    let acknowledged = 0;
    const work = async () => {
      while (acknowledged < (KILLS + 1) * OPERATIONS_BETWEEN_KILLS) {
        await server.insist(customers[acknowledged % customers.length].next());
        if (
          ++acknowledged % OPERATIONS_BETWEEN_KILLS === 0 && acknowledged <= KILLS * OPERATIONS_BETWEEN_KILLS
        ) {
          await server.die();
        }
      }
    };
    await all(Array.from({ length: CONNECTIONS }, work));
    await reconcile(await server.sql, customers);
    await (await server.sql).end();
  } finally {
    await children.stop();
    await removeFolder(dir);
  }
});
