/**
 * Somebody at the demo page who subscribes.
 *
 * @module
 */
import type { Page } from "playwright-core";

const MINUTE = 1 / (24 * 60);

/** What of the page and of the portal a subscriber uses. */
export function visitor(page: Page, pass: (days: number) => Promise<void>) {
  const plan = page.locator("#plan-card");
  return {
    plan,
    balance: (credits: string) =>
      page.locator("#balance", { hasText: new RegExp(`^${credits} credits$`) }).waitFor(),
    shows: (text: string | RegExp) => plan.getByText(text).first().waitFor(),
    press: (name: RegExp) => page.getByRole("button", { name }).click(),
    /** Goes to the portal, presses what is to be pressed there, and waits for what that leads to. */
    inPortal: async (button: RegExp, ...steps: [RegExp, RegExp][]) => {
      await plan.getByRole("button", { name: button }).click();
      await page.getByRole("heading", { name: "Your card" }).waitFor();
      for (const [name, outcome] of steps) {
        // Stripe's clock counts seconds, and what happens within one has no order.
        await pass(MINUTE);
        await page.getByRole("button", { name }).click();
        await page.getByText(outcome).first().waitFor();
      }
    },
    back: () => page.getByRole("link", { name: "Back to the shop" }).click(),
  };
}
