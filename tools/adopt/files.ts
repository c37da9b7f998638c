/**
 * What becomes of the files of a project.
 *
 * @module
 */
import { merge } from "./merge.ts";
import { basePath, LOCK, type Lock, type Project, sha256, textOf } from "./project.ts";
import type { Extra, Release } from "./release.ts";

/** Texts by their paths below `supabase/`; `undefined` where a file is deleted. */
export type Changes = Map<string, string | undefined>;

/** What becomes of the functions, and which of their files had been edited. */
export async function fileChanges({ root, brought }: Project, release: Release) {
  const changes: Changes = new Map();
  const [merged, conflicts]: string[][] = [[], []];
  const base = brought?.base ?? new Map<string, string>();
  for (const path of new Set([...release.files.keys(), ...base.keys()])) {
    const result = merge(await textOf(root, path), base.get(path), release.files.get(path));
    if (result.outcome === "deleted") changes.set(path, undefined);
    if (!("text" in result)) continue;
    changes.set(path, result.text);
    if (result.outcome !== "written") merged.push(path);
    if (result.outcome === "conflict") conflicts.push(path);
  }
  return { changes, merged, conflicts };
}

function lockOf({ version, files, schema }: Release, extras: Extra[], path: string): Lock {
  const all = [[path, schema], ...files].map(([path, text]) => [path, sha256(text)]);
  return { version, with: extras.sort(), schema: path, files: Object.fromEntries(all.sort()) };
}

/** What the next upgrade will need to know, as far as it differs from what is there; `path` is that of the schema file. */
export function recordOf({ brought }: Project, release: Release, extras: Extra[], path: string): Changes {
  const { files, schema } = release;
  const lock = lockOf(release, extras, path);
  const changes: Changes = new Map();
  if (JSON.stringify(lock) === JSON.stringify(brought?.lock)) return changes;
  if (schema !== brought?.schema) changes.set(lock.schema, schema);
  for (const [path, text] of files) if (brought?.base.get(path) !== text) changes.set(basePath(path), text);
  for (const path of brought?.base.keys() ?? []) if (!files.has(path)) changes.set(basePath(path), undefined);
  return changes.set(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
}
