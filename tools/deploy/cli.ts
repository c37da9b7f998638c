import { createRequire } from "node:module";
import { StackError } from "../../local/errors.ts";

/** What a command of the Supabase CLI printed. */
export interface Output {
  stdout: string;
  /** Everything, in the order of the streams. */
  text: string;
}

/** The Supabase CLI, in a folder that has the project to deploy. */
export class Cli {
  private constructor(readonly command: string[], readonly workdir: string, readonly target: string) {}

  /**
   * @param path An executable to use in place of the CLI that this project pins.
   * @throws {StackError} when it does not run.
   */
  static async at(workdir: string, path?: string): Promise<Cli> {
    const command = path ? [path] : [Deno.execPath(), "run", "--quiet", "--no-lock", "-A", pinned()];
    const { stdout } = await new Cli(command, workdir, "").run(["--version"]);
    const major = Number(stdout.trim().match(/^v?(\d+)\./)?.[1]);
    if (!(major >= 2)) throw new StackError(`cannot tell the version of the Supabase CLI: it says ${stdout}`);
    // Each calls the other's flag deprecated or unknown.
    return new Cli(command, workdir, major >= 3 ? "--remote" : "--linked");
  }

  /** Runs a command. @throws {StackError} with what it printed, when it fails. */
  async run(args: string[]): Promise<Output> {
    const [program, ...before] = this.command;
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...before, ...args, "--workdir", this.workdir],
      env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const [out, problems] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (success) return { stdout: out, text: out + problems };
    throw new StackError(`supabase ${args.join(" ")} failed: ${explain(out + problems)}`);
  }

  /** Runs a command and reads the JSON that it prints. */
  async read<T>(args: string[]): Promise<T> {
    return JSON.parse((await this.run([...args, "--output", "json"])).stdout);
  }
}

function pinned(): string {
  const manifest = createRequire(import.meta.url).resolve("supabase/package.json");
  return manifest.replace("package.json", "dist/supabase.js");
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
