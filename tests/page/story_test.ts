// The demo page beyond the main job: what is refused, another language, another tab, the form, a bank debit.
import assert from "node:assert/strict";
import { BOUNDS } from "../../supabase/functions/_shared/database/bounds.ts";
import { signedIn } from "../support/attack/page.ts";
import { chromiumPath, obstacles, overflow, picture, withPage } from "../support/browser.ts";
import { BIND, BUY, enter, expectBalance, PACK, PAID, STORY_COST, WRITE } from "../support/demo_page.ts";
import { client, impoverish, type Person, signUp, stack } from "../support/people.ts";
import { inWords, readTerms } from "../support/terms.ts";

const ignore = chromiumPath === undefined && !Deno.env.get("CI");
const PASSWORD = "correct horse battery";

const { bonus, prices, limits, packs: [, another] } = await readTerms();
const { pages, prompt, age_min, age_max } = BOUNDS.story;

Deno.test(
  { name: "refusals are told in words, with what to do, on a small dark screen", ignore },
  async () => {
    await withPage({ width: 360, colorScheme: "dark" }, async (page) => {
      await page.goto(stack("API_URL"));
      await page.getByRole("heading", { name: "A story for one child" }).waitFor();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-welcome");
      await page.getByLabel("E-mail").fill("nobody@example.com");
      await page.getByLabel("Password").fill("wrong password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Invalid login credentials").waitFor();

      const somebody = await signUp({ password: PASSWORD });
      const { email } = somebody;
      await impoverish(somebody.id);
      await signedIn(page, somebody);
      await expectBalance(page, 0);
      const order = page.getByRole("button", { name: WRITE });
      await order.click();
      await page.getByText(`This costs ${inWords(STORY_COST)} credits, and you have fewer.`).waitFor();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-refused");
      await page.getByRole("button", { name: "Choose a pack" }).click();
      assert.equal(await page.evaluate("document.activeElement.ariaLabel"), BUY);

      const tooOften = page.getByText(/please wait \d+ seconds/);
      for (let again = 0; again < limits.story_create.max_requests; again++) {
        const answered = page.waitForResponse((response) => response.url().endsWith("/story-api/create"));
        await order.click();
        await answered;
      }
      await tooOften.waitFor();
      await expectBalance(page, 0);

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Create account" }).waitFor();
      const used = page.getByRole("row", { name: email }).getByRole("link", { name: "confirm" });
      await page.goto(stack("INBOX_URL"));
      assert.deepEqual(await overflow(page), []);
      await picture(page, "small-inbox");
      await used.click();
      await page.getByText("Email link is invalid or has expired").waitFor();
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();

      await page.getByRole("button", { name: `Buy ${another.name}` }).click();
      await page.getByRole("link", { name: "Cancel and go back" }).click();
      await page.getByText("The checkout was cancelled. Nothing was charged.").waitFor();
      await expectBalance(page, 0);
    });
  },
);

Deno.test(
  { name: "a story can be had in the browser's own language, and nothing given up hides it", ignore },
  async () => {
    await withPage({ width: 375, colorScheme: "light", locale: "de-DE" }, async (page) => {
      const somebody = await enter(page);
      assert.equal(await page.getByLabel("Language").inputValue(), "de");
      await page.getByLabel("What is it about?").fill(`ein Drache, der ${LONG_WORD} lernt`);
      await page.getByRole("button", { name: WRITE }).click();
      await page.getByRole("button", { name: BIND }).waitFor();
      for (const text of ["#story-title", "#story-pages"]) {
        assert.equal(await page.locator(text).getAttribute("lang"), "de");
      }
      assert.match(await page.locator("#story-pages").innerText(), /\b(der|die|das)\b.*\bund\b/s);
      const title = await page.locator("#story-title").innerText();
      const pages = await page.locator("#story-pages").innerText();
      assert.ok(pages.includes(LONG_WORD), "the wish is quoted, its longest word whole");
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-german");

      await page.getByRole("button", { name: "Make a book" }).click();
      await page.getByRole("link", { name: "Open the book" }).waitFor();
      await giveUpMore(somebody);
      await page.getByLabel("What is it about?").fill("sexy vampires");
      await page.getByRole("button", { name: "Write it" }).click();
      await page.getByText("This is nothing for a children's story. Your credits are back.").waitFor();
      await page.getByRole("button", { name: "sexy vampires (failed)" }).waitFor();

      await page.reload();
      await page.getByRole("link", { name: "Open the book" }).waitFor();
      assert.equal(await page.locator("#story-title").innerText(), title);
      assert.equal(await page.locator("#notice").innerText(), "");
      await page.getByRole("button", { name: `${GIVEN_UP} (cancelled)` }).click();
      await page.getByText("It was cancelled. Your credits are back.").waitFor();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-given-up");
    });
  },
);

