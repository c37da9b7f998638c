// Whether a book with pictures may be ordered, by what the backend says of itself.
import assert from "node:assert/strict";

const answers: Record<string, [answer: () => Response, offered: boolean]> = {
  "says that it cannot paint": [() => Response.json({ status: "ok", pictures: false }), false],
  "says that it can": [() => Response.json({ status: "ok", pictures: true }), true],
  "does not say": [() => Response.json({ status: "ok" }), true],
  "has no health": [() => new Response("no", { status: 404 }), true],
};

for (const [name, [answer, offered]] of Object.entries(answers)) {
  Deno.test(`pictures are ${offered ? "" : "not "}offered when the backend ${name}, and it is asked once`, async () => {
    let calls = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      calls++;
      return answer();
    });
    Deno.env.set("GENERATION_BACKEND_URL", `http://127.0.0.1:${server.addr.port}`);
    try {
      // What was answered is kept by the module: each test takes one of its own.
      const { offersPictures } = await import(`./pictures.ts?${encodeURIComponent(name)}`);
      assert.deepEqual([await offersPictures(), await offersPictures()], [offered, offered]);
      assert.equal(calls, 1);
    } finally {
      Deno.env.delete("GENERATION_BACKEND_URL");
      await server.shutdown();
    }
  });
}
