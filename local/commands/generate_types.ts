/** `deno task gen:types`: writes what the functions know of the database, its types and the bounds of requests. */
import { startDatabaseStack } from "../database/database_stack.ts";
import { exitWith } from "../errors.ts";
import { generate, GENERATED, locationOf } from "../database/generated.ts";

try {
  const stack = await startDatabaseStack();
  try {
    for (const file of GENERATED) {
      await Deno.writeTextFile(locationOf(file), await generate(file, stack.dbUrl));
      console.log(`Wrote ${file.path}.`);
    }
  } finally {
    await stack.stop();
  }
} catch (error) {
  exitWith(error);
}
