// `deno task deploy` against a stand-in for the hosted platform, with the CLI that is pinned and with the one that comes next.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../local/checkout.ts";
import { deploy } from "../../tools/deploy/main.ts";
import { type Hosted, startHosted } from "../support/hosted.ts";
import { nextCli } from "../support/next_cli.ts";

const SECRETS = {
  ALLOWED_ORIGINS: "https://talehop.com,https://www.talehop.com",
  API_SHARED_SECRET: "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91",
  SCHEDULER_SECRET: "1c383cd30b7c298ab50293adfecb7b18d56afa5b07e8c0e0",
  STRIPE_SECRET_KEY: "sk_test_51HostedHostedHosted",
  STRIPE_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  // What a shell or an env file would make something else of.
  LLM_API_KEY: 'k#e"y $HOME \\n',
};

const SUPABASE = join(CHECKOUT, "supabase");
const NAMES = [...Deno.readDirSync(join(SUPABASE, "functions"))].map(({ name }) => name)
  .filter((name) => existsSync(join(SUPABASE, "functions", name, "index.ts"))).sort();
const MIGRATIONS = [...Deno.readDirSync(join(SUPABASE, "migrations"))].map(({ name }) => name).sort();

async function deployed(
  { platform, url }: Hosted,
  secrets: Record<string, string>,
  args: string[],
): Promise<string[]> {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(
    file,
    Object.entries(secrets).map(([name, value]) => `${name}='${value}'\n`).join(""),
  );
  const lines: string[] = [];
  const all = ["--project-ref", platform.project.ref, "--url", url, "--env-file", file, "--test", ...args];
  await deploy(all, (line) => lines.push(line));
  for (const secret of Object.values(secrets)) {
    if (secret !== secrets.ALLOWED_ORIGINS) {
      assert.ok(!lines.join("\n").includes(secret), "a secret was printed");
    }
  }
  return lines;
}

async function hasTables({ sql }: Hosted): Promise<boolean> {
  const [{ found }] = await sql`select to_regclass('public.credit_ledger') is not null as found`;
  return found;
}

/** The lines that say what became of a part of the deployment. */
const about = (lines: string[], part: string) => lines.filter((line) => line.startsWith(`${part}: `));

/** Deploys to `hosted` with the executable `path`, or the pinned CLI, and expects no warning from it. */
function deployer(hosted: Hosted, path?: string) {
  for (const [name, value] of Object.entries(hosted.platform.env)) Deno.env.set(name, value);
  return async (...args: string[]) => {
    const lines = await deployed(hosted, SECRETS, [...args, ...(path ? ["--cli", path] : [])]);
    assert.deepEqual(lines.filter((line) => line.startsWith("supabase ")), []);
    return lines;
  };
}

/** What a first deployment says, and what the project is after it. */
async function assertArrived(lines: string[], hosted: Hosted): Promise<void> {
  const { project } = hosted.platform;
  assert.deepEqual(about(lines, "migrations"), MIGRATIONS.map((name) => `migrations: applied ${name}`));
  assert.deepEqual(about(lines, "health"), NAMES.map((name) => `health: ${name} is well`));
  assert.ok(await hasTables(hosted));
  assert.deepEqual(Object.fromEntries(project.secrets), SECRETS);
  assert.equal(project.config.auth.site_url, "https://talehop.com");
  assert.equal(project.config.auth.mailer_autoconfirm, false);
  assert.equal(project.config.api.db_schema, "public");
  assert.deepEqual([...project.functions.keys()].sort(), NAMES);
  for (const { files, verifyJwt } of project.functions.values()) {
    assert.equal(files.length, 1, "a function is one file");
    assert.equal(verifyJwt, false, "a function checks its callers itself");
  }
}

// Each command of the CLI takes seconds of a processor, so that each of both does a half of what could be asked of both.
Deno.test("OPS: a dry run says everything and changes nothing, and the deployment arrives, with the pinned CLI", async () => {
  await using hosted = await startHosted();
  const { project } = hosted.platform;
  const run = deployer(hosted);
  const before = structuredClone(project.config);
  const lines = await run("--dry-run");
  assert.deepEqual(about(lines, "migrations"), MIGRATIONS.map((name) => `migrations: would apply ${name}`));
  assert.ok(lines.includes('config: would set auth.site_url = "https://talehop.com"'), lines.join("\n"));
  assert.deepEqual(about(lines, "secrets"), [`secrets: would set ${Object.keys(SECRETS).join(", ")}`]);
  assert.equal(about(lines, "functions").length, NAMES.length);
  assert.equal(lines.at(-1), "dry run: nothing was changed");
  assert.deepEqual(project.config, before);
  assert.equal(project.secrets.size + project.functions.size, 0);
  assert.equal(await hasTables(hosted), false);
  await assertArrived(await run(), hosted);
});

Deno.test("OPS: a deployment arrives with the next CLI, and a second one changes nothing and says so", async () => {
  await using hosted = await startHosted();
  const run = deployer(hosted, await nextCli());
  await assertArrived(await run(), hosted);
  const lines = await run();
  for (const part of ["migrations", "config", "secrets"]) {
    assert.deepEqual(about(lines, part), [`${part}: up to date`]);
  }
  assert.ok(
    about(lines, "functions").every((line) => line.endsWith("version 1, unchanged")),
    lines.join("\n"),
  );
});
