// OPS: a backup comes back as docs/operations.md says: whole, from some of the schemas, and from a point in time, after
// which Stripe is asked what it has seen since. pg_dump comes with Debian's or Ubuntu's Postgres, and so does the server
// that it is tried on, because it dumps none that is newer than itself.
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { createDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { execute, findPostgres, PACKAGES, startMigrated } from "../../local/database/debian_postgres.ts";

const home = await findPostgres();
if (home === undefined) {
  console.log(
    `skipped: restoring, because there is no Postgres under ${PACKAGES} (the package postgresql brings one)`,
  );
}

const PATH = `${home}/bin:${Deno.env.get("PATH")}`;

async function run(program: string, args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, env: { PATH, ...env } }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), error: text(stderr) };
}

async function must(program: string, ...args: string[]): Promise<void> {
  const { code, error } = await run(program, args);
  assert.equal(code, 0, error);
}

const restore = (url: string, ...args: string[]) =>
  run(Deno.execPath(), ["run", "--quiet", "-A", "tools/credits_restore.ts", ...args], {
    SUPABASE_DB_URL: url,
  });

const ada = crypto.randomUUID();
const bob = crypto.randomUUID();
/** What Stripe says when `sale`, a purchase as `/checkout` makes it, is paid. */
const paid = (session: string, user: string, pack: string, sale: postgres.Row) => ({
  id: `evt_${session}`,
  object: "event",
  type: "checkout.session.completed",
  livemode: false,
  created: 1893499200,
  data: {
    object: {
      id: session,
      object: "checkout.session",
      mode: "payment",
      payment_status: "paid",
      payment_intent: `pi_${session}`,
      amount_total: Number(sale.amount_cents),
      amount_subtotal: Number(sale.amount_cents),
      currency: sale.currency,
      metadata: {
        project: "abcd.supabase.co",
        purchase_id: sale.purchase_id,
        user_id: user,
        pack_id: pack,
        credits: sale.credits,
        amount: String(sale.amount_cents),
        currency: sale.currency,
      },
    },
  },
});

/** Two users with everything a dump must bring back: bonus, purchase, hold, charge, refund, debt, held event. */
const LIFE = `
  insert into auth.users (id, email, email_confirmed_at)
  values ('${ada}', 'ada@example.com', now()), ('${bob}', 'bob@example.com', now());
  select public.grant_credits('${ada}', 10, 'promotion', 'gift', now() + interval '1 year', 'a gift');
  select public.reserve_credits('${ada}', gen_random_uuid(), 1, 'test');
  with job as (select gen_random_uuid() as id)
  select public.reserve_credits('${bob}', id, 3, 'test'), public.confirm_credits('${bob}', id, 2),
    public.refund_job('${bob}', id, 'sorry', 'a blank page', 'test', 0.50) from job;
  select public.adjust_credits('${bob}', -20, 'chargeback', 'by hand', 'test');
  update credits_private.credit_settings set signup_bonus_amount = 7;
  create table public.product (id integer primary key);
  insert into public.product values (1);`;

