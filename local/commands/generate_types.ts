/** `deno task gen:types`: writes what the functions know of the database, its types and the bounds of requests, and what others know of the functions. */
import { dirname, join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { startDatabaseStack } from "../database/database_stack.ts";
import { exitWith } from "../errors.ts";
import { generate, GENERATED, locationOf } from "../database/generated.ts";
import { describe, functionNames } from "../functions/openapi.ts";

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
  // After the bounds, which are published.
  for (const name of await functionNames()) {
    for (const [path, text] of await describe(name)) {
      await Deno.mkdir(dirname(join(CHECKOUT, path)), { recursive: true });
      await Deno.writeTextFile(join(CHECKOUT, path), text);
      console.log(`Wrote ${path}.`);
    }
  }
} catch (error) {
  exitWith(error);
}
