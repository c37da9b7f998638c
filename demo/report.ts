/** What the demo prints: for people a line a step, for programs one JSON object at the end. */
import { MultiBar, Presets } from "cli-progress";
import process from "node:process";
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import { credits, type UsageItem } from "./account.ts";
import type { FinishedStory, Progress, Watch } from "./work.ts";

/** A step that was taken. */
export interface Step {
  name: string;
  milliseconds: number;
  result: string;
}

const TITLE_WIDTH = 18;
const TEXT_WIDTH = 76;

/** Prints to standard output, or to nowhere when it is to hold JSON. */
export class Report {
  readonly steps: Step[] = [];
  /** The step that is being taken, for the message when it fails. */
  current = "";

  constructor(private readonly silent: boolean) {}

  /** Takes one step and prints how long it took and, in the words of `say`, what came of it. */
  async step<T>(name: string, work: () => Promise<T>, say: (value: T) => string): Promise<T> {
    this.current = name;
    const began = performance.now();
    const value = await work();
    const milliseconds = Math.round(performance.now() - began);
    const result = say(value);
    this.steps.push({ name, milliseconds, result });
    const time = `${(milliseconds / 1000).toFixed(2)} s`.padStart(8);
    this.print(`${styleText("green", "✔")} ${name.padEnd(TITLE_WIDTH)}${styleText("dim", time)}  ${result}`);
    return value;
  }

  /** Like {@link step}, for a job: a bar on a terminal, elsewhere a line whenever it has come further. */
  async job<T>(name: string, work: (watch: Watch) => Promise<T>, say: (value: T) => string): Promise<T> {
    const progress = this.silent ? { watch: () => {}, end: () => {} } : this.#progress(name);
    return await this.step(name, () => work(progress.watch).finally(progress.end), say);
  }

  /** The story, as one would read it. */
  story({ title, pages }: FinishedStory): void {
    const paragraphs = pages.map((page, index) => {
      const [first, ...rest] = wrapAnsi(page, TEXT_WIDTH - 6).split("\n");
      const number = styleText("dim", String(index + 1).padStart(4));
      return [`${number}  ${first}`, ...rest.map((line) => `      ${line}`)].join("\n");
    });
    this.print(`\n      ${styleText(["bold", "underline"], title)}\n\n${paragraphs.join("\n\n")}\n`);
  }

  /** What was spent on what. */
  usage(items: UsageItem[]): void {
    const head = ["time", "what", "status", "credits", "description"];
    const rows = items.map((item) => [
      item.created_at.slice(0, 19).replace("T", " "),
      item.job_type,
      item.status,
      credits(item.credits_used).padStart(7),
      item.description ?? "",
    ]);
    const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
    const line = (row: string[]) =>
      "    " + row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd();
    this.print(["", styleText("dim", line(head)), ...rows.map(line), ""].join("\n"));
  }

  /** Prints a text of its own. */
  print(text: string): void {
    if (!this.silent) console.log(text);
  }

  #progress(name: string): { watch: Watch; end: () => void } {
    return process.stdout.isTTY ? bar(name) : lines((text) => this.print(text));
  }
}

function bar(name: string): { watch: Watch; end: () => void } {
  const format = `  ${name.padEnd(TITLE_WIDTH)} {bar} {value}/{total} pages · {state}`;
  const bars = new MultiBar(
    { format, barsize: 28, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  const bar = bars.create(1, 0, { state: "queued" });
  return {
    watch: (job) => {
      bar.setTotal(job.pages_total);
      bar.update(job.pages_done, { state: stateOf(job) });
    },
    end: () => bars.stop(),
  };
}

function lines(print: (text: string) => void): { watch: Watch; end: () => void } {
  let last = "";
  const watch = (job: Progress) => {
    const line = `    ${stateOf(job)}, ${job.pages_done} of ${job.pages_total} pages`;
    if (line !== last) print(line);
    last = line;
  };
  return { watch, end: () => {} };
}

function stateOf({ status, stage }: Progress): string {
  return status === "generating" && stage ? stage : status;
}
