/**
 * The main job, once, as a browser app does it: sign up, buy credits, get a story, get a book. Each step compares
 * what the product says with what must be, and ends the demo at the first difference.
 *
 * @module
 */
import { Account } from "./account.ts";
import { getBook, getStory } from "./making.ts";
import { arrive, buy, readUsage, repeatEvent, verify } from "./money.ts";
import type { Options } from "./options.ts";
import type { Report } from "./report.ts";
import type { Site } from "./site.ts";
import { Visitor } from "./visitor.ts";
import { type FinishedStory, pagePrices } from "./work.ts";

/** What a journey leaves behind, for `--json`. Amounts are in credits. */
export interface Outcome {
  email: string;
  user_id: string;
  bonus: number;
  bought: { pack: string; credits: number; amount_cents: number; currency: string; event_id: string };
  story: FinishedStory & { cost: number };
  book: { id: string; page_count: number; cost: number; file: string; bytes: number };
  usage: { job_type: string; credits_used: number; status: string }[];
  balance: number;
  resent_event: string;
  verify_credits: unknown[];
}

/** Takes the whole journey. @throws {Mismatch} at the first thing that is not as it must be. */
export async function travel(site: Site, options: Options, report: Report): Promise<Outcome> {
  const visitor = new Visitor(site);
  const traveller = { visitor, account: new Account(visitor), report };
  const { userId, bonus } = await arrive(traveller);
  const bought = await buy(traveller);
  const prices = await pagePrices(visitor);
  const story = await getStory(traveller, options, prices.get("story_page"));
  const book = await getBook(traveller, options, story, prices.get("book_page_with_image"));
  const usage = await readUsage(traveller, [book.cost, story.cost]);
  const balance = bonus + bought.credits - story.cost - book.cost;
  const again = await repeatEvent(traveller, bought.event_id);
  const verified = await verify(traveller);
  return {
    email: visitor.email,
    user_id: userId,
    bonus: bonus / 100,
    bought: { ...bought, credits: bought.credits / 100 },
    story: { ...story, cost: story.cost / 100 },
    book: { ...book, cost: book.cost / 100 },
    usage: usage.map(({ job_type, credits_used, status }) => ({
      job_type,
      credits_used: credits_used / 100,
      status,
    })),
    balance: balance / 100,
    resent_event: again,
    verify_credits: verified,
  };
}
