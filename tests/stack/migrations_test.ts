/**
 * The migrations, which deployments apply, build what the schema files say, which is all that people edit; and a difference
 * of any kind would be found.
 *
 * @module
 */
import assert from "node:assert/strict";
import { dropDatabase } from "../../local/database/database_stack.ts";
import { compareSchemas } from "../../local/database/differences.ts";
import { compareSeeds } from "../../local/database/seeds.ts";
import { applyFiles, migrationFiles, schemaFiles } from "../../local/database/sql_files.ts";
import { buildDatabase } from "../../local/database/step.ts";

const server = Deno.env.get("DATABASE_STACK_URL") ?? "";

/** The address of a database that is deleted when `cleanUp` is disposed of. */
async function build(cleanUp: AsyncDisposableStack, ...[files, privileges]: [SqlFiles, Privileges?]) {
  const url = await buildDatabase(server, files, privileges);
  cleanUp.defer(() => dropDatabase(server, new URL(url).pathname.slice(1)));
  return url;
}

type SqlFiles = Parameters<typeof buildDatabase>[1];
type Privileges = Parameters<typeof buildDatabase>[2];

for (const privileges of ["restrictive", "permissive"] as const) {
  Deno.test(`with ${privileges} default privileges the migrations build what the schema files say; else run \`deno task db:diff NAME\``, async () => {
    await using cleanUp = new AsyncDisposableStack();
    const migrated = await build(cleanUp, await migrationFiles(), privileges);
    const expected = await build(cleanUp, await schemaFiles(), privileges);
    assert.deepEqual(await compareSchemas(migrated, expected), []);
    assert.deepEqual(await compareSeeds(migrated, expected), { missing: [], changed: [], surplus: [] });
  });
}

/** Rows that an operator might have, whatever else a new project begins with. */
const SAMPLES = `
insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('sample', 10, 1);
insert into public.credit_packs (name, credits, amount_cents) values ('Sample', 1, 100)`;

/** One change of each kind that a migration could have missed. */
const CHANGES = `
alter policy "operators tune policies" on public.rate_limit_policies using (false);
alter domain public.credit_amount add constraint small check (value < 1000);
create or replace function credits_private.clock() returns timestamptz language plpgsql set search_path = ''
as $$ begin return now(); end; $$;
comment on table public.credit_packs is 'Another';
grant select on public.credit_ledger to anon;
grant select (created_at) on public.credit_packs to authenticated;
create policy "anybody reads" on storage.objects for select using (true);
create trigger late after delete on auth.users for each row execute function credits_private.refuse_change();
alter table public.credit_packs alter currency set default 'eur';
alter type public.purchase_status add value 'lost';
alter publication supabase_realtime add table public.credit_packs;
update public.rate_limit_policies set max_requests = 999 where action = 'sample';
delete from public.credit_packs where name = 'Sample';
insert into public.credit_packs (name, credits, amount_cents) values ('It''s huge', 999, 99900);
`;

Deno.test("attributes in another order are found, from which `row(…)` would make something else", async () => {
  await using cleanUp = new AsyncDisposableStack();
  const type = (attributes: string) => [{ path: "type", text: `create type public.pair as (${attributes})` }];
  const [before, after] = [
    await build(cleanUp, type("b text, a text")),
    await build(cleanUp, type("a text, b text")),
  ];
  assert.deepEqual(await compareSchemas(before, after), [
    "order of public.pair: b, a, and not a, b; new attributes come last",
  ]);
});

Deno.test("a difference of any kind is found", async () => {
  await using cleanUp = new AsyncDisposableStack();
  const schemas = await schemaFiles();
  const filled = [...schemas, { path: "samples", text: SAMPLES }];
  const [before, after] = [await build(cleanUp, filled), await build(cleanUp, filled)];
  await applyFiles(after, CHANGES.trim().split(/;\n(?=[a-z])/).map((text) => ({ path: text, text })));
  assert.deepEqual(await compareSchemas(before, after), [
    "add acl:(table:public.credit_ledger).anon",
    "add acl:(table:public.credit_packs).authenticated.created_at",
    "change comment:(table:public.credit_packs) text",
    "add constraint:public.credit_amount.small",
    "change default:public.credit_packs.currency expr",
    "change function:credits_private.clock() def",
    'change policy:public.rate_limit_policies."operators tune policies" usingExpr',
    'add policy:storage.objects."anybody reads"',
    "add publicationRel:supabase_realtime.public.credit_packs",
    "add trigger:auth.users.late",
    "change type:public.purchase_status values",
  ]);
  assert.deepEqual(await compareSeeds(before, after), {
    missing: [
      'insert into public.credit_packs (name, credits, amount_cents, currency, stripe_price_id, allow_promotion_codes, active, "position")\n' +
      "values ('It''s huge', '999.00', '99900', 'eur', NULL, 'false', 'true', '0') on conflict do nothing;",
    ],
    changed: [
      "update public.rate_limit_policies set max_requests = '999' " +
      "where action = 'sample' and max_requests is not distinct from '10';",
    ],
    surplus: ["delete from public.credit_packs where name = 'Sample';"],
  });
});
