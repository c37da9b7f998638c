// The main job by hand: a person at the demo page signs up, pays, gets a story and opens the book. tests/page/ has the rest.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BOUNDS } from "../../supabase/functions/_shared/database/bounds.ts";
import { chromiumPath, obstacles, overflow, picture, withPage } from "../support/browser.ts";
import {
  BIND,
  BOOK_COST,
  BUY,
  expectBalance,
  MONEY,
  PACK,
  PAID,
  STORY_COST,
  WRITE,
} from "../support/demo_page.ts";
import { stack } from "../support/people.ts";
import { inWords, readTerms } from "../support/terms.ts";

// A machine that is there to test must have the browser; on any other one its absence is no failure.
const ignore = chromiumPath === undefined && !Deno.env.get("CI");
if (ignore) {
  console.log("skipped: the page in a browser, because there is no chromium (set CHROMIUM to its path)");
}

const { bonus } = await readTerms();
const { pages } = BOUNDS.story;

/** Signs up on the page and follows the link in the inbox, as it is shown there. */
async function signUp(page: Page) {
  const email = `browser-${crypto.randomUUID()}@example.com`;
  await page.goto(stack("API_URL"));
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText(`A link to confirm ${email}`).waitFor();
  const address = await page.getByRole("link", { name: "inbox of this stack" }).getAttribute("href");
  const inbox = await page.context().newPage();
  await inbox.goto(address ?? "");
  await inbox.getByRole("row", { name: email }).waitFor();
  assert.deepEqual(await overflow(inbox), []);
  await picture(inbox, "inbox");
  await inbox.getByRole("row", { name: email }).getByRole("link", { name: "confirm" }).click();
  await expectBalance(inbox, bonus);
  await inbox.close();
}

/** The first characters of the file that a click on the link called `name` saves. */
async function savedAs(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^\S.*\.pdf$/);
  return new TextDecoder().decode((await Deno.readFile(await download.path())).subarray(0, 5));
}

Deno.test({ name: "a person signs up, pays, gets a story and saves the book", ignore }, async () => {
  await withPage({ width: 1200, colorScheme: "light" }, async (page, complaints) => {
    await signUp(page);
    // Nobody has to come back and sign in: the tab that was left notices the confirmation.
    await expectBalance(page, bonus);
    assert.deepEqual(await obstacles(page), []);
    await picture(page, "signed-up");

    await page.getByRole("button", { name: BUY }).click();
    await page.getByRole("button", { name: `Pay ${MONEY} by card` }).waitFor();
    await picture(page, "payment");
    await page.getByRole("button", { name: `Pay ${MONEY} by card` }).click();
    await page.getByText(PAID).waitFor();
    await expectBalance(page, bonus + PACK.credits);
    assert.equal(new URL(page.url()).search, "", "the mark of the checkout is gone from the address");

    await page.getByRole("button", { name: WRITE }).click();
    await page.getByRole("button", { name: BIND }).waitFor();
    await expectBalance(page, bonus + PACK.credits - STORY_COST);
    assert.equal(await page.locator("#story-pages li").count(), pages.fallback);

    await page.getByRole("button", { name: "Make a book" }).click();
    await page.getByRole("link", { name: "Open the book" }).waitFor();
    await expectBalance(page, bonus + PACK.credits - STORY_COST - BOOK_COST);
    await page.getByText(`with pictures, ${pages.fallback} story pages, `).waitFor();
    assert.equal(await savedAs(page, "Save it"), "%PDF-");
    await page.locator("#usage tr").nth(1).waitFor();
    const spent = `${inWords(STORY_COST + BOOK_COST)} credits in the last 30 days`;
    await page.getByRole("img", { name: spent }).waitFor();
    assert.equal(await page.locator("#spending rect").count(), 30);
    assert.deepEqual(await obstacles(page), []);
    await picture(page, "book");
    assert.deepEqual(complaints, []);
  });
});
