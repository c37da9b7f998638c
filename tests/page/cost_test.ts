// What the demo page says of a price before somebody orders: the stack's own, and what the stack may be set to.
import assert from "node:assert/strict";
import { BOUNDS } from "../../supabase/functions/_shared/database/bounds.ts";
import { chromiumPath, obstacles, overflow, picture, withPage } from "../support/browser.ts";
import { signUp } from "../support/people.ts";
import { signedIn } from "../support/attack/page.ts";
import { inWords, readTerms } from "../support/terms.ts";

const ignore = chromiumPath === undefined && !Deno.env.get("CI");
const WIDE = { width: 1200, colorScheme: "light" } as const;

const { prices } = await readTerms();
const HELD = "You pay what the story uses. 1.60 credits are held while it is written";

Deno.test(
  { name: "a story priced by what it uses says what is held, and what becomes of the rest", ignore },
  async () => {
    const kinds = [
      ["cap", "Write it for up to 1.60 credits", "It never costs more."],
      ["available", "Write it and hold 1.60 credits", "as far as your credits go."],
      ["debt", "Write it and hold 1.60 credits", "from your next credits."],
    ];
    await withPage(WIDE, async (page, complaints) => {
      let over_hold = "";
      await page.route(/estimate\?action=story/, (route) =>
        route.fulfill({
          headers: { "access-control-allow-origin": "*" },
          json: { action: "story", cost: 1.6, card_version: 2, over_hold },
        }));
      for (const [index, [kind, button, beyond]] of kinds.entries()) {
        over_hold = kind;
        // The page asks when it is opened, and again for another number of pages.
        if (index === 0) await signedIn(page, await signUp());
        else await page.getByLabel("Pages").fill(`${index}`);
        await page.getByRole("button", { name: button }).waitFor();
        const terms = await page.locator("#story-terms").innerText();
        assert.ok(terms.startsWith(HELD) && terms.endsWith(beyond), terms);
        assert.deepEqual([await obstacles(page), await overflow(page), complaints], [[], [], []]);
        await picture(page, `held-${kind}`);
      }
    });
  },
);

Deno.test(
  { name: "the price follows the number of pages, and what is not offered has none", ignore },
  async () => {
    await withPage(WIDE, async (page) => {
      await signedIn(page, await signUp());
      const cost = (pages: number) => `Write it for ${inWords(prices.story_page * pages)} credits`;
      await page.getByRole("button", { name: cost(BOUNDS.story.pages.fallback) }).waitFor();
      assert.equal(await page.locator("#story-terms").isVisible(), false);
      await page.getByLabel("Pages").fill("3");
      await page.getByRole("button", { name: cost(3) }).waitFor();
      await page.getByLabel("Pages").fill("0");
      await page.getByRole("button", { name: "Write it", exact: true }).waitFor();
      await page.route(/estimate\?action=story/, (route) =>
        route.fulfill({
          status: 404,
          headers: { "access-control-allow-origin": "*" },
          json: { code: "not_found", message: "Not found" },
        }));
      const asked = page.waitForResponse(/estimate\?action=story/);
      await page.getByLabel("Pages").fill("4");
      assert.equal((await asked).status(), 404);
      await page.getByRole("button", { name: "Write it", exact: true }).waitFor();
      assert.equal(await page.locator("#notice").innerText(), "");
    });
  },
);
