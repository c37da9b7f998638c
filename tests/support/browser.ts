/**
 * A real browser for tests: Debian's chromium, or any other that `CHROMIUM` names.
 *
 * @module
 */
import type { AxeResults } from "axe-core";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { messageOf } from "../../local/errors.ts";
import { type Browser, chromium, type Page } from "playwright-core";
import { Witness } from "./browser_witness.ts";

/** The same without windows, and so without what shows a PDF or keeps a page to come back to: it takes half as much of the processor. */
const WITHOUT_WINDOWS = "/usr/bin/chromium-headless-shell";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", WITHOUT_WINDOWS];

/** It runs as root in containers, without a graphics card, and has nobody to talk to but the stack. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
  .concat(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
  // A process in reserve for each page that may come costs more than all that the pages do.
  .concat([
    "--disable-features=SpareRendererForSitePerProcess",
    "--disable-site-isolation-trials",
    "--in-process-gpu",
  ]);

/** A page that is left may come back as it was, as it does for everybody else. */
const AS_PEOPLE_HAVE_IT = ["--disable-back-forward-cache"];

/** Where the browser is, or nothing on a machine that has none. */
export const chromiumPath: string | undefined = await find();

async function find(): Promise<string | undefined> {
  const named = Deno.env.get("CHROMIUM");
  if (named) return named;
  for (const path of PLACES) {
    if (await exists(path)) return path;
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

const browsers = new Map<string, Promise<Browser>>();

Deno.test.afterAll(async () => {
  await Promise.all([...browsers.values()].map(async (browser) => await (await browser).close()));
});

/** The one browser of its kind. */
async function launched(whole: boolean): Promise<Browser> {
  const isSmall = !whole && !Deno.env.get("CHROMIUM") && await exists(WITHOUT_WINDOWS);
  const executablePath = isSmall ? WITHOUT_WINDOWS : chromiumPath!;
  const browser = browsers.get(executablePath) ?? chromium.launch({
    executablePath,
    args: FLAGS,
    ignoreDefaultArgs: AS_PEOPLE_HAVE_IT,
  });
  browsers.set(executablePath, browser);
  return await browser;
}

/**
 * A page of its own, as wide as asked for. What the page's scripts complain about ends up in `complaints`; a test that
 * fails says what all tabs were at.
 */
export async function withPage(
  options: { width: number; colorScheme: "light" | "dark"; locale?: string; isWhole?: boolean },
  test: (page: Page, complaints: string[]) => Promise<void>,
) {
  assert(chromiumPath, "chromium must be installed where CI is set: apt-get install chromium");
  assert(
    !options.isWhole || chromiumPath !== WITHOUT_WINDOWS,
    "this needs all of it: apt-get install chromium",
  );
  await using cleanUp = new AsyncDisposableStack();
  const browser = await launched(options.isWhole ?? false);
  const viewport = { width: options.width, height: 900 };
  const settings = { viewport, colorScheme: options.colorScheme, locale: options.locale ?? "en-US" };
  const context = cleanUp.adopt(await browser.newContext(settings), (context) => context.close());
  context.setDefaultTimeout(60_000);
  const witness = new Witness(context);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  try {
    await test(page, complaints);
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${await witness.report()}`, { cause: error });
  }
}

/** Keeps a picture of the page where `BROWSER_SCREENSHOTS` says, for somebody to look at. */
export async function picture(page: Page, name: string) {
  const folder = Deno.env.get("BROWSER_SCREENSHOTS");
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

const axe = await Deno.readTextFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"));

/** What keeps people with a keyboard, a screen reader or weak eyes from using the page, and what does not fit it. */
export async function obstacles(page: Page): Promise<string[]> {
  if (!await page.evaluate("'axe' in window")) await run(page, axe);
  // Of what is well it would list every place.
  const found: AxeResults["violations"] = await page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  const violations = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  return [...violations, ...await overflow(page)];
}

/** Runs a long script in the page, for two thirds of what `evaluate` takes, which hands it over as an argument. */
async function run(page: Page, script: string) {
  const session = await page.context().newCDPSession(page);
  const { exceptionDetails } = await session.send("Runtime.evaluate", { expression: script });
  await session.detach();
  assert.equal(exceptionDetails, undefined);
}

/** How much of the page does not fit the window, if any of it does not. */
export async function overflow(page: Page): Promise<string[]> {
  const excess = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  return excess === 0 ? [] : [`${excess} px wider than the window`];
}
