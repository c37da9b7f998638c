import { FAST } from "../../local/database/database_stack.ts";
import { type Stack, type StackOptions, startStack } from "../../local/stack/stack.ts";
import { removeFolder } from "../../local/processes/remove.ts";

/** A stack that one test file has for itself, and that the helpers of the other tests find in the environment meanwhile. */
export class OwnStack implements AsyncDisposable {
  readonly #before = Deno.env.toObject();

  private constructor(readonly stack: Stack, readonly dir: string, env: Record<string, string>) {
    for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  }

  /** Starts it in a temporary folder; `extra` are variables to be set beside its own. */
  static async start(
    options: StackOptions,
    extra: (stack: Stack) => Record<string, string> = () => ({}),
  ): Promise<OwnStack> {
    const dir = await Deno.makeTempDir({ prefix: "credits-own-" });
    await Deno.chmod(dir, 0o755);
    const stack = await startStack({ port: 0, dir, settings: FAST, timers: false, once: true, ...options });
    return new OwnStack(stack, dir, { ...stack.env, ...extra(stack) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of Object.keys(Deno.env.toObject())) {
      if (!(name in this.#before)) Deno.env.delete(name);
    }
    for (const [name, value] of Object.entries(this.#before)) Deno.env.set(name, value);
    await this.stack.stop();
    await removeFolder(this.dir);
  }
}
