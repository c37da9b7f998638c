import type { Child, Children } from "./children.ts";
import { StackError } from "../errors.ts";
import { accepts, freePort } from "./ports.ts";

/** A module that serves HTTP in a process of its own. */
export interface Service {
  readonly name: string;
  readonly port: number;
  /** Starts it unless it was started, or ended, before; resolves once it accepts connections. @throws {StackError} */
  ready(): Promise<void>;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port, unless it runs. */
  restart(): Promise<void>;
}

/** What a service is started with. */
export interface ServiceOptions {
  children: Children;
  name: string;
  /** Path of the Deno that runs it, this one when absent. */
  deno?: string;
  /** Path of the module, which calls `Deno.serve` without an address, and its arguments. */
  module: string;
  args?: string[];
  /** A free one when absent. */
  port?: number;
  /** All of its environment, apart from what Deno itself needs. */
  env: Record<string, string>;
  /** Deno's flags, its permissions for what it does beside listening among them; `self` is its own address. */
  flags: (self: string) => string[];
  /** Whether it is started when somebody is first {@link Service.ready} for it, and not at once. */
  lazy?: boolean;
  onLine: (line: string) => void;
}

/** What Deno itself needs to find its cache and the package registry. */
const INHERITED = ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME", "TMPDIR", "LANG", "NPM_CONFIG_REGISTRY"]
  .concat(["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "DENO_TLS_CA_STORE", "DENO_CERT"]);

/** Starts a service, unless it is lazy, and resolves once it accepts connections. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { children, name, onLine } = options;
  const port = options.port ?? freePort();
  let child: Child | undefined;
  const start = async () => {
    let problem: string | undefined;
    const current = await children.start(
      options.deno ?? Deno.execPath(),
      commandLine(options, port),
      (line) => {
        problem ??= line.match(/error: (.*)/)?.[1];
        onLine(line);
      },
    );
    child = current;
    current.status.then(() => child = child === current ? undefined : child);
    while (!await accepts(port)) {
      if (!child) throw new StackError(`${name} does not start: ${problem ?? "it ended by itself"}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const restart = async () => {
    if (!child) await start();
  };
  let first: Promise<void> | undefined;
  const ready = () => first ??= restart();
  const kill = async () => {
    first ??= Promise.resolve();
    await child?.stop("SIGKILL");
  };
  if (!options.lazy) await ready();
  return { name, port, ready, kill, restart };
}

function commandLine({ module, args = [], env, flags }: ServiceOptions, port: number): Deno.CommandOptions {
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    args: ["run", "--quiet", "--no-prompt", "--allow-env", ...flags(`127.0.0.1:${port}`), module, ...args],
    cwd: new URL(".", import.meta.url).pathname,
    clearEnv: true,
    env: {
      ...Object.fromEntries(inherited),
      ...env,
      DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
      NO_COLOR: "1",
    },
  };
}
