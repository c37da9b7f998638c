/** What the pages name exists: files, headings, the version; and ARCHITECTURE.md says what each RPC locks. */
import slugify from "@sindresorhus/slugify";
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { VERSION } from "../../supabase/functions/_shared/version.ts";

const files = new Set(
  await Array.fromAsync(glob("**", { exclude: (name) => /^(node_modules|\.git|\.local)$/.test(name) })),
);
const pages = new Map<string, string>();
for (const path of files) if (path.endsWith(".md")) pages.set(path, await Deno.readTextFile(path));

/** What git leaves out may be named although nobody has it here. */
const ignored = new Set((await Deno.readTextFile(".gitignore")).split("\n"));
const ROOTS = new Set(Array.from(files, (path) => path.split("/")[0]));

Deno.test("every link between pages leads to a file, and to a heading of it", () => {
  const dead: string[] = [];
  for (const [page, text] of pages) {
    for (const [, target] of prose(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [name, heading] = target.split("#");
      const path = name ? normalize(join(dirname(page), name)) : page;
      if (!exists(path)) dead.push(`${page}: ${target}`);
      else if (heading && !headingsOf(pages.get(path) ?? "").includes(heading)) {
        dead.push(`${page}: ${target}`);
      }
    }
  }
  assert.ok(pages.size > 0);
  assert.deepEqual(dead, []);
});

Deno.test("every file or folder named in backticks exists", () => {
  const gone: string[] = [];
  for (const [page, text] of pages) {
    for (const [, name] of prose(text).matchAll(/`([^`\s]+)`/g)) {
      if (isPath(name) && !exists(name)) gone.push(`${page}: ${name}`);
    }
  }
  assert.deepEqual(gone, []);
});

Deno.test("the newest version of CHANGELOG.md is the one that /health reports", () => {
  assert.equal(pages.get("CHANGELOG.md")?.match(/^## (\d+\.\d+\.\d+)/m)?.[1], VERSION);
});

Deno.test("ARCHITECTURE.md says of each RPC what it locks", async () => {
  const sql = await Promise.all(
    Array.from(files).filter((path) => /^supabase\/schemas\/.*\.sql$/.test(path)).map((path) =>
      Deno.readTextFile(path)
    ),
  );
  const rpcs = Array.from(sql.join("\n").matchAll(/create function public\.(\w+)\(/g), ([, name]) => name);
  const table = pages.get("ARCHITECTURE.md")?.split("## Lock order")[1] ?? "";
  const listed = table.split("\n").filter((line) => line.startsWith("| ")).flatMap((line) =>
    Array.from(line.split("|")[1].matchAll(/`(\w+)`/g), ([, name]) => name)
  );
  assert.deepEqual(listed.sort(), rpcs.sort());
});

/** A page without its blocks of code. */
function prose(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, "");
}

/** Whether a name is meant as a path of this repository: it begins with a file or a folder at its root. */
function isPath(name: string): boolean {
  return name.includes("/") && !/[<>…{]/.test(name) && ROOTS.has(name.split("/")[0]) ||
    /^[\w-]+\.md$/.test(name);
}

function exists(path: string): boolean {
  const known = path.replace(/\/$/, "");
  return path.includes("*")
    ? Array.from(files).some((file) => matches(file, path))
    : files.has(known) || ignored.has(known);
}

function matches(file: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split("*").map(RegExp.escape).join("[^/]*")}$`).test(file);
}

function headingsOf(text: string): string[] {
  return Array.from(prose(text).matchAll(/^#+ (.*)$/gm), ([, heading]) => slugify(heading));
}
