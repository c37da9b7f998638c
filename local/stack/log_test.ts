import assert from "node:assert/strict";
import { join } from "node:path";
import { removeFolder } from "../processes/remove.ts";
import { beginLog } from "./log.ts";

Deno.test("a log keeps the newest lines and never grows beyond its bound", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const path = join(dir, "api.log");
    const add = beginLog(path, 1000);
    for (let number = 0; number < 1000; number++) add(`line ${number}`);
    add("é".repeat(100_000));
    const names = (await Array.fromAsync(Deno.readDir(dir), ({ name }) => name)).sort();
    assert.deepEqual(names, ["api.log", "api.log.1"]);
    const [newest, before] = await Promise.all(names.map((name) => Deno.readTextFile(join(dir, name))));
    assert.equal(newest.length, 8_193);
    assert.match(before, /^line \d+\n(line \d+\n)*line 999\n$/);
    assert.ok(before.length <= 1000);
    const modes = await Promise.all(
      names.map(async (name) => (await Deno.stat(join(dir, name))).mode! & 0o777),
    );
    assert.deepEqual(modes, [0o600, 0o600]);

    beginLog(path, 1000)("again");
    assert.equal(await Deno.readTextFile(path), "again\n");
  } finally {
    await removeFolder(dir);
  }
});
