// The page in a browser: links that somebody else wrote, a story that somebody else wrote, a page that frames it.
import assert from "node:assert/strict";
import {
  fragmentOf,
  hostileStory,
  open,
  PAGE,
  sessionOf,
  signedIn,
  staysSignedOut,
} from "../support/attack/page.ts";
import { chromiumPath, withPage } from "../support/browser.ts";
import { askForLink } from "../support/mailed_link.ts";
import { signUp, stack } from "../support/people.ts";

const ignore = chromiumPath === undefined && !Deno.env.get("CI");
const LURE = "Your account was charged twice, call +1 900 555 0199";
const DEFAULT = { width: 1200, colorScheme: "light" } as const;

Deno.test(
  { name: "V7: no link signs a visitor in as whoever wrote it, or speaks for the page", ignore },
  async (t) => {
    await withPage(DEFAULT, async (page) => {
      await t.step("tokens in the fragment, from elsewhere and within the page", async () => {
        const fragment = await fragmentOf(await signUp());
        await open(page, PAGE + fragment);
        await staysSignedOut(page, "This link did not work.");
        await page.evaluate((hash) => location.hash = hash, fragment);
        await page.waitForURL(PAGE);
        await staysSignedOut(page, "This link did not work.");
      });
      await t.step("a code that another browser asked for", async () => {
        await open(page, (await askForLink(PAGE)).link);
        await staysSignedOut(page, "This link signs in only where it was asked for");
      });
      const addresses = [["#", "otp_expired", "Email link is invalid"], [
        "?",
        "<b>x</b>",
        "This link did not work.",
      ]];
      for (const [mark, code, text] of addresses) {
        await t.step(`an error of somebody's own wording after ${mark}`, async () => {
          const said = new URLSearchParams({ error: LURE, error_code: code, error_description: LURE });
          await open(page, `${PAGE}${mark}${said}`);
          await staysSignedOut(page, text);
          assert.doesNotMatch(await page.locator("body").innerText(), /900|<b>/);
        });
      }
    });
  },
);

Deno.test(
  { name: "V7: a visitor who is signed in stays who they are, and sees text as text", ignore },
  async (t) => {
    await withPage(DEFAULT, async (page, complaints) => {
      const victim = await signUp();
      const story = await hostileStory(victim);
      const dialogs: string[] = [];
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        dialog.dismiss();
      });
      await signedIn(page, victim);
      await t.step("markup in a story", async () => {
        await page.locator("#story-title", { hasText: story.title }).waitFor();
        assert.equal(await page.locator("#story-pages").innerText(), story.text);
        assert.equal(await page.locator("#shelf").innerText(), story.title);
        const foreign = page.locator("main").locator("img, svg:not(#spending), script, a[href^=javascript]");
        assert.equal(await foreign.count(), 0);
        assert.deepEqual({ dialogs, complaints }, { dialogs: [], complaints: [] });
      });
      await t.step("tokens in the fragment", async () => {
        await open(page, PAGE + await fragmentOf(await signUp()));
        await page.getByText("This link did not work.").waitFor();
        assert.equal(await page.locator("#email").textContent(), victim.email);
      });
      await t.step("a code whose verifier is here, as when somebody began to sign up before", async () => {
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
      await t.step("the mark of a checkout that was never begun here", async () => {
        await open(page, `${PAGE}?checkout=cancelled`);
        await page.waitForURL(PAGE);
        await page.getByRole("button", { name: "Write it" }).waitFor();
        assert.equal(await page.locator("#notice").innerText(), "");
      });
    });
  },
);

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
