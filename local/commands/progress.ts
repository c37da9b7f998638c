import process from "node:process";
import ora from "ora";

/** Shows the steps of a start: on a terminal a spinner while any of them runs, everywhere a line for each as it ends. */
export class Progress {
  readonly #running = new Set<string>();
  readonly #spinner = hasWidth() ? ora({ stream: process.stdout, discardStdin: false }) : undefined;

  /** Follows one step until it ends. */
  follow(title: string, work: Promise<unknown>): void {
    const began = performance.now();
    this.#running.add(title);
    this.#show();
    work.then(() => this.#ended(title, "✔", began), () => this.#ended(title, "✖", began));
  }

  #ended(title: string, mark: string, began: number): void {
    this.#running.delete(title);
    this.#spinner?.stop();
    console.log(`${mark} ${title.padEnd(28)} ${((performance.now() - began) / 1000).toFixed(1)} s`);
    if (this.#running.size) this.#show();
  }

  #show(): void {
    this.#spinner?.start([...this.#running].join(" · "));
  }
}

/** Whether lines can be drawn over again: some terminals, such as those of containers, do not know how wide they are. */
function hasWidth(): boolean {
  return Deno.stdout.isTerminal() && Deno.consoleSize().columns > 0;
}
