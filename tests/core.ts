/**
 * Whether the credits can be taken alone: copies the project without the product that is sold for them, builds a database
 * of what is left, and runs what is left of the tests.
 *
 * `deno task test:core [pattern]`, or `--db [pattern]` for pgTAP alone, as `deno task test` takes them.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { CHECKOUT } from "../local/checkout.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** The product: its rules, its functions, and what is tested or told of it. The attacks are on the product as a whole. */
const PRODUCT = [
  "supabase/schemas/jobs",
  "supabase/schemas/stories",
  "supabase/tests/jobs",
  "supabase/tests/stories",
  "supabase/functions/_jobs",
  "supabase/functions/story-api",
  "supabase/functions/book-api",
  "supabase/functions/generation-backend",
  "tests/jobs",
  "tests/stories",
  "tests/attack",
  "tests/broken/jobs_test.ts",
  "tests/broken/stories_test.ts",
  "tests/support/attack",
  "tests/support/jobs.ts",
  "tests/support/scripted_worker.ts",
  "tests/stack/documentation_test.ts",
  "tests/stack/security_page_test.ts",
];

const decoder = new TextDecoder();
const copy = await Deno.makeTempDir({ prefix: "credits-core-" });
try {
  await Deno.chmod(copy, 0o755);
  await copyFiles();
  for (const path of PRODUCT) await Deno.remove(join(copy, path), { recursive: true });
  await forget();
  await deno("install", "--quiet");
  await deno("task", "--quiet", "db:diff", "baseline");
  await deno("task", "--quiet", "gen:types");
  await deno("run", "-A", "tests/run.ts", ...Deno.args);
} finally {
  await removeFolder(copy);
}

/** Every file of the checkout, whether it is committed or not, that git does not ignore. */
async function copyFiles(): Promise<void> {
  const git = new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: CHECKOUT,
  });
  for (const path of decoder.decode((await git.output()).stdout).split("\0").filter(Boolean)) {
    await Deno.mkdir(dirname(join(copy, path)), { recursive: true });
    await Deno.copyFile(join(CHECKOUT, path), join(copy, path)).catch((error) => {
      // Deleted, and not yet committed.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** Takes what is gone out of the two files that list the parts; the migrations are made anew. */
async function forget(): Promise<void> {
  await Deno.remove(join(copy, "supabase/migrations"), { recursive: true });
  await Deno.mkdir(join(copy, "supabase/migrations"));
  const isGone = (path: string) => PRODUCT.some((gone) => `supabase/${path}`.startsWith(gone));
  await edit(
    "supabase/config.toml",
    (text) =>
      text.split("\n").filter((line) => !isGone(line.match(/^ {2}"\.\/(schemas\/.*)",$/)?.[1] ?? "-")).join(
        "\n",
      )
        .replaceAll(
          /^(?:#.*\n)*\[functions\.([\w-]+)\]\n(?:[^[#\n].*\n)*/gm,
          (section, name) => isGone(`functions/${name}`) ? "" : section,
        ),
  );
  await edit("deno.json", (text) => {
    const config = JSON.parse(text);
    config.workspace = config.workspace.filter((path: string) => !PRODUCT.includes(path.slice("./".length)));
    return JSON.stringify(config);
  });
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  await Deno.writeTextFile(join(copy, path), change(await Deno.readTextFile(join(copy, path))));
}

/** Runs Deno in the copy. Ends this process as that one ended when it failed. */
async function deno(...args: string[]): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: copy, stdin: "null" }).spawn().status;
  if (code) {
    await removeFolder(copy);
    Deno.exit(code);
  }
}
