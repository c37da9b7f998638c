/** What is generated from the migrations and kept in the repository is what the migrations build today. */
import assert from "node:assert/strict";
import { bounds, generate, locationOf, schema, types } from "../../local/database/generated.ts";

const url = Deno.env.get("DATABASE_STACK_URL") ?? "";

Deno.test("the functions' database types are those of the migrations; else run `deno task gen:types`", async () => {
  assert.equal(await Deno.readTextFile(locationOf(types)), await generate(types, url));
});

Deno.test("the bounds that the routes publish are those that Postgres has; else run `deno task gen:types`", async () => {
  assert.equal(await Deno.readTextFile(locationOf(bounds)), await generate(bounds, url));
});

Deno.test("schema.sql shows what the migrations build; else run `deno task gen:schema`", async () => {
  assert.equal(await Deno.readTextFile(locationOf(schema)), await generate(schema, url));
});
