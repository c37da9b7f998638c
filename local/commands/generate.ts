/** `deno task gen:types` and `deno task gen:schema`: write the files that are made from what the migrations build. */
import { startDatabaseStack } from "../database/database_stack.ts";
import { exitWith } from "../errors.ts";
import { bounds, generate, locationOf, schema, types } from "../database/generated.ts";

try {
  const stack = await startDatabaseStack();
  try {
    for (const file of Deno.args[0] === "schema" ? [schema] : [types, bounds]) {
      await Deno.writeTextFile(locationOf(file), await generate(file, stack.dbUrl));
      console.log(`Wrote ${file.path}.`);
    }
  } finally {
    await stack.stop();
  }
} catch (error) {
  exitWith(error);
}
