// What a route publishes in its openapi.json is what Postgres enforces: field by field, what is on a bound is taken by both,
// what is one beyond is refused by both, and both name the field.
import assert from "node:assert/strict";
import { beyond, padded, within } from "../support/bounds.ts";
import { ask } from "../support/calls.ts";
import { type Accepted, backend, PAGES } from "../support/jobs.ts";
import { service } from "../support/service.ts";
import { type Body, customer, ORDERS, routes } from "../support/stories/orders.ts";

/** What Postgres and HTTP say to the same order: `taken`, or the field that they refuse. */
async function said(path: string, change: (body: Body) => Body): Promise<{ postgres: string; http: string }> {
  const { rpc, request } = ORDERS[path];
  const { id, headers } = await customer();
  const body = change(await request(id));
  const { data, error } = await service.rpc(rpc, {
    p_user_id: id,
    p_request: body as Record<string, string>,
  });
  assert.equal(error, null);
  const answer = await ask<Accepted & { code: string; field?: string }>("POST", path, headers, body);
  if (answer.status === 202) {
    const { story_id, book_id } = answer.body;
    await ask("POST", `${path.split("/")[0]}/${story_id ?? book_id}/cancel`, headers);
  }
  return {
    postgres: data?.outcome === "accepted" ? "taken" : data?.field ?? `${data?.outcome}`,
    http: answer.status === 202 ? "taken" : answer.body.field ?? answer.body.code,
  };
}

for (const { path, schema } of routes.filter(({ path }) => path in ORDERS)) {
  const { properties = {}, required = [] } = schema;
  for (const [name, field] of Object.entries(properties)) {
    Deno.test(`${path}: ${name} is taken on its bounds and refused beyond, by Postgres as by HTTP`, async () => {
      const expectations = [
        ...within(field).map((value) => ({ value, verdict: "taken" })),
        ...[...beyond(field), ...padded(field)].map((value) => ({ value, verdict: name })),
        { value: undefined, verdict: required.includes(name) ? name : "taken" },
      ];
      for (const { value, verdict } of expectations) {
        const shown = `${name} = ${JSON.stringify(value)?.slice(0, 60)}`;
        const verdicts = await said(path, (body) => ({ ...body, [name]: value }));
        assert.deepEqual({ shown, ...verdicts }, { shown, postgres: verdict, http: verdict });
      }
    });
  }
}

Deno.test("every order that Postgres checks is described", () => {
  for (const path of Object.keys(ORDERS)) assert.ok(routes.some((route) => route.path === path), path);
});

/** A report that is taken as it is: what a backend says has bounds in HTTP alone, and Postgres takes what passes them. */
const REPORTS: Record<string, Body> = {
  progress: { attempt: 1 },
  fail: { attempt: 1, code: "broken" },
  complete: { attempt: 1, title: "T", pages: PAGES },
};

for (const { path, schema } of routes.filter(({ path }) => !(path in ORDERS))) {
  const report = REPORTS[path.split("/").at(-1) ?? ""];
  const bounded = Object.entries(schema.properties ?? {}).filter(([, field]) =>
    field.type === "integer" || field.maxLength !== undefined
  );
  Deno.test(`${path}: what is on a bound reaches Postgres, what is beyond is refused by its field`, async () => {
    const url = path.replace("{id}", crypto.randomUUID());
    for (const [name, field] of bounded) {
      for (const value of within(field).filter((value) => !String(value).includes("undefined"))) {
        const { body } = await ask("POST", url, backend, { ...report, [name]: value });
        assert.equal(body.code, "not_found", `${name} = ${String(value).slice(0, 60)}`);
      }
      for (const value of beyond(field).filter((value) => typeof value === typeof within(field)[0])) {
        const { body } = await ask<{ code: string; field?: string }>("POST", url, backend, {
          ...report,
          [name]: value,
        });
        assert.equal(body.field, name, `${name} = ${String(value).slice(0, 60)}`);
      }
    }
  });
}
