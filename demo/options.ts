import { parseArgs } from "node:util";
import { messageOf, StackError } from "../local/errors.ts";

/** What the demo was asked for. */
export interface Options {
  prompt: string;
  /** Youngest and oldest reader, in years. */
  age: { min: number; max: number };
  /** Print one JSON object instead of text. */
  json: boolean;
  /** The stack to use; the one of this checkout, or a new one, when absent. */
  url?: string;
  /** Where the PDF goes; named after the story when absent. */
  out?: string;
}

/** The flags, as `--help` prints them. */
export const USAGE = `usage: deno task demo [-- FLAGS]

  --prompt TEXT   what the story is about (default: a shy dragon who learns to whistle)
  --age 4-7       for whom; one number or a range (default: 4-7)
  --out FILE      where the book is saved (default: the story's title, here)
  --url URL       a running stack; unless it is the one of this checkout, SECRET_KEY must hold its secret key
  --json          print one JSON object instead
  --help          this text`;

const FLAGS = {
  prompt: { type: "string", default: "a shy dragon who learns to whistle" },
  age: { type: "string", default: "4-7" },
  out: { type: "string" },
  url: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/**
 * Reads the command line; `deno task demo -- --json` passes the `--` on, so one in front is no argument.
 *
 * @returns `undefined` when help was asked for.
 * @throws {StackError} naming the flag that cannot be used.
 */
export function readOptions(commandLine: string[]): Options | undefined {
  const args = commandLine[0] === "--" ? commandLine.slice(1) : commandLine;
  const { prompt, age, out, url, json, help } = parse(args);
  if (help) return undefined;
  if (prompt.trim() === "") throw new StackError("--prompt is empty: say what the story is about");
  if (out === "") throw new StackError("--out is empty: name the file to save the book in");
  return { prompt, age: readAge(age), json, out, url: url === undefined ? undefined : readUrl(url) };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new StackError(
      `${
        messageOf(error).split(/\.\s|\n/)[0].replace(/\.$/, "")
      }; \`deno task demo -- --help\` lists the flags`,
    );
  }
}

function readAge(text: string): { min: number; max: number } {
  const [, min, max = min] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ?? [];
  if (min === undefined || Number(min) > Number(max)) {
    throw new StackError(`--age "${text}" is no age: give one such as 5, or a range such as 4-7`);
  }
  return { min: Number(min), max: Number(max) };
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.origin;
  throw new StackError(`--url "${text}" is no address: give one such as http://127.0.0.1:54321`);
}
