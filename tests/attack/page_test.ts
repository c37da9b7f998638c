// The page in a browser: links that somebody else wrote, a story that somebody else wrote, a page that frames it.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { database } from "../support/attack/state.ts";
import { chromiumPath, withPage } from "../support/browser.ts";
import { finishedStory } from "../support/jobs.ts";
import { askForLink } from "../support/mailed_link.ts";
import { grant, type Person, signUp, stack } from "../support/people.ts";

const ignore = chromiumPath === undefined && !Deno.env.get("CI");
const PAGE = `${stack("API_URL")}/`;
const KEY = `sb-${new URL(PAGE).hostname.split(".")[0]}-auth-token`;
const LURE = "Your account was charged twice, call +1 900 555 0199";
const DEFAULT = { width: 1200, colorScheme: "light" } as const;

/** Opens `address` as a link does, in the tab that may be at the page already. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address);
}

/** The page as `person` has it, signed in. */
async function signedIn(page: Page, person: Person): Promise<void> {
  const { data } = await person.client.auth.getSession();
  await page.goto(stack("INBOX_URL"));
  await page.evaluate(([key, session]) => localStorage.setItem(key, session), [
    KEY,
    JSON.stringify(data.session),
  ]);
  await page.goto(PAGE);
  await page.getByText(person.email).waitFor();
}

/** Tokens of `person` as links of the implicit flow carry them. */
async function fragmentOf(person: Person): Promise<string> {
  const { data: { session } } = await person.client.auth.getSession();
  const { access_token = "", refresh_token = "", expires_at = 0 } = session ?? {};
  const said = { access_token, refresh_token, expires_at: `${expires_at}`, expires_in: "3600" };
  return `#${new URLSearchParams({ ...said, token_type: "bearer", type: "magiclink" })}`;
}

const notice = (page: Page) => page.locator("#notice").innerText();
const sessionOf = (page: Page) => page.evaluate((key) => localStorage.getItem(key), KEY);

/** The page says `text` and stays where nobody is signed in, at an address that says nothing. */
async function staysSignedOut(page: Page, text: string): Promise<void> {
  await page.getByText(text).waitFor();
  await page.getByRole("button", { name: "Create account" }).waitFor();
  assert.equal(await sessionOf(page), null);
  assert.equal(page.url(), PAGE);
}

Deno.test({ name: "V7: no link signs a visitor in as whoever wrote it", ignore }, async () => {
  await withPage(DEFAULT, async (page) => {
    const attacker = await signUp();
    await open(page, PAGE + await fragmentOf(attacker));
    await staysSignedOut(page, "This link did not work.");

    const { data } = await attacker.client.auth.getSession();
    await page.evaluate((hash) => location.hash = hash, await fragmentOf(attacker));
    await page.waitForURL(PAGE);
    assert.doesNotMatch(await page.content(), new RegExp(data.session?.refresh_token ?? "?"));

    const asked = await askForLink(PAGE);
    await open(page, asked.link);
    await staysSignedOut(page, "This link signs in only where it was asked for");
  });
});

Deno.test({ name: "V7: a visitor who is signed in stays who they are", ignore }, async () => {
  await withPage(DEFAULT, async (page) => {
    const [victim, attacker] = [await signUp(), await signUp()];
    await signedIn(page, victim);
    await open(page, PAGE + await fragmentOf(attacker));
    await page.getByText("This link did not work.").waitFor();
    assert.equal(await page.locator("#email").textContent(), victim.email);

    // Even with the verifier in this browser, where somebody began to sign up before.
    const asked = await askForLink(PAGE);
    const verifiers = [...asked.storage].filter(([key]) => key.includes("code-verifier"));
    await page.evaluate((items) => {
      for (const [key, value] of items) localStorage.setItem(key, value);
    }, verifiers);
    await open(page, asked.link);
    await page.getByText(`You stay signed in as ${victim.email}.`).waitFor();
    assert.equal(await page.locator("#email").textContent(), victim.email);
    assert.equal(JSON.parse(await sessionOf(page) ?? "{}").user.id, victim.id);
    assert.equal(page.url(), PAGE);
  });
});

