/** `deno task credits:import`: an existing product's balances come in once, whole or not at all. */
import assert from "node:assert/strict";
import { connect } from "../support/clone.ts";
import { signUp, stack } from "../support/people.ts";

const sql = connect(stack("DB_URL"), 1);
addEventListener("unload", () => void sql.end());

const [ada, bob] = await Promise.all([signUp(), signUp()]);

async function run(csv: string, ...args: string[]) {
  const file = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(file, csv);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", "tools/credits_import.ts", file, ...args],
      env: { SUPABASE_DB_URL: stack("DB_URL") },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { code, out: text(stdout), error: text(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

async function balances(): Promise<unknown[]> {
  return [
    ...await sql`
    select source::text, grant_key, original_amount::text as amount, description, expires_at
    from public.user_credits where user_id in (${ada.id}, ${bob.id}) and source = 'migration' order by 2, 3`,
  ];
}

const GOOD = `\uFEFFuser_id,amount,expires_at,description,key
${ada.id},9007199254.99,,"Balance of June, 2026",
${ada.id},5,2040-01-01T00:00:00+01:00,,bonus of May
${bob.id.toUpperCase()},0.01,,,
`;

Deno.test("a file with anything wrong in it grants nothing, and each line is named", async () => {
  const wrong = await run(`user_id,amount,expires_at,key
${ada.id},10,,
${ada.id},1.001,,second
${bob.id},-1,,
${bob.id},0,,
${bob.id},1e3,,
bob,1,,
${bob.id},1,2020-01-01T00:00:00Z,past
${bob.id},1,2040-01-01,date
${ada.id},1,,
`);
  assert.equal(wrong.code, 1);
  assert.deepEqual(wrong.error.split("\n").map((line) => line.split(" ").slice(0, 3).join(" ")), [
    "line 3: amount",
    "line 4: amount",
    "line 5: amount",
    "line 6: amount",
    "line 7: user_id",
    "line 8: expires_at",
    "line 9: expires_at",
    "line 10: key",
  ]);
  const strangers = await run(`user_id,amount\n${ada.id},1\n${crypto.randomUUID()},1\n`);
  assert.deepEqual([strangers.code, strangers.error], [1, "line 3: user_id is nobody's here"]);
  for (
    const text of ["", "user_id,amount\n", `user_id,credits\n${ada.id},1\n`, `user_id,amount\n"${ada.id},1\n`]
  ) {
    const { code, error } = await run(text);
    assert.equal(code, 1, text);
    assert.match(error, /rows|amount|Quote/, text);
  }
  assert.deepEqual(await balances(), []);
});

Deno.test("opening balances come in once", async () => {
  const dry = await run(GOOD, "--dry-run");
  assert.deepEqual([dry.code, dry.out, dry.error], [0, "3 rows, 9007199260.00 credits", ""]);
  assert.deepEqual(await balances(), []);

  const first = await run(GOOD);
  assert.deepEqual([first.code, first.error], [0, ""]);
  assert.match(first.out, /^3 granted, 0 granted before$/m);
  const there = await balances();
  assert.deepEqual(there, [
    {
      source: "migration",
      grant_key: "bonus of May",
      amount: "5.00",
      description: null,
      expires_at: new Date("2039-12-31T23:00:00Z"),
    },
    {
      source: "migration",
      grant_key: "opening balance",
      amount: "0.01",
      description: null,
      expires_at: null,
    },
    {
      source: "migration",
      grant_key: "opening balance",
      amount: "9007199254.99",
      description: "Balance of June, 2026",
      expires_at: null,
    },
  ]);

  const again = await run(GOOD.replace("0.01", "0.02"));
  assert.equal(again.code, 1);
  assert.match(again.out, /^0 granted, 3 granted before$/m);
  assert.equal(again.error, "line 4: was granted before, as 0.01");
  assert.deepEqual(await balances(), there);
});

Deno.test("a row that its account has no room for is named, and the others come in", async () => {
  const full = await run(`user_id,amount,key\n${ada.id},9999999999.99,more\n${bob.id},1,more\n`);
  assert.equal(full.code, 1);
  assert.match(full.out, /^1 granted, 0 granted before$/m);
  assert.match(full.error, /^line 2: p_amount must leave the account/);
});
