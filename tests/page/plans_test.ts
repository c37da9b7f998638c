// In a process of its own: it moves the clocks of a stack, which nobody else may be using.
//
// Plans at the demo page, as somebody who pays for one has them: begun, renewed, made larger, not paid, cancelled; tried, and paid by
// the year.
import assert from "node:assert/strict";
import postgres from "postgres";
import { chromiumPath, obstacles, picture, withPage } from "../support/browser.ts";
import { OwnStack } from "../support/own_stack.ts";
import { visitor } from "../support/plans/visitor.ts";

const ignore = chromiumPath === undefined && !Deno.env.get("CI");
/** A month is at most so long, and its invoice an hour later. */
const MONTH = 31.1;
const MANAGE = /^Change or cancel the plan$/;

Deno.test(
  { name: "a plan is begun, renewed, made larger, not paid, paid again and cancelled", ignore },
  async (t) => {
    await using own = await OwnStack.start({});
    const { later } = await import("../support/later.ts");
    const { signUp } = await import("../support/people.ts");
    const { signedIn } = await import("../support/attack/page.ts");
    const { readTerms } = await import("../support/terms.ts");
    const { bonus } = await readTerms();
    const pass = (days: number) => later(own.stack.adminUrl, days);
    /** As the timer does every five minutes. */
    const sweep = async () => {
      const sql = postgres(own.stack.adminUrl, { max: 1, onnotice: () => {} });
      await sql`select public.grant_plan_credits()`;
      await sql.end();
    };
    const sum = (credits: number) => (bonus + credits).toFixed(2).replace(".", "\\.");

    await withPage({ width: 1200, colorScheme: "light" }, async (page, complaints) => {
      const { balance, shows, press, inPortal, back } = visitor(page, pass);
      await signedIn(page, await signUp());

      await t.step("what there is to subscribe to", async () => {
        await shows("A story every other night");
        assert.deepEqual(await obstacles(page), []);
        await picture(page, "plans-offered");
      });

      await t.step("subscribing brings the first credits", async () => {
        await press(/^Subscribe to Bedtime for \$15\.00 a month/);
        await page.getByText("Then $15.00 a month, until you cancel.").waitFor();
        await picture(page, "plans-payment");
        await press(/^Subscribe by card/);
        await page.getByText("Bedtime has begun: 20.00 credits are yours.").waitFor();
        await balance(sum(20));
        await shows("20.00 of 20.00 credits left");
        await shows(/^\$15\.00 a month; the next payment is on /);
        await shows(/^The next 20\.00 credits come on /);
        assert.deepEqual(await obstacles(page), []);
        await picture(page, "plans-begun");
      });

      await t.step("a month later they come again, and half of the others stays", async () => {
        await pass(MONTH);
        await page.reload();
        await balance(sum(30));
        await shows("10.00 of 10.00 credits left, kept from before");
        await picture(page, "plans-renewed");
      });

      await t.step("a larger plan begins at once", async () => {
        await inPortal(MANAGE);
        await picture(page, "plans-portal");
        assert.deepEqual(await obstacles(page), []);
        await press(/^Change to Library, \$36\.00 a month/);
        await page.getByRole("heading", { name: "Your plan: Library" }).waitFor();
        await back();
        await shows(/^\$36\.00 a month; the next payment is on /);
        await shows("The next 60.00 credits come on");
        await balance(sum(90));
        await picture(page, "plans-larger");
      });

      await t.step("a payment that fails is said, and what to do about it", async () => {
        await inPortal(MANAGE, [/^Save a card that is always declined/, /It ends in 0341/]);
        await pass(MONTH);
        await back();
        await shows("The last payment failed, and no new credits come until it is paid.");
        assert.deepEqual(await obstacles(page), []);
        await picture(page, "plans-not-paid");
        const [card, pay] = [/^Save a new card/, /^Pay \$36\.00 by the saved card/];
        await inPortal(/^Pay, or use another card$/, [card, /It ends in 4242/], [pay, /It renews on/]);
        await back();
        await shows(/^\$36\.00 a month/);
        await shows("60.00 of 60.00 credits left");
        await page.setViewportSize({ width: 360, height: 900 });
        assert.deepEqual(await obstacles(page), []);
        await picture(page, "plans-small");
      });

      await t.step("it ends with what was paid for, and other credits stay", async () => {
        await inPortal(MANAGE, [/^Cancel the plan/, /It ends on/]);
        await back();
        await shows(/^It ends on .* and costs nothing more\.$/);
        await picture(page, "plans-ending");
        await pass(MONTH);
        await page.reload();
        await page.getByRole("heading", { name: "Plans" }).waitFor();
        await shows("A story every other night");
        await balance(sum(0));
      });
      assert.deepEqual(complaints, []);
    });

    await withPage({ width: 1200, colorScheme: "light" }, async (page, complaints) => {
      const { plan, balance, shows, press, inPortal, back } = visitor(page, pass);
      await signedIn(page, await signUp());

      await t.step("a trial has credits of its own, which end with the first that are paid", async () => {
        await shows(/^60\.00 credits each month\. The first 7 days are free, with 5\.00 credits\.$/);
        await press(/^Subscribe to Library for \$36\.00 a month/);
        await press(/^Subscribe by card/);
        await page.getByText("Library has begun: 5.00 credits are yours.").waitFor();
        await balance(sum(5));
        await shows(/^Free until .* After that: \$36\.00 a month\.$/);
        await shows("5.00 of 5.00 credits left, from your trial");
        assert.deepEqual(await obstacles(page), []);
        await picture(page, "plans-trial");
        await pass(7.1);
        await page.reload();
        await balance(sum(60));
        await shows(/^\$36\.00 a month; the next payment is on /);
      });

      await t.step("a year is paid once and comes month by month", async () => {
        await inPortal(MANAGE, [
          /^Change to Library, \$360\.00 a year/,
          /^Go down to Library, \$36\.00 a month/,
        ]);
        await back();
        await shows(/^\$360\.00 a year; the next payment is on /);
        const comes = plan.getByText(/^The next 60\.00 credits come on /);
        const next = await comes.textContent();
        await balance(sum(90));
        await pass(MONTH);
        await sweep();
        await page.reload();
        await shows(/^\$360\.00 a year; the next payment is on /);
        assert.notEqual(await comes.textContent(), next);
        await shows("60.00 of 60.00 credits left");
        await balance(sum(90));
        await picture(page, "plans-yearly");
      });
      assert.deepEqual(complaints, []);
    });
  },
);
