/**
 * `deno task deploy --project-ref REF`: brings a hosted Supabase project to what this checkout is. It can be repeated; what is
 * there already stays as it is.
 *
 * Ends with 0 when everything is deployed and well, 1 when it is not, 2 when it was called wrongly.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "smol-toml";
import Stripe from "stripe";
import { CHECKOUT } from "../../local/checkout.ts";
import { exitWith, StackError } from "../../local/errors.ts";
import { removeFolder } from "../../local/processes/remove.ts";
import { EVENT_TYPES } from "../../supabase/functions/_billing/reconcile_events.ts";
import { Cli } from "./cli.ts";
import { problemsOf, readSettings, type Settings } from "./settings.ts";
import { stage } from "./stage.ts";
import * as steps from "./steps.ts";

const USAGE =
  `usage: deno task deploy --project-ref REF [--env-file FILE] [--dry-run] [--test] [--url URL] [--cli PATH]

  --project-ref  the twenty letters in the project's address
  --env-file     the functions' secrets, NAME=value in each line; .env.production when absent
  --dry-run      say what would be done, and change nothing
  --test         take Stripe's test key, and no live one
  --url          the project's address, where it is not https://REF.supabase.co
  --cli          another Supabase CLI, 2 or 3, than the one in deno.json

SUPABASE_ACCESS_TOKEN has the access token, unless \`supabase login\` was called here.`;

class UsageError extends Error {}

function readArguments(args: string[]) {
  try {
    const { values } = parseArgs({
      args: args.filter((argument) => argument !== "--"),
      options: {
        "project-ref": { type: "string", default: "" },
        "env-file": { type: "string", default: join(CHECKOUT, ".env.production") },
        "dry-run": { type: "boolean", default: false },
        test: { type: "boolean", default: false },
        url: { type: "string" },
        cli: { type: "string" },
      },
    });
    const ref = values["project-ref"];
    if (!/^[a-z]{20}$/.test(ref)) throw new Error("--project-ref takes the twenty letters of a project");
    const url = (values.url ?? `https://${ref}.supabase.co`).replace(/\/+$/, "");
    return {
      ref,
      url,
      file: values["env-file"],
      dryRun: values["dry-run"],
      test: values.test,
      cli: values.cli,
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** The secrets, when nothing is wrong with them. @throws {StackError} that lists everything that is. */
async function checkedSettings(file: string, test: boolean): Promise<Settings> {
  const settings = await readSettings(file).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StackError(
      `there is no ${file}: write the secrets into it, as README.md says, or name it with --env-file`,
    );
  });
  const problems = problemsOf(settings, test ? "test" : "live");
  const { auth } = parse(await Deno.readTextFile(join(CHECKOUT, "supabase", "config.toml")));
  const site = URL.parse((auth as { site_url: string }).site_url)?.origin;
  if (
    settings.ALLOWED_ORIGINS && !settings.ALLOWED_ORIGINS.split(",").some((origin) => origin.trim() === site)
  ) {
    problems.push(
      `site_url of supabase/config.toml is ${site}, which is not among ALLOWED_ORIGINS: ` +
        `confirmation e-mails lead there, so put your app's address into both`,
    );
  }
  if (problems.length) throw new StackError(`nothing was deployed:\n  ${problems.join("\n  ")}`);
  return settings;
}

/**
 * Deploys as the command line says, and prints what it does.
 *
 * @throws {StackError | UsageError} for what whoever deploys can put right.
 */
export async function deploy(args: string[], print: (line: string) => void): Promise<void> {
  const { ref, url, file, dryRun, test, cli: path } = readArguments(args);
  const settings = await checkedSettings(file, test);
  await using undo = new AsyncDisposableStack();
  const folder = undo.adopt(await Deno.makeTempDir({ prefix: "credits-deploy-" }), removeFolder);
  const [bundles, cli] = await Promise.all([stage(folder), Cli.at(folder, { path, print })]);
  const deployment = { cli, dryRun, print };
  const functions = `${url}/functions/v1`;
  await cli.run(["link", "--project-ref", ref, "--yes"]);
  await steps.pushMigrations(deployment);
  await steps.pushConfig(deployment);
  await steps.setSecrets(deployment, settings);
  await steps.deployFunctions(deployment, bundles);
  await steps.sayWhatIsScheduled(deployment, functions, bundles);
  print(
    `Stripe: the endpoint ${functions}/stripe-webhook, API version ${Stripe.API_VERSION}, needs these events:`,
  );
  for (const type of EVENT_TYPES) print(`  ${type}`);
  if (dryRun) return print("dry run: nothing was changed");
  await steps.checkHealth(functions, bundles.map(({ name }) => name), print);
}

if (import.meta.main) {
  try {
    await deploy(Deno.args, console.log);
  } catch (error) {
    if (!(error instanceof UsageError)) exitWith(error);
    console.error(error.message);
    Deno.exit(2);
  }
}
