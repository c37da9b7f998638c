/**
 * What the demo page of the running stack says, and somebody new at it.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { BOUNDS } from "../../supabase/functions/_shared/database/bounds.ts";
import { money } from "../../web/money.js";
import { signedIn } from "./attack/page.ts";
import { type Person, signUp } from "./people.ts";
import { inWords, readTerms } from "./terms.ts";

const terms = await readTerms();
const pages = BOUNDS.story.pages.fallback;

/** The pack that tests buy, and what it costs. */
export const [PACK] = terms.packs;
export const MONEY = money(PACK.amount_cents, PACK.currency, "en-US");
export const BUY = `Buy ${PACK.name} for ${MONEY}`;
export const PAID = `Paid: ${inWords(PACK.credits)} credits are yours.`;

/** What the form asks for unless told, and a book of it. */
export const STORY_COST = pages * terms.prices.story_page;
export const BOOK_COST = pages * terms.prices.book_page_with_image;
export const WRITE = `Write it for ${inWords(STORY_COST)} credits`;
export const BIND = `Make a book for ${inWords(BOOK_COST)} credits`;

/** Somebody new at the page, for tests that are not about how one gets there. */
export async function enter(page: Page): Promise<Person> {
  const person = await signUp();
  await signedIn(page, person);
  await expectBalance(page, terms.bonus);
  return person;
}

/** The page says that so many credits are there. */
export async function expectBalance(page: Page, credits: number): Promise<void> {
  await page.locator("#balance", { hasText: new RegExp(`^${inWords(credits)} credits`) }).waitFor();
}
