/**
 * What Ana has of the products of this checkout, whichever they are.
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { CHECKOUT } from "../../../local/checkout.ts";
import type { Person } from "../people.ts";

/** What Ana has of a product. */
export interface Belongings {
  ids: string[];
  /** What gives it away as hers, beside its ids. */
  marks: string[];
  /** The most harmful value for each parameter of the product's RPCs. */
  parameters: Record<string, unknown>;
}

/** Gives Ana something of every product that has a `belongings.ts` in a folder of its own. */
export async function giveEverything(ana: Person): Promise<Belongings> {
  const all: Belongings = { ids: [], marks: [], parameters: {} };
  for await (const path of glob("tests/support/*/belongings.ts", { cwd: CHECKOUT })) {
    if (path.startsWith("tests/support/attack/")) continue;
    const { give }: { give: typeof giveEverything } = await import(join(CHECKOUT, path));
    const { ids, marks, parameters } = await give(ana);
    all.ids.push(...ids);
    all.marks.push(...marks);
    Object.assign(all.parameters, parameters);
  }
  return all;
}
