/** Starting and stopping the local stack: nothing is left behind, and what goes wrong is said in one line. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { StackError } from "../../local/errors.ts";
import { startStack } from "../../local/stack/stack.ts";
import { CommandLines } from "../support/command_lines.ts";
import { alive, DataFolder, until } from "../support/stack_process.ts";

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/** What is known by way of `/proc`. */
const ignore = Deno.build.os !== "linux";

Deno.test("one data folder, from start to start", async (t) => {
  await using folder = await DataFolder.create();

  await t.step({
    name: "V11: no process of a start, its migrations or a tool has a secret among its arguments, " +
      "nor a file for others; and a stack whose `deno task start` is killed ends as well",
    ignore,
    fn: async () => {
      await using lines = new CommandLines();
      const { process, state, descendants } = await folder.launch(["task", "start"]);
      const { env } = state;
      const args = ["run", "-A", "tools/stripe_reconcile.ts", "--local", "--dir", folder.path];
      const { success } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).output();
      assert.ok(success);

      for (
        const part of ["start.ts", "initdb", "supabase db push", "edge_runtime.ts", "stripe_reconcile.ts"]
      ) {
        assert.ok(lines.seen.some((line) => line.includes(part)), `${part} was not seen at work`);
      }
      const names = Object.keys(env).filter((name) => /SECRET/.test(name));
      const secrets = [...names.map((name) => env[name]), new URL(env.DB_URL).password];
      assert.equal(secrets.length, 7);
      const told = lines.seen.filter((line) => secrets.some((secret) => line.includes(secret)));
      assert.deepEqual(told, []);
      assert.deepEqual(await openToOthers(folder.path), []);

      process.kill("SIGKILL");

      await until(async () => (await alive([state.pid, ...descendants])).length === 0);
      await until(async () => !await exists(join(folder.path, "stack.lock")));
    },
  });

  let secret: string | undefined;

  await t.step(
    "a second start is refused; after kill -9 of the first its children end by themselves",
    async () => {
      const { process, state, descendants } = await folder.launch();
      assert.ok(descendants.length > 6, "the stack runs Postgres, the API and the functions as processes");
      secret = state.env.SECRET_KEY;

      const { code, error } = await folder.failToLaunch("--port", "0");

      assert.equal(code, 1);
      assert.match(
        error,
        /^error: a stack already runs on .* \(process \d+, http:\/\/127\.0\.0\.1:\d+\): stop it with Ctrl-C.*$/,
      );
      assert.equal((await fetch(state.env.INBOX_URL)).status, 200);

      process.kill("SIGKILL");

      await until(async () => (await alive(descendants)).length === 0);
    },
  );

  await t.step(
    "the next start finds the data again, and SIGTERM lets it end with every process",
    async () => {
      const { process, state, descendants } = await folder.launch();
      assert.equal(state.env.SECRET_KEY, secret);

      process.kill("SIGTERM");

      assert.equal((await process.status).code, 0);
      assert.deepEqual(await alive([state.pid, ...descendants]), []);
      assert.equal(await exists(join(folder.path, "stack.lock")), false);
      assert.equal(await exists(join(folder.path, "stack.json")), false);
      assert.equal(await exists(join(folder.path, "postgres", "postmaster.pid")), false);
    },
  );
});

/** Files and folders of a data folder that others may read; the database's is its own user's. */
async function openToOthers(dir: string): Promise<string[]> {
  const open: string[] = ((await Deno.stat(dir)).mode ?? 0) & 0o067 ? [dir] : [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    const path = join(dir, name);
    if (((await Deno.stat(path)).mode ?? 0) & 0o077) open.push(path);
    else if (isDirectory && name !== "postgres") open.push(...await openToOthers(path));
  }
  return open;
}

/** What a start says that fails; `deno task start` prints it behind `error: `. */
async function refusal(port: number, dir: string): Promise<string> {
  const error = await startStack({ port, dir }).then(() => assert.fail("it started"), (error) => error);
  assert.ok(error instanceof StackError, String(error));
  return error.message;
}

Deno.test("a taken port is said in one line", async () => {
  await using folder = await DataFolder.create();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assert.match(await refusal(listener.addr.port, folder.path), /^port \d+ is taken: .*--port$/);
});

Deno.test("a broken data folder is said in one line", async () => {
  await using folder = await DataFolder.create();
  await Deno.mkdir(join(folder.path, "postgres"));
  await Deno.writeTextFile(join(folder.path, "postgres", "junk"), "");
  assert.match(
    await refusal(0, folder.path),
    /^Postgres cannot use the data folder .*`deno task reset` to start afresh$/,
  );
});

Deno.test("a wrong option is answered with the usage", async () => {
  await using folder = await DataFolder.create();

  const { code, error } = await folder.failToLaunch("--port", "many");

  assert.equal(code, 1);
  assert.match(error, /^error: usage: deno task start/);
});
