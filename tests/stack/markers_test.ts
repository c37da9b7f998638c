/** The markers in the SQL, and what the small changes make of the lines that carry them. */
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import * as changes from "../support/broken/change.ts";

Deno.test("every marker in the SQL is broken somewhere here, and none is there twice", async () => {
  const tests = (await texts("tests/broken/*_test.ts")).join("");
  const rules = (await texts("supabase/schemas/**/*.sql")).flatMap((sql) => sql.split("\n")).flatMap(
    (line) => {
      return changes.ruleOf(line) ?? [];
    },
  );
  assert.deepEqual(rules.filter((rule, index) => rules.indexOf(rule) !== index), []);
  assert.deepEqual(rules.filter((rule) => !tests.includes(`"${rule}"`)), []);
  assert.ok(rules.length > 0);
});

async function texts(pattern: string): Promise<string[]> {
  return await Promise.all((await Array.fromAsync(glob(pattern))).map((path) => Deno.readTextFile(path)));
}

Deno.test("a condition is made true or false, and what is around it stays", () => {
  const conditions = [
    ["  if v_a < p_b then -- rule: x", "  if false then"],
    ["  elsif f(v_a) is null then -- rule: x", "  elsif false then"],
    ["  if v_a < p_b -- rule: x", "  if false"],
    ["    or v_a is distinct from p_b then -- rule: x", "    or false then"],
    ["    and (a or (b and not c)); -- rule: x", "    and false;"],
    ["        or b like v_a || '%') -- rule: x", "        or false)"],
    ["    exit when v_left = 0; -- rule: x", "    exit when false;"],
    ["      when v_paid then f('y', v_a) -- rule: x", "      when false then f('y', v_a)"],
    ["  where id = p_id -- rule: x", "  where false"],
  ];
  for (const [line, broken] of conditions) assert.equal(changes.changed(line, changes.never("x")), broken);
  assert.equal(
    changes.changed("a\n  -- rule: x\n  if b then\nc", changes.always("x")),
    "a\n  if true then\nc",
  );
});

Deno.test("a value, an argument, a word or the whole statement is changed", () => {
  const { append, argument, changed, drop, swap, value } = changes;
  assert.equal(changed("  v_a := f(v_b) + 1; -- rule: x", value("x", "0")), "  v_a := 0;");
  assert.equal(changed("  set a = v_b.a -- rule: x", value("x", "null")), "  set a = null");
  assert.equal(changed("    p_a.credits, -- rule: x", value("x", "1")), "    1,");
  assert.equal(changed("  return (f(p_a)).b is null; -- rule: x", value("x", "true")), "  return true;");
  assert.equal(changed("  f(a, g(b, c)), -- rule: x", argument("x", 2)), "  g(b, c),");
  assert.equal(
    changed("  f(a) + least(b, f(c, d)) -- rule: x", argument("x", 2, "least")),
    "  f(a) + f(c, d)",
  );
  assert.equal(changed("  order by a, b; -- rule: x", append("x", " desc")), "  order by a, b desc;");
  assert.equal(changed("  where a <= b -- rule: x", swap("x", "<=", "<")), "  where a < b");
  assert.equal(changed("a;\n  perform f( -- rule: x\n    b\n  );\nc;", drop("x")), "a;\nc;");
  assert.equal(changed("  order by a\n  limit 9 -- rule: x\n  loop", drop("x")), "  order by a\n  loop");
});

Deno.test("a change that cannot be made, or that names a variable, is refused", () => {
  const { argument, changed, swap, value } = changes;
  assert.throws(() => changed("a -- rule: y", swap("x", "a", "b")), /0 lines are marked with x/);
  assert.throws(() => changed("a -- rule: x\nb -- rule: x", swap("x", "a", "b")), /2 lines/);
  assert.throws(() => changed("a -- rule: x", swap("x", "c", "b")), /has no c/);
  assert.throws(() => changed("  v_a := 0; -- rule: x", value("x", "0")), /nothing has changed/);
  assert.throws(() => changed("  a + b -- rule: x", argument("x", 1)), /calls nothing/);
  assert.throws(() => swap("x", "p_limit", "1"), /names no variable/);
});
