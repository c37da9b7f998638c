/**
 * What the hosted runtime leaves a function, on plain Deno: no blocked API, no synchronous access to files once it has
 * started, no worker and no subprocess. A function that needs more breaks here, and not first where it is deployed.
 *
 * `deno run edge_runtime.ts MODULE` serves the module at the address that is told in `DENO_SERVE_ADDRESS`, which Deno
 * itself only knows since 2.2. Read from edge-runtime 1.74.
 *
 * @module
 */

const BLOCKED = [
  ..."chmod chmodSync chown chownSync copyFile copyFileSync chdir link linkSync open create openSync createSync"
    .split(" "),
  ..."readLink readLinkSync rename renameSync symlink symlinkSync truncate truncateSync utime utimeSync"
    .split(" "),
];
const BLOCKED_ONCE_STARTED =
  ("lstatSync statSync removeSync writeFileSync writeTextFileSync readFileSync readTextFileSync readDirSync mkdirSync " +
    "makeTempDirSync makeTempFileSync").split(" ");
const WITHOUT_EFFECT = "kill exit addSignalListener removeSignalListener".split(" ");
const ABSENT =
  "listenTls listenDatagram inspect Command run dlopen bench test openKv cron watchFs memoryUsage gid jupyter"
    .split(" ");
const ABSENT_GLOBALS =
  "Worker EventSource SharedArrayBuffer WebSocketStream localStorage sessionStorage alert confirm prompt close"
    .split(" ");

type Call = (...args: unknown[]) => unknown;
type Handler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

function refuse(name: string): never {
  throw new Deno.errors.PermissionDenied(`Deno.${name} is blocklisted on the current context`);
}

let started = false;

/** Takes away what a hosted function does not have. */
function restrict(): void {
  for (const name of BLOCKED) define(Deno, name, () => refuse(name));
  for (const name of BLOCKED_ONCE_STARTED) {
    const original: Call = Reflect.get(Deno, name);
    define(Deno, name, (...args: unknown[]) => started ? refuse(name) : original(...args));
  }
  for (const name of WITHOUT_EFFECT) define(Deno, name, () => {});
  for (const name of ABSENT) Reflect.deleteProperty(Deno, name);
  for (const name of ABSENT_GLOBALS) Reflect.deleteProperty(globalThis, name);
  define(globalThis, "EdgeRuntime", { waitUntil: (work: Promise<unknown>) => work });
}

/** Has `Deno.serve` listen at `address`, whatever the function asks for, as the hosted runtime does. */
function serveAt(address: string): void {
  const { hostname, port } = new URL(address.replace(/^tcp:/, "http://"));
  const serve = Deno.serve;
  define(Deno, "serve", (...args: (Handler | { handler?: Handler })[]) => {
    const handler = args.find((argument) => typeof argument === "function") ??
      Reflect.get(args[0], "handler");
    return serve({ hostname, port: Number(port), onListen: () => {} }, handler);
  });
}

const [module] = Deno.args;
serveAt(Deno.env.get("DENO_SERVE_ADDRESS") ?? "");
restrict();
await import(new URL(module, "file:///").href);
started = true;
