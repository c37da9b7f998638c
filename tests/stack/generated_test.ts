/** What is generated from the migrations and kept in the repository is what the migrations build today. */
import assert from "node:assert/strict";
import { generate, GENERATED, locationOf } from "../../local/database/generated.ts";
import { clone } from "../support/clone.ts";

for (const file of GENERATED) {
  Deno.test(`${file.path} is what the migrations make of it; else run \`deno task gen:types\``, async () => {
    await using database = await clone(1);
    assert.equal(await Deno.readTextFile(locationOf(file)), await generate(file, database.url));
  });
}
