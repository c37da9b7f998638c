/**
 * Which files belong to the product that is sold for credits, and not to the credits.
 *
 * @module
 */
import { basename } from "node:path";
import { CHECKOUT } from "../../local/checkout.ts";
import { type Imports, readImports } from "./imports.ts";

/** Its domains: a folder or a file that is called after one is the product's. */
const DOMAINS = ["jobs", "stories"];

/** What is the product's by another name, or tells of it. */
const OTHERS = [
  ".ci/visit.ts",
  "demo/",
  "supabase/functions/generation-backend/",
  "tests/page/",
  "tests/projects/",
  "tests/stack/documentation_test.ts",
  "tests/stack/security_page_test.ts",
  "web/",
];

/** What has to do without the product: it may import nothing of it. */
const CORE =
  /^(local|supabase\/functions\/(_shared|_billing|credits-api|stripe-webhook)|tests\/(billing|credits|fuzz|limits|plans|runner|stack))\//;

/**
 * The paths among `paths` that belong to the product: what is called after it, and what imports something of it.
 *
 * @throws {Error} when the core is among the latter.
 */
export async function pathsOfProduct(paths: string[]): Promise<Set<string>> {
  const called = paths.filter((path) =>
    OTHERS.some((other) => path.startsWith(other)) || path.split("/").some(isCalledAfterIt)
  );
  const gone = withImporters(new Set(called), await readImports(CHECKOUT));
  const wrong = [...gone].filter((path) => CORE.test(path) && !called.includes(path));
  if (wrong.length) throw new Error(`the core imports the product: ${wrong.join(", ")}`);
  // A function that is gone goes with its configuration.
  const folders = paths.filter((path) => gone.has(path) && basename(path) === "index.ts")
    .map((path) => path.slice(0, -"index.ts".length));
  for (const path of paths) if (folders.some((folder) => path.startsWith(folder))) gone.add(path);
  return gone;
}

function isCalledAfterIt(segment: string): boolean {
  return DOMAINS.includes(segment.replace(/^_/, "").replace(/(_test)?\.\w+$/, ""));
}

function withImporters(gone: Set<string>, imports: Imports): Set<string> {
  const all = new Set(gone);
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (const [path, imported] of imports) if (imported.some((one) => all.has(one))) all.add(path);
  }
  return all;
}
