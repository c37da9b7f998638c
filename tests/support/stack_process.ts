import { readState, type State } from "../../local/stack/lock.ts";
import { removeFolder } from "../../local/processes/remove.ts";

/** A stack started from the command line in a process of its own, the way a person does it. */
export interface StackProcess {
  process: Deno.ChildProcess;
  /** Addresses and process id, as written down for `deno task status`. */
  state: State;
  /** Ids of all processes below it. */
  descendants: number[];
  /** What it printed until it was ready. */
  output: string;
}

/** A data folder that the database's user can read, and the stacks that a test starts on it; both are gone after the test. */
export class DataFolder implements AsyncDisposable {
  readonly #processes: Deno.ChildProcess[] = [];

  private constructor(readonly path: string) {}

  static async create(): Promise<DataFolder> {
    const path = await Deno.makeTempDir({ prefix: "credits-test-" });
    await Deno.chmod(path, 0o755);
    return new DataFolder(path);
  }

  /** Runs `deno` with `args` and resolves when the stack it starts is ready. */
  async launch(args = ["run", "-A", "local/commands/start.ts"]): Promise<StackProcess> {
    const process = command([...args, "--port", "0", "--dir", this.path], "null").spawn();
    this.#processes.push(process);
    const output = await readUntil(process.stdout, "Ready in");
    const state = await readState(this.path);
    if (!state) throw new Error(`the stack did not start: ${output}`);
    return { process, state, output, descendants: await descendantsOf(state.pid) };
  }

  /** Runs a start that is expected to fail, and gives back what it said. */
  async failToLaunch(...args: string[]): Promise<{ code: number; error: string }> {
    const { code, stderr } = await command([
      "run",
      "-A",
      "local/commands/start.ts",
      "--dir",
      this.path,
      ...args,
    ])
      .output();
    return { code, error: new TextDecoder().decode(stderr).trim() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) await end(process);
    await removeFolder(this.path);
  }
}

/** Those of `pids` that still run; a process that only waits to be noticed by its parent does not. */
export async function alive(pids: number[]): Promise<number[]> {
  const states = await Promise.all(pids.map((pid) => Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "")));
  return pids.filter((_, index) => states[index] !== "" && !/\) [ZX]/.test(states[index]));
}

/** Waits until `condition` holds; the test runner's own limit ends a wait that never does. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function end(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGTERM");
  } catch {
    // The test has ended it already.
  }
  await process.status;
}

function command(args: string[], stderr: "piped" | "null" = "piped"): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args,
    stdout: "piped",
    stderr,
    env: { NO_COLOR: "1" },
  });
}

async function readUntil(stream: ReadableStream<Uint8Array>, mark: string): Promise<string> {
  let output = "";
  const reader = stream.getReader();
  while (!output.includes(mark)) {
    const { value, done } = await reader.read();
    if (done) break;
    output += new TextDecoder().decode(value);
  }
  // What comes later is read too, lest the stack waits for somebody to do so.
  const drain = async () => {
    while (!(await reader.read()).done);
  };
  drain();
  return output;
}

async function descendantsOf(pid: number): Promise<number[]> {
  const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  const children = text.split(" ").filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}
