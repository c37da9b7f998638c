import assert from "node:assert/strict";
import { join } from "node:path";
import { makePrivate } from "./data_folder.ts";
import { databaseUser } from "./database/database_user.ts";
import { removeFolder } from "./processes/remove.ts";

const user = await databaseUser();
const PRIVATE = "uid" in user ? 0o710 : 0o700;

const modeOf = async (...path: string[]) => ((await Deno.stat(join(...path))).mode ?? 0) & 0o777;

async function withFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  await Deno.chmod(dir, 0o755);
  await test(dir).finally(() => removeFolder(dir));
}

Deno.test("a data folder becomes its owner's, also one that everybody could read", () =>
  withFolder(async (dir) => {
    for (const name of ["secrets.json", "stripe.json", "api.log", "another"]) {
      await Deno.writeTextFile(join(dir, name), "", { mode: 0o644 });
    }
    await Deno.mkdir(join(dir, "storage"), { mode: 0o755 });
    await makePrivate(dir);
    assert.equal(await modeOf(dir), PRIVATE);
    const names = ["secrets.json", "stripe.json", "api.log", "another", "storage"];
    const modes = await Promise.all(names.map((name) => modeOf(dir, name)));
    assert.deepEqual(modes, [0o600, 0o600, 0o600, 0o644, 0o700]);
    if ("uid" in user) assert.equal((await Deno.stat(dir)).gid, user.gid);
  }));

Deno.test("a new folder is private, one of anything else is left as it is", () =>
  withFolder(async (dir) => {
    await makePrivate(join(dir, "new"));
    assert.equal(await modeOf(dir, "new"), PRIVATE);
    await makePrivate(dir);
    assert.equal(await modeOf(dir), 0o755);
  }));
