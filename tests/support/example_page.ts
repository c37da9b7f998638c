/** The page of `examples/images/` as somebody uses it. */
import assert from "node:assert/strict";
import { chromiumPath, obstacles, withPage } from "./browser.ts";
import { PRICE } from "./example.ts";
import type { Painter } from "./painter.ts";
import { stack } from "./people.ts";

/** Somebody signs up on the page, buys, and has something painted. */
export async function onThePage(t: Deno.TestContext, painter: Painter): Promise<void> {
  // A machine that is there to test must have the browser; on any other one its absence is no failure.
  const ignore = chromiumPath === undefined && !Deno.env.get("CI");
  await t.step({
    name: "in a browser",
    ignore,
    fn: () =>
      withPage({ width: 1000, colorScheme: "light" }, async (page, complaints) => {
        const email = `${crypto.randomUUID()}@example.com`;
        await page.goto(stack("API_URL"));
        await page.getByLabel("E-mail").fill(email);
        await page.getByLabel("Password").fill("correct horse battery");
        await page.getByRole("button", { name: "Create account" }).click();
        await page.getByText("Follow the link").waitFor();
        const [{ link }] = await (await fetch(`${stack("INBOX_URL")}?to=${email}`)).json();
        await page.goto(link);
        await page.locator("#balance", { hasText: "credits" }).waitFor();
        const before = parseFloat(await page.locator("#balance").innerText());
        const buttons = page.getByRole("button", { name: /^Buy / });
        await buttons.first().click();
        await page.getByRole("button", { name: /^Pay .* by card/ }).click();
        await page.waitForURL(`${stack("API_URL")}/**`);
        await fetch(`${stack("STRIPE_API_URL")}/_test/delivery/wait`, { method: "POST" });
        await page.reload();
        await page.locator("#balance", { hasText: "credits" }).waitFor();
        const bought = parseFloat(await page.locator("#balance").innerText()) - before;
        assert.ok(bought > 0);
        painter.onPrompt = () => 200;
        await page.getByLabel("What shall be on it?").fill("a lamp");
        await page.getByRole("button", { name: `Paint it for ${PRICE.toFixed(2)} credits` }).click();
        await page.getByRole("img", { name: "a lamp" }).waitFor();
        const left = before + bought - PRICE;
        await page.locator("#balance", { hasText: `${left.toFixed(2)} credits` }).waitFor();
        assert.deepEqual(await obstacles(page), []);
        assert.deepEqual(complaints, []);
      }),
  });
}
