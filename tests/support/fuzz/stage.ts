/**
 * The functions in this process, in front of a stack of their own: what they are sent needs no way through sockets,
 * and what it leaves behind is nobody else's.
 *
 * @module
 */
import { functionEnvironment } from "../../../local/stack/addresses.ts";
import { OwnStack } from "../own_stack.ts";

const background: Promise<unknown>[] = [];

/** A stack, the environment of its functions in this process, and the lines that they log. */
export class Stage implements AsyncDisposable {
  readonly logged: string[] = [];
  readonly #log = console.log;

  private constructor(readonly own: OwnStack) {
    console.log = (line: string) => void this.logged.push(line);
    const waitUntil = (work: Promise<unknown>) => void background.push(work);
    Object.assign(globalThis, { EdgeRuntime: { waitUntil } });
  }

  static async open(): Promise<Stage> {
    const own = await OwnStack.start({}, ({ env }) => functionEnvironment(env, {}));
    // The model starts with the backend that is served, which nothing here calls.
    const backend = await fetch(`${own.stack.apiUrl}/functions/v1/generation-backend/health`);
    await backend.body?.cancel();
    return new Stage(own);
  }

  /** Resolves when nothing goes on behind the answers any more. */
  async quiet(): Promise<void> {
    while (background.length) await background.pop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.quiet();
    console.log = this.#log;
    Reflect.deleteProperty(globalThis, "EdgeRuntime");
    await this.own[Symbol.asyncDispose]();
  }
}
