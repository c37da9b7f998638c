/** The steps of the journey that are about credits. */
import { formatMoney } from "../local/stripe/money.ts";
import { createClient } from "@supabase/supabase-js";
import { credits, type Hundredths, type UsageItem } from "./account.ts";
import { expectSame, Mismatch } from "./mismatch.ts";
import {
  checkOut,
  deliverAgain,
  listPacks,
  type Pack,
  paidEvent,
  payOnPage,
  purchaseStates,
} from "./shop.ts";
import type { Traveller } from "./traveller.ts";

/** Signs up, confirms the e-mail and looks at the signup bonus. */
export async function arrive(
  { visitor, account, report }: Traveller,
): Promise<{ userId: string; bonus: Hundredths }> {
  await report.step("Sign up", () => visitor.signUp(), () => visitor.email);
  const userId = await report.step(
    "Confirm e-mail",
    () => visitor.confirmEmail(),
    () => "with the code in the inbox",
  );
  const bonus = await report.step(
    "Signup bonus",
    () => account.open(),
    (bonus) => `${credits(bonus)} credits`,
  );
  if (bonus === 0) throw new Mismatch("there is no signup bonus, although the e-mail is confirmed");
  return { userId, bonus };
}

/** Buys the first pack and waits for Stripe's event about it. */
export async function buy({ visitor, account, report }: Traveller) {
  const packs = await report.step(
    "List packs",
    () => listPacks(visitor),
    (packs) => packs.map(priceTag).join(" · "),
  );
  const [pack] = packs;
  const order = await report.step(
    "Check out",
    () => checkOut(visitor, pack),
    () => `${pack.name}, ${formatMoney(pack.amount_cents, pack.currency)}`,
  );
  await report.step("Pay", () => payOnPage(visitor, order.url), () => "by card, on the stand-in's page");
  const event = await report.step(
    "Signed webhook",
    () => paidEvent(visitor.site, order.purchase_id),
    ({ id, outcome }) => `${id} ${outcome}`,
  );
  expectSame("what the webhook made of the event", event.outcome, "applied");
  expectSame("the state of the purchase", (await purchaseStates(visitor))[order.purchase_id], "paid");
  await report.step("Balance", () => account.moved(pack.credits), (balance) => `${credits(balance)} credits`);
  const { name, credits: bought, amount_cents, currency } = pack;
  return { pack: name, credits: bought, amount_cents, currency, event_id: event.id };
}

/** Shows what was spent, and that it is what was agreed to. */
export async function readUsage({ account, report }: Traveller, costs: Hundredths[]): Promise<UsageItem[]> {
  const usage = await report.step(
    "Usage",
    () => account.usage(),
    (items) => `${items.length} jobs, newest first`,
  );
  report.usage(usage);
  const said = usage.map(({ credits_used, status }) => `${status} ${credits(credits_used)}`);
  expectSame("the usage table", said, costs.map((cost) => `confirmed ${credits(cost)}`));
  return usage;
}

/** Delivers the event of the purchase once more: nothing may change. */
export async function repeatEvent({ visitor, account, report }: Traveller, eventId: string): Promise<string> {
  const before = [await purchaseStates(visitor), await account.usage()];
  const outcome = await report.step("Same event again", async () => {
    const outcome = await deliverAgain(visitor.site, eventId);
    expectSame("what the webhook made of the repetition", outcome, "duplicate");
    expectSame("purchases and usage", [await purchaseStates(visitor), await account.usage()], before);
    return { outcome, balance: await account.moved(0) };
  }, ({ outcome, balance }) => `${outcome}: still ${credits(balance)} credits`);
  return outcome.outcome;
}

/** Lets Postgres recompute every balance of every user; what it returns would be differences. */
export async function verify({ visitor: { site }, report }: Traveller): Promise<unknown[]> {
  const operator = createClient(site.apiUrl, site.secretKey, { auth: { persistSession: false } });
  return await report.step("verify_credits()", async () => {
    const { data, error } = await operator.rpc("verify_credits");
    if (error) throw new Mismatch(`verify_credits() failed: ${error.message}`);
    expectSame("what verify_credits() found", data, []);
    return [];
  }, () => "no differences: the books agree");
}

function priceTag(pack: Pack): string {
  return `${pack.name} ${credits(pack.credits)} for ${formatMoney(pack.amount_cents, pack.currency)}`;
}
