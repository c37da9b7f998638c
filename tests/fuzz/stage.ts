/**
 * The functions in this process, in front of a stack of their own: what they are sent needs no way through sockets,
 * and what it leaves behind is nobody else's.
 *
 * @module
 */
import { functionEnvironment } from "../../local/addresses.ts";
import { type Stack, startStack } from "../../local/stack.ts";

const background: Promise<unknown>[] = [];

/** A stack, the environment of its functions in this process, and the lines that they log. */
export class Stage implements AsyncDisposable {
  readonly logged: string[] = [];
  readonly #before = Deno.env.toObject();
  readonly #log = console.log;

  private constructor(readonly stack: Stack, readonly dir: string) {
    const own = { ...stack.env, ...functionEnvironment(stack.env, {}) };
    for (const [name, value] of Object.entries(own)) Deno.env.set(name, value);
    console.log = (line: string) => void this.logged.push(line);
    const waitUntil = (work: Promise<unknown>) => void background.push(work);
    Object.assign(globalThis, { EdgeRuntime: { waitUntil } });
  }

  static async open(): Promise<Stage> {
    const dir = await Deno.makeTempDir({ prefix: "credits-fuzz-" });
    await Deno.chmod(dir, 0o755);
    const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
    return new Stage(await startStack({ port: 0, dir, settings, timers: false }), dir);
  }

  /** Resolves when nothing goes on behind the answers any more. */
  async quiet(): Promise<void> {
    while (background.length) await background.pop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.quiet();
    console.log = this.#log;
    Reflect.deleteProperty(globalThis, "EdgeRuntime");
    for (const name of Object.keys(Deno.env.toObject())) {
      if (!(name in this.#before)) Deno.env.delete(name);
    }
    for (const [name, value] of Object.entries(this.#before)) Deno.env.set(name, value);
    await this.stack.stop();
    await Deno.remove(this.dir, { recursive: true });
  }
}
