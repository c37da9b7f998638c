/**
 * What becomes of a file that the project may have edited since it was brought.
 *
 * @module
 */
import { mergeDiff3 } from "node-diff3";

/** What is to be done with one file. */
export type Merge =
  | { outcome: "written" | "merged" | "conflict"; text: string }
  | { outcome: "same" | "kept" | "deleted" };

/**
 * Three-way: `base` is what was brought before, `mine` what the project made of it, `theirs` what is brought now; `undefined`
 * for a file that is not there.
 */
export function merge(mine?: string, base?: string, theirs?: string): Merge {
  if (mine === theirs) return { outcome: "same" };
  if (theirs === undefined) return { outcome: mine === base ? "deleted" : "kept" };
  // One that is gone would be missed by those that import it.
  if (mine === undefined || mine === base || base === undefined) return { outcome: "written", text: theirs };
  if (base === theirs) return { outcome: "kept" };
  const { conflict, result } = mergeDiff3(mine, base, theirs, {
    stringSeparator: "\n",
    label: { a: "yours", o: "as it was brought", b: "the new version" },
  });
  return { outcome: conflict ? "conflict" : "merged", text: result.join("\n") };
}
