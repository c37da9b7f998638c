/**
 * Whether the credits can be taken alone: copies the project without the product that is sold for them, makes its database
 * and its types anew, and runs what is left of the tests.
 *
 * `deno task test:core [pattern]`, or `--db [pattern]` for pgTAP alone, as `deno task test` takes them.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { CHECKOUT } from "../local/checkout.ts";
import { removeFolder } from "../local/processes/remove.ts";
import { pathsOfProduct } from "./support/product.ts";

const decoder = new TextDecoder();
const copy = await Deno.makeTempDir({ prefix: "credits-core-" });
try {
  await Deno.chmod(copy, 0o755);
  const paths = await listPaths();
  const gone = await pathsOfProduct(paths);
  for (const path of paths) {
    if (!gone.has(path) && !path.startsWith("supabase/migrations/")) await copyFile(path);
  }
  await forget();
  await deno("install", "--quiet");
  await deno("task", "--quiet", "db:diff", "baseline");
  await deno("task", "--quiet", "gen:types");
  await deno("run", "-A", "tests/run.ts", ...Deno.args);
} finally {
  await removeFolder(copy);
}

/** Every file of the checkout, whether it is committed or not, that git does not ignore. */
async function listPaths(): Promise<string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const { stdout } = await new Deno.Command("git", { args, cwd: CHECKOUT }).output();
  const paths = decoder.decode(stdout).split("\0").filter(Boolean);
  // One may be deleted, and that not yet committed.
  const present = await Promise.all(paths.map((path) => exists(join(CHECKOUT, path))));
  return paths.filter((_, index) => present[index]);
}

async function copyFile(path: string): Promise<void> {
  await Deno.mkdir(dirname(join(copy, path)), { recursive: true });
  await Deno.copyFile(join(CHECKOUT, path), join(copy, path));
}

/** Takes what is gone out of the two files that list what there is. */
async function forget(): Promise<void> {
  await Deno.mkdir(join(copy, "supabase/migrations"));
  const left = async (path: string) => await exists(join(copy, path));
  const config = await Deno.readTextFile(join(copy, "supabase/config.toml"));
  // A section with the comment above it.
  const sections = config.split(/\n\n(?=(?:#.*\n)*\[)/);
  const kept = await filter(sections, async (section) => {
    const [, name] = section.match(/^\[functions\.([\w-]+)\]$/m) ?? [];
    return !name || await left(`supabase/functions/${name}`);
  });
  const lines = await filter(kept.join("\n\n").split("\n"), async (line) => {
    const [, path] = line.match(/^ {2}"\.\/(schemas\/.*)",$/) ?? [];
    return !path || await left(`supabase/${path}`);
  });
  await Deno.writeTextFile(join(copy, "supabase/config.toml"), lines.join("\n"));
  const project = JSON.parse(await Deno.readTextFile(join(copy, "deno.json")));
  project.workspace = await filter<string>(project.workspace, left);
  await Deno.writeTextFile(join(copy, "deno.json"), JSON.stringify(project));
}

async function filter<T>(all: T[], isKept: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(all.map(isKept));
  return all.filter((_, index) => kept[index]);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Runs Deno in the copy. Ends this process as that one ended when it failed. */
async function deno(...args: string[]): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: copy, stdin: "null" }).spawn().status;
  if (code) {
    await removeFolder(copy);
    Deno.exit(code);
  }
}