Deno.test({ name: "news of a sign-in that comes before the session waits for it", ignore }, async () => {
  await withPage({ width: 1200, colorScheme: "light" }, async (page) => {
    await page.goto(stack("API_URL"));
    await page.getByRole("button", { name: "Create account" }).waitFor();
    const { data } = await (await signUp()).client.auth.getSession();
    const session = JSON.stringify(data.session);
    const other = await page.context().newPage();
    await other.goto(stack("INBOX_URL"));
    const key = `sb-${new URL(stack("API_URL")).hostname.split(".")[0]}-auth-token`;
    // Browsers pass on messages and storage by two ways; here the slower one is slow enough for the page to act before.
    await other.evaluate(([key, session]) => {
      new BroadcastChannel(key).postMessage({ event: "SIGNED_IN", session: JSON.parse(session) });
    }, [key, session]);
    await other.waitForTimeout(500);
    await other.evaluate(([key, session]) => localStorage.setItem(key, session), [key, session]);
    await expectBalance(page, bonus);
    assert.equal(await other.evaluate((key) => localStorage.getItem(key), key), session);
  });
});

const LONG_WORD = "a".repeat(71);
const GIVEN_UP = `the end of ${LONG_WORD}`;

async function offerPictures(active: boolean) {
  const prices = client(stack("SECRET_KEY")).from("credit_pricing");
  await prices.update({ active }).eq("action", "book_page_with_image").throwOnError();
}

/** A story and a book that their owner cancels, which nothing on the page can do. */
async function giveUpMore({ id }: Person) {
  const server = client(stack("SECRET_KEY"));
  const { data: [ready] } = await server.from("stories").select("id").eq("user_id", id).throwOnError();
  const of = { p_user_id: id };
  const orders = [
    server.rpc("create_story", { ...of, p_request: { prompt: GIVEN_UP, age_min: 4, age_max: 7 } }),
    server.rpc("create_book", { ...of, p_request: { story_id: ready.id, with_images: false } }),
  ];
  for (const order of orders) {
    const { data } = await order.throwOnError();
    const { data: ended } = await server.rpc("cancel_job", { ...of, p_job_id: data?.job_id ?? "" })
      .throwOnError();
    assert.equal(ended.outcome, "cancelled");
  }
}

Deno.test(
  {
    name:
      "the form takes what the backend takes and offers what is offered, and says so before anything is sent",
    ignore,
  },
  async () => {
    await withPage({ width: 1280, colorScheme: "dark" }, async (page) => {
      await enter(page);
      const sent: string[] = [];
      page.on("request", (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
      const write = page.getByRole("button", { name: "Write it" });
      const [about, youngest, oldest] = ["What is it about?", "From age", "to age"].map((name) =>
        page.getByLabel(name)
      );
      const complaint = (id: string) => page.evaluate(`document.getElementById("${id}").validationMessage`);

      await youngest.fill("9");
      await write.click();
      assert.equal(await complaint("age-max"), "The oldest reader cannot be younger than the youngest.");
      await oldest.fill(`${age_max.most + 1}`);
      assert.match(String(await complaint("age-max")), new RegExp(`\\b${age_max.most}\\b`));
      await oldest.fill(`${age_max.most}`);
      assert.equal(await complaint("age-max"), "");
      await youngest.fill(`${age_min.least - 1}`);
      assert.match(String(await complaint("age-min")), new RegExp(`\\b${age_min.least}\\b`));
      await youngest.fill(`${age_min.least}`);
      assert.equal(await complaint("age-min"), "");
      await about.fill("   a ");
      await write.click();
      assert.equal(await complaint("prompt"), "Say in a few words what the story is about.");
      assert.deepEqual(sent.filter((request) => request.startsWith("POST")), []);
      await picture(page, "wide-form");

      await about.fill("");
      await page.keyboard.insertText("é".repeat(prompt.most + 200));
      assert.equal((await about.inputValue()).length, prompt.most);
      await write.click();
      await page.getByRole("button", { name: BIND }).waitFor();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "wide-story");

      await offerPictures(false);
      try {
        await page.reload();
        const plain = `Make a book for ${inWords(pages.fallback * prices.book_page)} credits`;
        await page.getByRole("button", { name: plain }).waitFor();
        assert.equal(await page.getByLabel("with a picture on every page").isVisible(), false);
      } finally {
        await offerPictures(true);
      }
    });
  },
);

Deno.test(
  { name: "a bank debit is paid once the buyer lets the bank answer, as the page says", ignore },
  async () => {
    await withPage({ width: 375, colorScheme: "light" }, async (page) => {
      await enter(page);
      await page.getByRole("button", { name: BUY }).click();
      await page.getByText("come back to this page").waitFor();
      const payment = page.url();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-payment");
      await page.getByRole("button", { name: "Pay by bank debit" }).click();
      await page.getByText("The bank was asked for the money.").waitFor();
      await expectBalance(page, bonus);

      // Whoever leaves the shop open sees the money arrive, wherever the bank was told to pay.
      const bank = await page.context().newPage();
      await bank.goto(payment);
      const pays = bank.getByRole("button", { name: "Let the bank pay" });
      await pays.waitFor();
      assert.deepEqual(await obstacles(bank), []);
      await picture(bank, "small-debit");
      await pays.click();
      await bank.getByText("This order is paid.").waitFor();
      await page.getByText(PAID).waitFor();
      await bank.getByRole("link", { name: "Back to the shop" }).click();
      await bank.getByText(PAID).waitFor();
      await expectBalance(page, bonus + PACK.credits);
    });
  },
);
