import type { BrowserContext, Page } from "playwright-core";
import { messageOf } from "../../local/errors.ts";

/** What the storage and the locks of a page hold: no values, which are sessions. */
const STATE = `navigator.locks.query().then(({ held, pending }) => JSON.stringify({
  visibility: document.visibilityState,
  localStorage: Object.keys(localStorage),
  sessionStorage: Object.keys(sessionStorage),
  locks: { held, pending },
}))`;

/** Notes what happens in the tabs of a browser, so that a failure can say it. */
export class Witness {
  readonly #notes = new Map<Page, string[]>();
  readonly #start = performance.now();

  /** Watches the tabs that are opened in `context` from now on. */
  constructor(context: BrowserContext) {
    context.on("page", (page) => this.#watch(page));
  }

  /** For each tab that is open: its whole address, what it shows and holds, its console, navigations and failed requests. */
  async report(): Promise<string> {
    const tabs = [...this.#notes].filter(([page]) => !page.isClosed());
    return (await Promise.all(tabs.map(([page, notes]) => describe(page, notes)))).join("\n");
  }

  #watch(page: Page): void {
    const notes: string[] = [];
    const note = (text: string) =>
      notes.push(`${((performance.now() - this.#start) / 1000).toFixed(2)}s ${text}`);
    this.#notes.set(page, notes);
    page.on("console", (message) => note(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => note(`uncaught: ${error.message}`));
    page.on("framenavigated", (frame) => note(`at ${frame.url()}`));
    page.on("requestfailed", (request) => {
      note(`${request.method()} ${request.url()} failed: ${request.failure()?.errorText}`);
    });
    page.on("response", async (response) => {
      if (response.status() < 400) return;
      const body = await response.text().catch(messageOf);
      note(
        `${response.request().method()} ${response.url()} gave ${response.status()}: ${body.slice(0, 300)}`,
      );
    });
  }
}

async function describe(page: Page, notes: string[]): Promise<string> {
  const text = await page.locator("body").innerText({ timeout: 5000 }).catch(messageOf);
  const state = await page.evaluate(STATE).catch(messageOf);
  return [
    `a tab at ${page.url()}`,
    `  shows: ${text.replaceAll(/\s+/g, " ").slice(0, 500)}`,
    `  holds: ${state}`,
    ...notes.map((line) => `  ${line}`),
  ].join("\n");
}
