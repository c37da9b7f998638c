/**
 * The page as a visitor has it, and what somebody who wants to be them may write.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { finishedStory } from "../jobs.ts";
import { grant, type Person, stack } from "../people.ts";
import { database } from "./state.ts";

/** Where the page is. */
export const PAGE = `${stack("API_URL")}/`;
const KEY = `sb-${new URL(PAGE).hostname.split(".")[0]}-auth-token`;

/** What the page's server has that costs a browser next to nothing; away from there and back it would start another process. */
const NOTHING = `${PAGE}config.json`;

/** Opens `address` as a link does, in the tab that may be at the page already. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(NOTHING);
  await page.goto(address);
}

/** The page as `person` has it, signed in. */
export async function signedIn(page: Page, person: Person): Promise<void> {
  const { data } = await person.client.auth.getSession();
  // Only this once: later the page decides what it keeps.
  await using _seed = await page.addInitScript(([key, session]) => localStorage.setItem(key, session), [
    KEY,
    JSON.stringify(data.session),
  ]);
  await page.goto(PAGE);
  // A small screen has no room for the address.
  await page.locator("#who:not([hidden]) #email", { hasText: person.email }).waitFor({ state: "attached" });
}

/** Tokens of `person` as links of the implicit flow carry them. */
export async function fragmentOf(person: Person): Promise<string> {
  const { data: { session } } = await person.client.auth.getSession();
  const { access_token = "", refresh_token = "", expires_at = 0 } = session ?? {};
  const said = { access_token, refresh_token, expires_at: `${expires_at}`, expires_in: "3600" };
  return `#${new URLSearchParams({ ...said, token_type: "bearer", type: "magiclink" })}`;
}

/** What the page keeps of whoever is signed in. */
export const sessionOf = (page: Page) => page.evaluate((key) => localStorage.getItem(key), KEY);

/** A finished story of `person`'s that is made of markup. */
export async function hostileStory(person: Person): Promise<{ title: string; text: string }> {
  await grant(person, 10);
  const id = await finishedStory(person);
  const title = `<img src=x onerror=alert(2)>"><script>alert(3)</script>`;
  const text = `<img src=x onerror=alert(4)><a href="javascript:alert(5)">x</a>`;
  const sql = database();
  await sql`
    update public.stories set title = ${title}, pages = ${
    sql.json([{ text, image_prompt: "" }])
  } where id = ${id}`;
  await sql.end();
  return { title, text };
}

/** The page says `text` and stays where nobody is signed in, at an address that says nothing. */
export async function staysSignedOut(page: Page, text: string): Promise<void> {
  await page.getByText(text).waitFor();
  await page.getByRole("button", { name: "Create account" }).waitFor();
  assert.equal(await sessionOf(page), null);
  assert.equal(page.url(), PAGE);
}
