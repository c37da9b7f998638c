/** Notes what every user of a machine can see of its processes: their command lines. It needs `/proc`. */
export class CommandLines implements AsyncDisposable {
  readonly #seen = new Set<string>();
  readonly #end = new AbortController();
  readonly #watching = this.#watch();

  /** All that were seen, each as one line. */
  get seen(): string[] {
    return [...this.#seen];
  }

  async #watch(): Promise<void> {
    const rounds = new Map<string, number>();
    while (!this.#end.signal.aborted) {
      for await (const { name } of Deno.readDir("/proc")) {
        if (!/^\d+$/.test(name)) continue;
        const round = (rounds.get(name) ?? 0) + 1;
        rounds.set(name, round);
        // A new process may still become another; an old one is looked at now and then.
        if (round > 20 && round % 20) continue;
        const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
        this.#seen.add(line.replaceAll("\0", " "));
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#watching;
  }
}
