// H3: every function of the database, as it stands in the catalog, called by those who may call none of them.
import assert from "node:assert/strict";
import type { SupabaseClient } from "@supabase/supabase-js";
import { client } from "../support/people.ts";
import { service } from "../support/service.ts";
import { giveEverything } from "../support/attack/belongings.ts";
import { database, unchanged } from "../support/attack/state.ts";
import { sharedScene } from "../support/attack/shared_scene.ts";

const sql = database();
const { ana, eve, purchaseId, packId, parameters } = await sharedScene(giveEverything);

const untyped = (typed: unknown) => typed as SupabaseClient;
const CALLERS = { anon: untyped(client()), eve: untyped(eve.client), ana: untyped(ana.client) };

/** The most harmful value for each parameter; a new one that is not listed is tried with its type's. */
const BY_NAME: Record<string, unknown> = {
  p_purchase_id: purchaseId,
  p_pack_id: packId,
  p_identifier: ana.id,
  p_action: "checkout",
  p_idempotency_key: "eve",
  ...parameters,
};

const BY_TYPE: Record<string, unknown> = {
  uuid: ana.id,
  numeric: 1,
  integer: 1,
  bigint: 1,
  text: "adjustment",
  "text[]": ["eve"],
  boolean: false,
  jsonb: {},
  interval: "1 hour",
  "timestamp with time zone": "2040-01-01T00:00:00Z",
};

interface Routine {
  schema: string;
  name: string;
  names: string[];
  types: string[];
}

const routines = await sql<Routine[]>`
  select n.nspname as schema, p.proname as name,
    coalesce(p.proargnames[1:p.pronargs], '{}') as names,
    array(select format_type(t, null) from unnest(p.proargtypes) t) as types
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'credits_private')
  order by 1, 2`;

function harmful({ name, names, types }: Routine): Record<string, unknown> {
  const value = (parameter: string, type: string) => {
    const chosen = BY_NAME[parameter] ?? BY_TYPE[type];
    assert.notEqual(chosen, undefined, `${name}: say what to try for ${parameter} ${type}`);
    return chosen;
  };
  return Object.fromEntries(names.map((parameter, i) => [parameter, value(parameter, types[i])]));
}

/** The same values as a query carries them. */
function inQuery(args: Record<string, unknown>): Record<string, unknown> {
  const plain = (value: unknown) =>
    value === BY_TYPE["text[]"] ? `{${value}}` : typeof value === "object" ? JSON.stringify(value) : value;
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, plain(value)]));
}

const offered = routines.filter(({ schema }) => schema === "public");

for (const [caller, who] of Object.entries(CALLERS)) {
  Deno.test(`H3: ${caller} may call no function of the database, and trying changes nothing`, async () => {
    assert.ok(offered.length > 15);
    for (const name of Object.keys(parameters)) {
      assert.ok(offered.some(({ names }) => names.includes(name)), `no function has ${name}`);
    }
    await unchanged(sql, async () => {
      for (const routine of offered) {
        for (const get of [false, true]) {
          const args = harmful(routine);
          const { data, error } = await who.rpc(routine.name, get ? inQuery(args) : args, { get });
          assert.deepEqual([data, error?.code], [null, "42501"], `${routine.name}: ${JSON.stringify(error)}`);
        }
      }
    });
  });
}

Deno.test("H3: the functions behind those have no address at all", async () => {
  const hidden = routines.filter(({ schema, name }) =>
    schema === "credits_private" && !offered.some((routine) => routine.name === name)
  );
  assert.ok(hidden.length > 20);
  await unchanged(sql, async () => {
    for (const who of [CALLERS.anon, CALLERS.ana]) {
      for (const { name } of hidden) {
        assert.equal((await who.rpc(name, {})).error?.code, "PGRST202", name);
      }
      // The schema is refused whatever is asked for in it.
      const bySchema = await who.schema("credits_private").rpc(hidden[0].name, {});
      assert.equal(bySchema.error?.code, "PGRST106");
    }
  });
});

Deno.test("the refusals above are about who calls: the secret key is let through by the same road", async () => {
  const { data, error } = await service.rpc("read_balance", { p_user_id: ana.id });
  assert.deepEqual([data?.outcome, error], ["ok", null]);
});

Deno.test.afterAll(() => sql.end());
