import { pinnedCli, supabase } from "../../local/database/supabase_cli.ts";
import { StackError } from "../../local/errors.ts";

/** What a command of the Supabase CLI printed. */
export interface Output {
  stdout: string;
  /** Everything, in the order of the streams. */
  text: string;
}

/** How the CLI is found, and where its warnings go. */
export interface CliOptions {
  /** An executable to use in place of the CLI that this project pins. */
  path?: string;
  print: (line: string) => void;
}

/** The Supabase CLI, in a folder that has the project to deploy. */
export class Cli {
  private constructor(
    readonly workdir: string,
    readonly command: string,
    readonly print: (line: string) => void,
    /** The flag for the project that is linked: CLI 2 does not know that of CLI 3, which warns of that of CLI 2. */
    readonly target: "--linked" | "--remote",
  ) {}

  /** @throws {StackError} when there is no CLI 2 or newer at `path`. */
  static async at(workdir: string, { path, print }: CliOptions): Promise<Cli> {
    if (!path) return new Cli(workdir, pinnedCli(), print, "--linked");
    const cli = new Cli(workdir, path, print, "--remote");
    const version = (await cli.run(["--version"])).stdout.trim();
    const major = Number(version.match(/^v?(\d+)\./)?.[1]);
    if (!(major >= 2)) throw new StackError(`${path} is no Supabase CLI 2 or newer: it says ${version}`);
    return major === 2 ? new Cli(workdir, path, print, "--linked") : cli;
  }

  /** Runs a command and passes its warnings on. @throws {StackError} with what it printed, when it fails. */
  async run(args: string[]): Promise<Output> {
    const { success, stdout, stderr } = await supabase(args, this.workdir, this.command);
    const text = stdout + stderr;
    for (const line of text.split("\n")) {
      if (/\bwarn|deprecated|▲/i.test(line)) {
        this.print(`supabase ${args.slice(0, 2).join(" ")}: ${line.trim()}`);
      }
    }
    if (success) return { stdout, text };
    throw new StackError(`supabase ${args.join(" ")} failed: ${explain(text)}`);
  }

  /** Runs a command and reads the JSON that it prints. */
  async read<T>(args: string[]): Promise<T> {
    return JSON.parse((await this.run([...args, "--output", "json"])).stdout);
  }
}

/** The CLI's own words, and what to do where it does not say. */
function explain(output: string): string {
  const lines = output.split("\n").map((line) => line.trim()).filter((line) =>
    line && !line.startsWith("Try rerunning") && !line.startsWith("Target:")
  );
  const said = lines.join("\n  ");
  return /unauthori[sz]ed|invalid access token|status 401/i.test(said)
    ? `${said}\n  The access token is not good: make one under Account > Access Tokens and set SUPABASE_ACCESS_TOKEN`
    : said;
}
