/**
 * `deno run -A .ci/visit.ts`: does once what a user does, against the stack that the environment names: signs up, confirms
 * the e-mail, looks at the balance, pays at the stand-in for Stripe, has a story written and a book made of it.
 *
 * `API_URL`, `PUBLISHABLE_KEY`, `SECRET_KEY` and `STRIPE_API_URL` say where; `MAILPIT_URL`, of `supabase start`, or
 * `INBOX_URL`, of `deno task start`, has the e-mails.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { travel } from "../demo/journey.ts";
import { Report } from "../demo/report.ts";

const env = (name: string) => {
  const value = Deno.env.get(name);
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const Found = z.object({ messages: z.array(z.object({ ID: z.string() })) });
const Mail = z.object({ Text: z.string() });

/** Serves the e-mails of Mailpit as the inbox of `deno task start` does, as far as a code is wanted. */
function inboxOf(mailpit: string): { url: string; close(): Promise<void> } {
  const read = async <T>(path: string, shape: z.ZodType<T>) =>
    shape.parse(await (await fetch(`${mailpit}/api/v1/${path}`)).json());
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    const query = encodeURIComponent(`to:"${new URL(url).searchParams.get("to")}"`);
    const { messages } = await read(`search?query=${query}`, Found);
    const mails = await Promise.all(messages.map(({ ID }) => read(`message/${ID}`, Mail)));
    return Response.json(mails.map(({ Text }) => ({ code: /\b\d{6}\b/.exec(Text)?.[0] })));
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, close: () => server.shutdown() };
}

const mailpit = Deno.env.get("MAILPIT_URL");
const inbox = mailpit ? inboxOf(mailpit) : { url: env("INBOX_URL"), close: () => Promise.resolve() };
const folder = await Deno.makeTempDir();
try {
  const site = {
    apiUrl: env("API_URL"),
    publishableKey: env("PUBLISHABLE_KEY"),
    secretKey: env("SECRET_KEY"),
    stripeUrl: env("STRIPE_API_URL"),
    inboxUrl: inbox.url,
  };
  const wish = {
    prompt: "a shy dragon who learns to whistle",
    age: { min: 4, max: 7 },
    language: "en",
  } as const;
  const outcome = await travel(
    site,
    { ...wish, json: false, out: join(folder, "book.pdf") },
    new Report(false),
  );
  console.log(
    `a visit: ${outcome.book.page_count} pages, ${outcome.book.bytes} bytes of PDF, balance ${outcome.balance}`,
  );
} finally {
  await inbox.close();
  await Deno.remove(folder, { recursive: true });
}
