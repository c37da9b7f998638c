import { dirname, join } from "node:path";
import type { Child, Children } from "../processes/children.ts";
import { checkAccess, type DatabaseUser, databaseUser } from "./database_user.ts";
import { StackError } from "../errors.ts";
import { endOrphan } from "../processes/orphan.ts";

/** What a Postgres server is started with. */
export interface ServerOptions {
  children: Children;
  /** Folder of the data, made when missing. */
  dir: string;
  port: number;
  /** Password of `supabase_admin`, the superuser that owns the cluster as on a hosted project. */
  password: string;
  /** A cluster to copy, with the same password, instead of making one. */
  copyOf?: string;
  /** Folder of the Postgres installation, see `installation.ts`. */
  home: string;
  /** Server settings beyond the defaults, such as `{ fsync: "off" }` for a database that lives for one test run. */
  settings?: Record<string, string>;
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "128MB",
  timezone: "UTC",
  log_timezone: "UTC",
};

/** A replica says that it only reads. */
const READY = /database system is ready to accept (?:read-only )?connections/;

/** A Postgres server of our own. */
export class Server {
  #child: Child | undefined;
  #lastLines: string[] = [];
  readonly #options: ServerOptions;
  readonly #user: DatabaseUser;

  private constructor(options: ServerOptions, user: DatabaseUser) {
    this.#options = options;
    this.#user = user;
  }

  /** Makes the cluster if `dir` has none, starts the server and waits until it accepts connections. */
  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options, await databaseUser());
    await server.#prepare();
    await endOrphan(options.dir);
    await server.restart();
    return server;
  }

  /** Address of `database` as the superuser. */
  url(database = "postgres"): string {
    return `postgresql://supabase_admin:${this.#options.password}@127.0.0.1:${this.#options.port}/${database}`;
  }

  /** Starts the server again after {@link stop} or {@link kill}. */
  async restart(): Promise<void> {
    const { children, dir, home, port, settings } = this.#options;
    const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap((
      [name, value],
    ) => ["-c", `${name}=${value}`]);
    const options = { args: ["-D", dir, "-p", String(port), ...flags], cwd: "/", ...this.#user };
    const ready = Promise.withResolvers<void>();
    this.#lastLines = [];
    const child = await children.start(join(home, "bin", "postgres"), options, (line) => {
      this.#lastLines = [...this.#lastLines.slice(-20), line];
      if (READY.test(line)) ready.resolve();
    });
    this.#child = child;
    const ended = await Promise.race([ready.promise, child.status]);
    if (ended) throw this.#broken();
  }

  /** Ends the server as Ctrl-C would: open transactions roll back, the data folder is closed cleanly. */
  async stop(): Promise<void> {
    await this.#child?.stop("SIGINT");
  }

  /** Ends the server without a clean shutdown, as a crash would. */
  async kill(): Promise<void> {
    await this.#child?.stop("SIGQUIT");
  }

  async #prepare(): Promise<void> {
    const { dir, home } = this.#options;
    await Deno.mkdir(dir, { recursive: true });
    if ("uid" in this.#user) await Deno.chown(dir, this.#user.uid, this.#user.gid);
    await checkAccess(this.#user, [home, dir]);
    const empty = (await Array.fromAsync(Deno.readDir(dir))).length === 0;
    if (empty) await (this.#options.copyOf ? copyFolder(this.#options.copyOf, dir) : this.#initialise());
  }

  async #initialise(): Promise<void> {
    const { dir, home, password } = this.#options;
    const passwordFile = await Deno.makeTempFile({ dir: dirname(dir) });
    try {
      await Deno.writeTextFile(passwordFile, password);
      if ("uid" in this.#user) await Deno.chown(passwordFile, this.#user.uid, this.#user.gid);
      const args = [
        "-D",
        dir,
        "--username=supabase_admin",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
      ];
      args.push("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions");
      const initdb = new Deno.Command(join(home, "bin", "initdb"), { args, cwd: "/", ...this.#user });
      const { success, stderr } = await initdb.output();
      if (!success) {
        throw new StackError(`Postgres could not make ${dir}: ${oneLine(new TextDecoder().decode(stderr))}`);
      }
    } finally {
      await Deno.remove(passwordFile);
    }
  }

  #broken(): StackError {
    const said = this.#lastLines.filter((line) => /FATAL|PANIC|ERROR/.test(line)).at(-1) ??
      this.#lastLines.at(-1) ?? "nothing";
    return new StackError(
      `Postgres cannot use the data folder ${this.#options.dir} (it said: ${
        oneLine(said)
      }): run \`deno task reset\` to start afresh`,
    );
  }
}

/** Copies what is in a folder, with owners and permissions. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("cp", { args: ["-a", `${from}/.`, to] }).output();
  if (!success) {
    throw new StackError(`${from} could not be copied: ${new TextDecoder().decode(stderr).trim()}`);
  }
}

function oneLine(text: string): string {
  return text.trim().split("\n").map((line) => line.trim()).join(" ").slice(0, 300);
}
