// The shop at the demo page, where something goes wrong or back: no event arrives, an answer is lost, Back is pressed.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { chromiumPath, obstacles, picture, withPage } from "../support/browser.ts";
import { BUY, enter, expectBalance, MONEY, PACK, PAID } from "../support/demo_page.ts";
import { signUp } from "../support/people.ts";
import { signedIn } from "../support/attack/page.ts";
import { finishedStory } from "../support/jobs.ts";
import { service } from "../support/service.ts";
import { checkOut, control, pay, stripe, undelivered } from "../support/stripe_shop.ts";
import { inWords, readTerms } from "../support/terms.ts";

const ignore = chromiumPath === undefined && !Deno.env.get("CI");
const WIDE = { width: 1200, colorScheme: "light" } as const;

const { bonus, prices } = await readTerms();

async function buy(page: Page) {
  await page.getByRole("button", { name: BUY }).click();
  await page.getByRole("button", { name: `Pay ${MONEY} by card` }).click();
  await page.getByText(PAID).waitFor();
}

Deno.test(
  { name: "who paid has the credits, though Stripe's events never arrive, and finds the payment", ignore },
  async () => {
    await withPage(WIDE, async (page) => {
      await enter(page);
      await page.setViewportSize({ width: 375, height: 900 });
      assert.equal(await page.locator("#debt").isVisible(), false);
      await undelivered(() => buy(page));
      await expectBalance(page, bonus + PACK.credits);

      await page.getByRole("button", { name: "Payments, receipts and cards" }).click();
      await page.getByRole("heading", { name: "Your payments" }).waitFor();
      await page.getByRole("cell", { name: MONEY }).waitFor();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-portal");
      await page.getByRole("link", { name: "Back to the shop" }).click();
      await page.getByRole("button", { name: BUY }).waitFor();
    });
  },
);

Deno.test(
  { name: "money that went back is told in a sentence, and so is what is owed", ignore },
  async () => {
    const buyer = await signUp();
    const { payment_intent } = await pay(await checkOut(buyer));
    await control("/delivery/wait");
    const job = { p_user_id: buyer.id, p_job_id: crypto.randomUUID() };
    const spent = { ...job, p_amount: bonus + PACK.credits, p_job_type: "test" };
    const reserved = await service.rpc("reserve_credits", spent).throwOnError();
    assert.equal(reserved.data.outcome, "reserved");
    await service.rpc("confirm_credits", job).throwOnError();
    await stripe.refunds.create({ payment_intent });
    await control("/delivery/wait");
    await withPage({ width: 360, colorScheme: "dark" }, async (page) => {
      await signedIn(page, buyer);
      await page.getByText(`You owe ${inWords(PACK.credits)} credits`).waitFor();
      const today = new Date().toLocaleDateString("en-US", { dateStyle: "medium" });
      await page.getByText(
        `${MONEY} of your purchase of ${today} was refunded. ` +
          `${inWords(PACK.credits)} credits were taken back for it on ${today}.`,
      ).waitFor();
      assert.deepEqual(await obstacles(page), []);
      await picture(page, "small-owing");
    });
  },
);

// Only the whole browser, which costs more, keeps a page to come back to, and shows a PDF.
Deno.test({ name: "in the whole browser", ignore }, async (t) => {
  await withPage({ ...WIDE, isWhole: true }, async (page, complaints) => {
    await finishedStory(await enter(page));

    await t.step("after Back from the payment page the pack can be bought again", async () => {
      await page.evaluate(`addEventListener("pageshow", (event) => globalThis.asItWas = event.persisted)`);
      await page.getByRole("button", { name: BUY }).click();
      await page.waitForURL(/\/pay\//);
      await page.goBack({ waitUntil: "commit" });
      await page.waitForFunction(() => Reflect.get(globalThis, "asItWas"));
      await buy(page);
    });

    await t.step("a book opens in a tab of its own", async () => {
      // The page came back from the payment, and shows the story that is there since.
      await page.getByRole("button", { name: "Make a book" }).click();
      const [tab] = await Promise.all([
        page.context().waitForEvent("page"),
        page.getByRole("link", { name: "Open the book" }).click(),
      ]);
      await tab.waitForURL(/^blob:/);
    });
    assert.deepEqual(complaints, []);
  });
});

Deno.test({ name: "an answer that is lost on its way costs nobody their story", ignore }, async (t) => {
  await withPage(WIDE, async (page) => {
    await enter(page);
    await page.getByLabel("Pages").fill("1");
    for (const how of ["a dropped connection", "a gateway that is busy"]) {
      await t.step(how, async () => {
        const story = /story-api\/[0-9a-f-]{36}$/;
        let lost = 0;
        await page.route(story, async (route) => {
          if (++lost > 1) await route.continue();
          else if (how === "a dropped connection") await route.abort("connectionreset");
          else {await route.fulfill({
              status: 503,
              headers: { "access-control-allow-origin": "*" },
              json: {},
            });}
        });
        // Once it is answered, the story before it is hidden.
        await Promise.all([
          page.waitForResponse((response) => story.test(response.url()) && response.ok()),
          page.getByRole("button", { name: `Write it for ${inWords(prices.story_page)} credits` }).click(),
        ]);
        await page.locator("#story:not([hidden])").waitFor();
        assert.ok(lost > 1);
        assert.equal(await page.locator("#notice").innerText(), "");
        await page.unroute(story);
      });
    }
  });
});
