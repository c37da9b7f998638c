/**
 * `deno task adopt FOLDER`: brings the credits into the Supabase project in FOLDER; run again from a newer checkout, it is the
 * upgrade. `docs/adopting.md` has the whole way.
 *
 * Ends with 0 when it did that or had nothing to do, 1 when it could not or left conflicts, 2 when it was called wrongly.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { exitWith, StackError } from "../../local/errors.ts";
import { VERSION } from "../../supabase/functions/_shared/version.ts";
import { adopt, type Adoption, type Wish } from "./adopt.ts";
import { EXTRAS } from "./release.ts";

const USAGE = `usage: deno task adopt FOLDER [--with jobs] [--dry-run] [--db-url URL]

  FOLDER     the project: the folder that has supabase/config.toml
  --with     what else to bring: jobs, the queue for paid work
  --dry-run  say what would be written, and write nothing
  --db-url   a database of the project's, to look for names that its migrations do not have`;

function readArguments(): Wish {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args.filter((argument) => argument !== "--"),
      allowPositionals: true,
      options: {
        with: { type: "string", multiple: true, default: [] },
        "dry-run": { type: "boolean", default: false },
        "db-url": { type: "string" },
      },
    });
    const extras = EXTRAS.filter((extra) => values.with.includes(extra));
    if (positionals.length !== 1 || extras.length !== new Set(values.with).size) throw new Error("try again");
    return { folder: positionals[0], extras, dryRun: values["dry-run"], dbUrl: values["db-url"] };
  } catch {
    console.error(USAGE);
    Deno.exit(2);
  }
}

function report(
  { outcome, changes, migrations, destructive, merged, conflicts }: Adoption,
  wish: Wish,
): void {
  if (outcome === "nothing_to_do") {
    return console.log(`Nothing to do: ${wish.folder} has ${VERSION} already.`);
  }
  for (const [path, text] of changes) {
    if (path.startsWith("credits/base/")) continue;
    const what = text === undefined
      ? "deleted"
      : conflicts.includes(path)
      ? "CONFLICT: resolve the marks"
      : merged.includes(path)
      ? "merged with your edits"
      : `${text.split("\n").length - 1} lines`;
    console.log(`  supabase/${path}  ${what}`);
  }
  if (wish.dryRun && outcome === "upgraded") { for (const { text } of migrations) console.log(`\n${text}`); }
  for (const statement of destructive) console.log(`It deletes: ${statement}`);
  if (wish.dryRun) return console.log(`dry run: nothing was written`);
  console.log(outcome === "adopted" ? `Brought the credits ${VERSION}.` : `Upgraded to ${VERSION}.`);
  console.log("Next: commit it, `supabase db push`, `supabase functions deploy credits-api stripe-webhook`.");
}

try {
  const wish = readArguments();
  const adoption = await adopt(wish);
  report(adoption, wish);
  if (adoption.conflicts.length > 0) throw new StackError(`conflicts in ${adoption.conflicts.join(", ")}`);
} catch (error) {
  exitWith(error);
}
