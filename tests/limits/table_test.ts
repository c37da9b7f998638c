// M4: docs/security.md says of every route who may call it and what counts it, and is right.
import assert from "node:assert/strict";
import { DEFAULT_PER_MINUTE } from "../../supabase/functions/_shared/http/coarse_limit.ts";
import { type DescribedRoute, describedRoutes } from "../support/described_routes.ts";
import { isServed } from "../support/served.ts";
import { readTerms } from "../support/terms.ts";

const { limits: policies } = await readTerms();
const routes = await describedRoutes();

/** A limit as the page writes it: `story_create` 5, for a minute unless it says more. */
function written(limit: string): string {
  if (limit === "user" || limit === "address") return `\`${limit}\` ${DEFAULT_PER_MINUTE}`;
  const { max_requests, window_minutes } = policies[limit];
  return `\`${limit}\` ${max_requests}${window_minutes === 1 ? "" : ` in ${window_minutes} minutes`}`;
}

const rowOf = ({ method, path, callers, limits = [] }: DescribedRoute) => [
  `\`${method} ${path}\``,
  callers,
  limits.length ? limits.map(written).join(", ") : "none",
];

Deno.test("M4: every route says who may call it and what counts it, and that it can answer 429", () => {
  assert.ok(routes.length > 0);
  for (const { method, path, callers, limits, statuses } of routes) {
    assert.ok(
      callers !== undefined && limits !== undefined,
      `${method} ${path} spreads none of forUser, forBackend, …`,
    );
    assert.ok(statuses.includes("429"), `${method} ${path}`);
    if (callers === "user" || callers === "anyone") assert.notEqual(limits.length, 0, `${method} ${path}`);
  }
});

Deno.test("M4: the table in docs/security.md has every route with its limits, and each that has none says why", async () => {
  const page = await Deno.readTextFile("docs/security.md");
  const table = page.split("\n## Limits\n")[1].split("\n## ")[0].split("\n").filter((line) =>
    line.startsWith("| `")
  );
  const rows = table.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter(([route]) => isServed(route.split(" ")[1].replaceAll("`", "")));
  assert.deepEqual(rows.map((row) => row.slice(0, 3)).sort(), routes.map(rowOf).sort());
  for (const [route, , limits, why] of rows) {
    assert.ok(limits !== "none" || why.length > 20, `${route} has no limit and does not say why`);
  }
});
