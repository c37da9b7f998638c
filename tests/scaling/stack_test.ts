// In a process of its own: it has shards of its own, and can have them while the others are tested.
/** The functions, unchanged, on four shards: the whole product once, and what an operator does. */
import assert from "node:assert/strict";
import { setUp } from "../../sharding/set_up.ts";
import { startStack } from "../../local/stack/stack.ts";
import { connect } from "../support/clone.ts";
import { canShard, provesOnEach } from "../support/shards.ts";

Deno.test({
  name:
    "sign-up, purchase, story, book and the books, through the functions and a router; set up again, nothing changes",
  ignore: !canShard,
  fn: async () => {
    const dir = await Deno.makeTempDir({ prefix: "credits-sharded-stack-" });
    await Deno.chmod(dir, 0o755);
    const start = () => startStack({ port: 0, dir, shards: 4, timers: false, settings: { fsync: "off" } });
    // Started, stopped, and started again: with other ports, and the same people.
    await (await start()).stop();
    const stack = await start();
    const shards = stack.shardUrls.map((url) => connect(url, 1));
    try {
      const demo = async () => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "demo/main.ts", "--url", stack.apiUrl, "--json", "--out", `${dir}/book.pdf`],
          env: { SECRET_KEY: stack.env.SECRET_KEY },
        }).output();
        const text = new TextDecoder();
        assert.equal(code, 0, text.decode(stdout) + text.decode(stderr));
      };
      for (let people = 0; people < 2; people++) await demo();
      await setUp({ router: stack.adminUrl, shards: stack.shardUrls });
      await demo();
      const spread = await Promise.all(shards.map((sql) => sql`select from auth.users`));
      assert.equal(spread.reduce((sum, { length }) => sum + length, 0), 3);
      await provesOnEach({ shards });
    } finally {
      await Promise.all(shards.map((sql) => sql.end()));
      await stack.stop();
      await Deno.remove(dir, { recursive: true });
    }
  },
});
