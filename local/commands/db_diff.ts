/**
 * `deno task db:diff NAME`: writes the migration that brings deployments to what `supabase/schemas` says today.
 *
 * When there is no migration yet, it writes the schema files themselves.
 */
import { join } from "node:path";
import { startDatabaseStack } from "../database/database_stack.ts";
import { CHECKOUT } from "../checkout.ts";
import { migrationFiles, schemaFiles, type SqlFile } from "../database/sql_files.ts";
import { baselineOf, stepsBetween, verify } from "../database/step.ts";
import { exitWith, StackError } from "../errors.ts";

const USAGE =
  "usage: deno task db:diff NAME; NAME says what the step does, in a-z, 0-9 and _, for example add_plans";

try {
  await writeSteps(nameOfStep());
} catch (error) {
  exitWith(error);
}

async function writeSteps(name: string): Promise<void> {
  const [schemas, migrations] = await Promise.all([schemaFiles(), migrationFiles()]);
  const stack = await startDatabaseStack();
  try {
    const { steps, destructive } = migrations.length
      ? await stepsBetween(stack.adminUrl, migrations, schemas)
      : { steps: [baselineOf(schemas)], destructive: [] };
    if (!steps.length) return console.log("Nothing to do: the migrations build what the schema files say.");
    const files = nameFiles(steps, name, migrations);
    await verify(stack.adminUrl, [...migrations, ...files], schemas);
    for (const { path, text } of files) {
      await Deno.writeTextFile(join(CHECKOUT, "supabase", path), text);
      console.log(`Wrote supabase/${path}.`);
    }
    for (const statement of destructive) console.log(`It deletes: ${statement}`);
  } finally {
    await stack.stop();
  }
}

/** Named by the time, a second apart, which is how the Supabase CLI knows their order. */
function nameFiles(steps: string[], name: string, migrations: SqlFile[]): SqlFile[] {
  const first = Temporal.Now.plainDateTimeISO("UTC");
  const files = steps.map((text, index) => {
    const version = first.add({ seconds: index }).toString({ smallestUnit: "second" }).replaceAll(/\D/g, "");
    return { path: `migrations/${version}_${name}${index ? `_${index + 1}` : ""}.sql`, text };
  });
  const last = migrations.at(-1)?.path ?? "";
  if (files[0].path > last) return files;
  throw new StackError(`supabase/${last} is of a later time than now: set the clock, or wait`);
}

function nameOfStep(): string {
  const [name = "", ...rest] = Deno.args.filter((argument) => argument !== "--");
  if (/^[a-z][a-z0-9_]{0,59}$/.test(name) && !rest.length) return name;
  throw new StackError(USAGE);
}
