/** What is generated and kept in the repository is what its source says today. */
import assert from "node:assert/strict";
import { basename } from "node:path";
import { generate, GENERATED, locationOf } from "../../local/database/generated.ts";
import { describe, functionNames } from "../../local/functions/openapi.ts";
import { modules, moduleText } from "../../local/functions/fonts.ts";
import { clone } from "../support/clone.ts";

for (const file of GENERATED) {
  Deno.test(`${file.path} is what the migrations make of it; else run \`deno task gen:types\``, async () => {
    await using database = await clone(1);
    assert.equal(await Deno.readTextFile(locationOf(file)), await generate(file, database.url));
  });
}

for (const name of await functionNames()) {
  Deno.test(`openapi/ says of ${name} what it says itself; else run \`deno task gen:types\``, async () => {
    for (const [path, text] of await describe(name)) assert.equal(await Deno.readTextFile(path), text, path);
  });
}

for (const [file, module] of await modules()) {
  Deno.test(`the module of ${basename(file)} holds that file; else run \`deno task gen:fonts\``, async () => {
    assert.equal(await Deno.readTextFile(module), await moduleText(file));
  });
}
