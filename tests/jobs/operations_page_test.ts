// The page for operators: each check names a section that is there, and each command of "How do I …" can be run.
import slugify from "@sindresorhus/slugify";
import assert from "node:assert/strict";
import { clone } from "../support/clone.ts";

const page = await Deno.readTextFile("docs/operations.md");
const sections = Array.from(page.matchAll(/^#+ (.*)$/gm), ([, heading]) => slugify(heading));
const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));

Deno.test("every check of the health report names a section of docs/operations.md", async () => {
  await using database = await clone(1);
  const rows = await database.sql<
    { name: string; page: string }[]
  >`select name, page from public.health_report()`;
  assert.ok(rows.length >= 10);
  for (const { name, page } of rows) {
    const [path, section] = page.split("#");
    assert.equal(path, "docs/operations.md");
    assert.ok(sections.includes(section), `${name} names ${section}, which is no section`);
  }
});

Deno.test("so does every check of the doctor", async () => {
  const sources = ["tools/doctor.ts", "tools/doctor/stripe.ts"].map((path) => Deno.readTextFile(path));
  const code = (await Promise.all(sources)).join("");
  const named = Array.from(
    code.matchAll(/finding\(([^()]|\([^()]*\))*?"([a-z]+(?:-[a-z]+)*)",?\s*\)/g),
    (match) => match[2],
  );
  assert.ok(named.length >= 6, named.join());
  for (const section of named) assert.ok(sections.includes(section), `${section} is no section`);
});

Deno.test("every command of “How do I …” can be run", async (t) => {
  const table = page.split("## How do I …")[1].split("\n## ")[0].split("\n### ")[0];
  const rows = Array.from(
    table.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm),
    ([, question, answer]) => ({ question, answer }),
  )
    .filter(({ question }) => !/^how do I|^-+$/.test(question));
  assert.ok(rows.length >= 30, `${rows.length} questions`);
  await using database = await clone(1);
  await database.sql.unsafe(FIXTURES).simple();
  for (const { question, answer } of rows) {
    await t.step(question, async () => {
      const [, command = ""] = answer.match(/^`(.*)`$/) ?? answer.match(/`(deno task [^`]*)`/) ?? [];
      const [, task] = command.match(/^deno task ([\w:]+)/) ?? [];
      if (task) assert.ok(task in tasks, `there is no task ${task}`);
      else if (command) await run(command);
      else assert.match(answer, /\]\((?:[\w-]+\.md)?#[\w-]+\)/);
    });
  }

  /** As an operator does it in the SQL editor, with ids in the place of their names; and takes it back. */
  async function run(command: string): Promise<void> {
    const statement = command.replaceAll(/<(user|job|purchase) id>/g, ID).replaceAll("evt_…", "evt_held");
    await database.sql.unsafe(`begin; set local role postgres; ${statement}; rollback;`).simple()
      .catch(async (error) => {
        await database.sql`rollback`;
        throw error;
      });
  }
});

const ID = "00000000-0000-4000-8000-000000000001";

const FIXTURES = `
  insert into auth.users (id, email) values ('${ID}', 'ada@example.com');
  select public.grant_credits('${ID}', 10, 'promotion', 'gift');
  select public.reserve_credits('${ID}', '${ID}', 2, 'test');
  select public.confirm_credits('${ID}', '${ID}');
  insert into public.stripe_events (id, type, created_at, payload, outcome, reason)
  values ('evt_held', 'x', now(), '{"id": "evt_held", "type": "x", "created": 1, "data": {"object": {}}}', 'held', 'test');`;
