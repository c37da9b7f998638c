// OPS: what CI does as a user against `supabase start` can be done here too: the workflow itself cannot be run.
import assert from "node:assert/strict";
import { CHECKOUT } from "../../local/checkout.ts";
import { stack } from "../support/people.ts";

async function visit(env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ".ci/visit.ts"],
    cwd: CHECKOUT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { code, said };
}

/** The e-mails of this stack in the words of Mailpit, the mail catcher of `supabase start`. */
function mailpit() {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const to = /^to:"(.*)"$/.exec(searchParams.get("query") ?? "")?.[1];
    if (pathname === "/api/v1/search") {
      return Response.json({ messages: [{ ID: encodeURIComponent(to ?? "") }] });
    }
    const mails = await fetch(`${stack("INBOX_URL")}?to=${pathname.split("/").at(-1)}`);
    const [{ code }] = await mails.json();
    return Response.json({
      Text: `Confirm your email (http://127.0.0.1/12345678)\nor enter the code: ${code}`,
    });
  });
}

Deno.test("OPS: a visit goes from signing up to a book, with the e-mail out of Mailpit", async () => {
  await using server = mailpit();
  const { code, said } = await visit({ MAILPIT_URL: `http://127.0.0.1:${server.addr.port}` });
  assert.equal(code, 0, said);
  assert.match(said, /a visit: \d+ pages, \d{4,} bytes of PDF/);
});

Deno.test("OPS: a visit fails where a function does not answer as it must", async () => {
  const { code, said } = await visit({ PUBLISHABLE_KEY: "sb_publishable_of_another_project" });
  assert.notEqual(code, 0, said);
});
