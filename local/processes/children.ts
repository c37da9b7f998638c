/**
 * Child processes that never outlive the stack.
 *
 * An orderly stop ends each child itself. For `kill -9` of the stack there is the keeper: a shell that waits on a pipe from
 * the stack, and ends every process it was told of as soon as that pipe closes, which the kernel does when the stack dies.
 */

const KEEPER = `
trap '' INT TERM HUP
pids=
while read -r sign pid; do
  rest=
  for known in $pids; do [ "$known" = "$pid" ] || rest="$rest $known"; done
  pids=$rest
  [ "$sign" = - ] || pids="$pids $pid"
done
for pid in $pids; do kill -INT "$pid" 2>/dev/null; done
for _ in 1 2 3 4 5 6 7 8 9 10; do
  alive=
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || exit 0
  sleep 0.5
done
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
`;

const GRACE_MILLISECONDS = 8_000;

/** One running child process of the stack. */
export interface Child {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly status: Promise<Deno.CommandStatus>;
  /** Asks the process to end with `signal` (default SIGINT), insists with SIGKILL, and resolves once it is gone. */
  stop(signal?: Deno.Signal): Promise<void>;
}

/** Starts child processes and ends them all, even if this process is killed. */
export class Children {
  readonly #keeper: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #running = new Set<Child>();

  constructor() {
    const keeper = new Deno.Command("sh", {
      args: ["-c", KEEPER],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    });
    this.#keeper = keeper.spawn();
    this.#orders = this.#keeper.stdin.getWriter();
  }

  /** The process ids of the keeper and of every child that is running. */
  get pids(): number[] {
    return [this.#keeper.pid, ...[...this.#running].map((child) => child.pid)];
  }

  /** Starts a process; `onLine` gets every line it writes to standard output and standard error. */
  async start(command: string, options: Deno.CommandOptions, onLine: (line: string) => void): Promise<Child> {
    const process = new Deno.Command(command, { ...options, stdin: "null", stdout: "piped", stderr: "piped" })
      .spawn();
    await this.#order(`+ ${process.pid}`);
    const output = Promise.all([readLines(process.stdout, onLine), readLines(process.stderr, onLine)]);
    const status = Promise.all([process.status, output]).then(async ([status]) => {
      this.#running.delete(child);
      await this.#order(`- ${process.pid}`);
      return status;
    });
    const child: Child = { pid: process.pid, status, stop: (signal) => stop(process, status, signal) };
    this.#running.add(child);
    return child;
  }

  /** Ends every child that is still running, then the keeper. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((child) => child.stop()));
    await this.#orders.close().catch(() => {});
    await this.#keeper.status;
  }

  async #order(line: string): Promise<void> {
    await this.#orders.write(new TextEncoder().encode(line + "\n")).catch(() => {});
  }
}

async function stop(process: Deno.ChildProcess, status: Promise<unknown>, signal: Deno.Signal = "SIGINT") {
  send(process, signal);
  const insist = setTimeout(() => send(process, "SIGKILL"), GRACE_MILLISECONDS);
  await status;
  clearTimeout(insist);
}

function send(process: Deno.ChildProcess, signal: Deno.Signal) {
  try {
    process.kill(signal);
  } catch {
    // It has ended on its own already.
  }
}

/** Hands every line of `stream` to `onLine` as soon as it is whole, and the rest at the end. */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (
    const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
  ) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  }
  if (rest) onLine(rest);
}
