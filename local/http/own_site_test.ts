import assert from "node:assert/strict";
import { askAs } from "../../tests/support/attack/hosts.ts";
import { serve } from "./own_site.ts";

Deno.test("a server answers to a further name where it was told one, with its own port", async () => {
  const server = serve(() => new Response("here"), { hosts: ["host.docker.internal"] });
  try {
    const { port } = server.addr;
    const statusFor = async (host: string) => (await askAs(`http://127.0.0.1:${port}/`, { host })).status;
    assert.equal(await statusFor(`host.docker.internal:${port}`), 200);
    assert.equal(await statusFor("host.docker.internal"), 421);
    assert.equal(await statusFor(`docker.internal:${port}`), 421);
  } finally {
    await server.shutdown();
  }
});
