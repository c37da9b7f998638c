/** config.toml is added to as text, and means what it meant. */
import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { addToConfig } from "../../tools/adopt/config.ts";

const DECLARED = "schemas/00_credits.sql";

const sectionsOf = (text: string) => Object.keys((parse(text) as { functions: object }).functions);

Deno.test("the sections come last, and whatever was written stays as it is", () => {
  const before = `# ours\nproject_id = "x" # the name\n\n[functions.ours]\nverify_jwt = true\n`;
  const after = addToConfig(before, "credits/schema.sql");
  assert.ok(after.startsWith(before));
  assert.deepEqual(sectionsOf(after), ["ours", "credits-api", "stripe-webhook"]);
  assert.equal(addToConfig(after, "credits/schema.sql"), after, "once");
});

Deno.test("where schema files are listed, that of the credits comes first", () => {
  const after = addToConfig(`[db.migrations]\nschema_paths = [\n  "./schemas/a.sql",\n]\n`, DECLARED);
  const { db } = parse(after) as { db: { migrations: { schema_paths: string[] } } };
  assert.deepEqual(db.migrations.schema_paths, [`./${DECLARED}`, "./schemas/a.sql"]);
  assert.equal(addToConfig(after, DECLARED), after, "once");
});

Deno.test("a pattern that matches it already is enough", () => {
  const before = `[db.migrations]\nschema_paths = ["./schemas/*.sql"]\n`;
  assert.ok(addToConfig(before, DECLARED).startsWith(before));
});

for (
  const text of [
    `functions = { ours = { verify_jwt = true } }\n`,
    `db = { migrations = { schema_paths = ["./schemas/a.sql"] } }\n`,
    `[db.migrations]\n"schema_paths" = ["./schemas/a.sql"]\n`,
    `text = """\nschema_paths = [\n"""\n[db.migrations]\nschema_paths = ["./schemas/a.sql"]\n`,
  ]
) {
  Deno.test(`what cannot be added to is said, and not guessed: ${JSON.stringify(text)}`, () => {
    assert.throws(() => addToConfig(text, DECLARED), /cannot be added to/);
  });
}