/** Every row of every table of ours, as one digest a table. */
async function contents(url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where (schemaname in ('public', 'credits_private') and tablename <> 'product') or (schemaname = 'auth' and tablename = 'users')`;
    const digests = tables.map(async ({ name }) => {
      const [{ digest }] = await sql.unsafe(
        `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${name} t`,
      );
      return [name, digest];
    });
    return Object.fromEntries(await Promise.all(digests));
  } finally {
    await sql.end();
  }
}

/** The restored project goes on: a new user gets the bonus by the trigger on Auth, ids go on, the books agree. */
async function livesOn(url: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  try {
    const cid = crypto.randomUUID();
    await sql`insert into auth.users (id, email, email_confirmed_at) values (${cid}, ${`${cid}@example.com`}, now())`;
    await sql`select public.grant_credits(${bob}, 30, 'promotion', 'more')`;
    const bonus = await sql`
      select original_amount::float as amount from public.user_credits where user_id = ${cid}`;
    assert.deepEqual([...bonus], [{ amount: 7 }], "the bonus of the restored settings");
    assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
  } finally {
    await sql.end();
  }
}

/** Runs `statement` as the superuser and gives its rows. */
async function rows(url: string, statement: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...await sql.unsafe(statement)];
  } finally {
    await sql.end();
  }
}

Deno.test(
  { name: "a backup comes back, and the project lives on", ignore: home === undefined },
  async (t) => {
    await using cleanUp = new AsyncDisposableStack();
    const { adminUrl, dbUrl } = await startMigrated(home as string, cleanUp);
    const folder = await Deno.makeTempDir({ prefix: "credits-restore-test-" });
    cleanUp.defer(() => Deno.remove(folder, { recursive: true }));
    // As on hosted projects.
    await execute(adminUrl, "grant set on parameter session_replication_role to postgres");
    const as = (name: string) => withDatabase(adminUrl, name);
    const asPostgres = (name: string) => withDatabase(dbUrl, name);
    for (const name of ["by_script", "by_schemas", "by_public", "by_failure"]) {
      await createDatabase(adminUrl, name, "platform");
    }

    await execute(adminUrl, LIFE);
    const packs = await rows(adminUrl, "select id from public.credit_packs order by position");
    const checkOut = async ({ id: pack }: postgres.Row) => {
      const [sale] = await rows(adminUrl, `select * from public.create_checkout('${ada}', '${pack}')`);
      return (session: string) => paid(session, ada, pack, sale);
    };
    const open = await checkOut(packs[0]);
    const before = await contents(adminUrl);
    const [whole, script, two, one] = ["whole", "data.sql", "two", "one"].map((name) => join(folder, name));
    await must("pg_dump", "--format", "custom", "--file", whole, adminUrl);
    await must(
      "pg_dump",
      "--data-only",
      "--table",
      "public.*",
      "--table",
      "credits_private.*",
      "--table",
      "auth.users",
      "--file",
      script,
      adminUrl,
    );
    await must(
      "pg_dump",
      "--format",
      "custom",
      "--schema",
      "public",
      "--schema",
      "credits_private",
      "--file",
      two,
      adminUrl,
    );
    await must("pg_dump", "--data-only", "--schema", "public", "--inserts", "--file", one, adminUrl);

    await t.step("whole, into an empty database", async () => {
      await execute(adminUrl, "create database whole template template0 owner postgres");
      await must("pg_restore", "--exit-on-error", "--dbname", as("whole"), whole);
      assert.deepEqual(await contents(as("whole")), before);
    });

    await t.step(
      "and Stripe says what came after it, also of a purchase that is not there any more",
      async () => {
        const later = await checkOut(packs[1]);
        for (const event of [open("cs_after"), later("cs_later")]) {
          const statement = `select outcome, reason from public.apply_stripe_event('${
            JSON.stringify(event)
          }')`;
          assert.deepEqual(await rows(adminUrl, statement), [{ outcome: "applied", reason: null }]);
          assert.deepEqual(await rows(as("whole"), statement), [{ outcome: "applied", reason: null }]);
        }
        assert.deepEqual(await rows(as("whole"), "select * from public.verify_credits()"), []);
        const credits = `select available from public.credit_accounts where user_id = '${ada}'`;
        assert.deepEqual(await rows(as("whole"), credits), await rows(adminUrl, credits));
        const purchases =
          `select id, pack_id, credits, amount_cents, currency, status, paid_cents, stripe_session_id
      from public.credit_purchases order by id`;
        assert.deepEqual(await rows(as("whole"), purchases), await rows(adminUrl, purchases));
        await livesOn(as("whole"));
      },
    );

    for (const [name, dump] of [["by_script", script], ["by_schemas", two], ["by_public", one]]) {
      await t.step(`into a migrated project ${name.replace("_", " ")}`, async () => {
        await execute(asPostgres(name), "create table public.product (id integer primary key)");
        await execute(as(name), "insert into public.product values (2)");
        const { code, out, error } = await restore(asPostgres(name), dump);
        assert.equal(code, 0, error);
        assert.match(out, /the books agree/);
        const kept = await rows(as(name), "select id from public.product order by id");
        assert.deepEqual(kept, [{ id: 1 }, { id: 2 }], "a product's own rows stay");
        const { "auth.users": users, ...ours } = await contents(as(name));
        const { "auth.users": wanted, ...expected } = before;
        if (name === "by_script") assert.equal(users, wanted);
        if (name === "by_public") {
          const isPublic = ([table]: [string, string]) => table.startsWith("public.");
          assert.deepEqual(Object.entries(ours).filter(isPublic), Object.entries(expected).filter(isPublic));
        } else {
          assert.deepEqual(ours, expected);
          await livesOn(as(name));
        }
        const again = await restore(asPostgres(name), dump);
        assert.deepEqual([again.code, again.error], [
          2,
          "the project is in use: a dump is restored into an empty one",
        ]);
      });
    }

    await t.step("nothing of a dump that fails half way, or that is none", async () => {
      await execute(asPostgres("by_failure"), "create table public.product (id integer primary key)");
      const empty = await contents(as("by_failure"));
      const text = await Deno.readTextFile(one);
      const broken = join(folder, "broken.sql");
      for (
        const [sql, said] of [
          [
            `${text}\ninsert into public.credit_accounts (user_id) values ('nobody');\n`,
            /invalid input syntax for type uuid/,
          ],
          ["select 1;\n", /^the dump has no accounts$/],
          [`CREATE TABLE public.x ();\n${text}`, /^the dump has more than data/],
        ] as const
      ) {
        await Deno.writeTextFile(broken, sql);
        const { code, error } = await restore(asPostgres("by_failure"), broken);
        assert.equal(code, 2);
        assert.match(error, said);
        assert.deepEqual(await contents(as("by_failure")), empty);
      }
      await createDatabase(adminUrl, "unmigrated", "platform");
      await execute(as("unmigrated"), "drop schema public cascade; create schema public");
      assert.match((await restore(asPostgres("unmigrated"), one)).error, /^the project has no credits yet/);
    });
  },
);
