import { parseArgs } from "node:util";
import { messageOf, StackError } from "../local/errors.ts";

const LANGUAGES = ["en", "de", "es"] as const;

/** What the stand-in for a model can write in, which is all that a stack is sure to offer. */
export type Language = typeof LANGUAGES[number];

/** What the demo was asked for. */
export interface Options {
  prompt: string;
  /** Youngest and oldest reader, in years. */
  age: { min: number; max: number };
  /** What the story is written in. */
  language: Language;
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
  --age 4-7       for whom, from 2 to 12; one number or a range (default: 4-7)
  --language de   what the story is written in: en, de or es (default: en)
  --out FILE      where the book is saved (default: the story's title, here)
  --url URL       a running stack; unless it is the one of this checkout, SECRET_KEY must hold its secret key
  --json          print one JSON object instead
  --help          this text`;

const FLAGS = {
  prompt: { type: "string", default: "a shy dragon who learns to whistle" },
  age: { type: "string", default: "4-7" },
  language: { type: "string", default: "en" },
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
  const { prompt, age, language, out, url, json, help } = parse(args);
  if (help) return undefined;
  if (out === "") throw new StackError("--out is empty: name the file to save the book in");
  return {
    prompt: readPrompt(prompt),
    age: readAge(age),
    language: readLanguage(language),
    json,
    out,
    url: url === undefined ? undefined : readUrl(url),
  };
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

// The limits are those of `story-api/create`, which is asked only after a sign-up and a payment.

function readPrompt(text: string): string {
  const length = [...text].length;
  if (text.trim().length < 3) {
    throw new StackError("--prompt is too short: say what the story is about in 3 characters or more");
  }
  if (length > 1000) throw new StackError(`--prompt has ${length} characters: at most 1000 are taken`);
  return text;
}

function readAge(text: string): { min: number; max: number } {
  const [, min, max = min] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ?? [];
  if (min === undefined || Number(min) > Number(max)) {
    throw new StackError(`--age "${text}" is no age: give one such as 5, or a range such as 4-7`);
  }
  if (Number(min) < 2 || Number(max) > 12) {
    throw new StackError(`--age "${text}" is not offered: stories are for children from 2 to 12`);
  }
  return { min: Number(min), max: Number(max) };
}

function readLanguage(text: string): Language {
  const language = LANGUAGES.find((offered) => offered === text);
  if (language) return language;
  throw new StackError(`--language "${text}" is not offered: choose one of ${LANGUAGES.join(", ")}`);
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url.origin;
  throw new StackError(`--url "${text}" is no address: give one such as http://127.0.0.1:54321`);
}