Deno.test({ name: "V7: an address never speaks for the page", ignore }, async () => {
  await withPage(DEFAULT, async (page) => {
    const addresses = [["#", "otp_expired", "Email link is invalid"], [
      "?",
      "<b>x</b>",
      "This link did not work.",
    ]];
    for (const [mark, code, text] of addresses) {
      const said = new URLSearchParams({ error: LURE, error_code: code, error_description: LURE });
      await open(page, `${PAGE}${mark}${said}`);
      await staysSignedOut(page, text);
      assert.doesNotMatch(await page.locator("body").innerText(), /900|<b>/);
    }
    await signedIn(page, await signUp());
    await open(page, `${PAGE}?checkout=cancelled`);
    await page.getByRole("button", { name: "Write it" }).waitFor();
    await page.waitForURL(PAGE);
    assert.equal(await notice(page), "");
  });
});

Deno.test({ name: "V7: what a story says stays text", ignore }, async () => {
  await withPage(DEFAULT, async (page, complaints) => {
    const person = await signUp();
    await grant(person, 10);
    const storyId = await finishedStory(person);
    const title = `<img src=x onerror=alert(2)>"><script>alert(3)</script>`;
    const text = `<img src=x onerror=alert(4)><a href="javascript:alert(5)">x</a>`;
    const sql = database();
    await sql`
      update public.stories set title = ${title}, pages = ${sql.json([{ text, image_prompt: "" }])}
      where id = ${storyId}`;
    await sql.end();
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      dialog.dismiss();
    });
    await signedIn(page, person);
    await page.locator("#story-title", { hasText: title }).waitFor();
    assert.equal(await page.locator("#story-pages").innerText(), text);
    assert.equal(await page.locator("#shelf").innerText(), title);
    assert.equal(await page.locator("main").locator("img, svg, script, a[href^=javascript]").count(), 0);
    assert.deepEqual(dialogs, []);
    assert.deepEqual(complaints, []);
  });
});

Deno.test(
  { name: "V7: another site's page frames none of ours, reads none, and sends none a form", ignore },
  async () => {
    const controls = `${stack("STRIPE_API_URL")}/_test/delivery`;
    const before = await (await fetch(controls)).text();
    const ours = [PAGE, stack("INBOX_URL"), `${stack("STRIPE_API_URL")}/pay/cs_test_none`];
    const html = `<!doctype html>${ours.map((url) => `<iframe src="${url}"></iframe>`).join("")}
    <iframe name="answer"></iframe>
    <form target="answer" method="post" enctype="text/plain" action="${controls}">
      <input name='{"drop":7,"x' value='":1}'>
    </form>`;
    const site = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(html, { headers: { "content-type": "text/html" } }),
    );
    try {
      await withPage(DEFAULT, async (page) => {
        await page.goto(`http://localhost:${site.addr.port}/`);
        for (const frame of page.frames().slice(1, 1 + ours.length)) {
          await frame.waitForURL("chrome-error://chromewebdata/");
        }
        const sent = await page.evaluate(async (url) => {
          const read = await fetch(url).then(() => "read", () => "refused");
          await fetch(url, { method: "POST", mode: "no-cors", body: '{"drop":7}' }).catch(() => {});
          return read;
        }, controls);
        assert.equal(sent, "refused");
        const [answer] = await Promise.all([
          page.waitForResponse((response) =>
            response.url() === controls && response.request().isNavigationRequest()
          ),
          page.evaluate("document.forms[0].submit()"),
        ]);
        assert.equal(answer.status(), 403);
      });
      assert.equal(await (await fetch(controls)).text(), before);
    } finally {
      await site.shutdown();
    }
  },
);
