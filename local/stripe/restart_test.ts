import assert from "node:assert/strict";
import { sdk, withStandIn } from "../../tests/support/stripe_stand_in.ts";
import { withPlans } from "../../tests/support/stripe_subscriptions.ts";
import { startStripeStandIn } from "./mod.ts";

const options = { webhookUrl: "http://127.0.0.1:9/", webhookSecret: "whsec_x" };

Deno.test("a data file keeps everything, and what was not delivered is sent after the restart", async () => {
  const folder = await Deno.makeTempDir();
  const dataFile = `${folder}/stripe.json`;
  let session = "";
  await withStandIn(async ({ open, submit, control }) => {
    await control("/delivery", { paused: true });
    const opened = await open();
    await (await submit(opened, "paid")).body?.cancel();
    session = opened.id;
  }, { dataFile });
  await withStandIn(async ({ stripe, received, settled }) => {
    const kept = await stripe.checkout.sessions.retrieve(session, { expand: ["line_items"] });
    assert.equal(kept.payment_status, "paid");
    assert.equal(kept.line_items?.data[0].description, "Ten credits");
    await settled();
    assert.equal(received.length, 5);
  }, { dataFile });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a restart keeps subscriptions, and how far the clock was moved", async () => {
  const folder = await Deno.makeTempDir();
  const dataFile = `${folder}/stripe.json`;
  let id = "";
  await withPlans("2027-01-15T12:00Z", async ({ subscribe, moveTo }) => {
    ({ id } = await subscribe());
    await moveTo("2027-02-15T12:30Z");
  }, { dataFile });
  await withPlans("2027-01-15T12:30Z", async ({ invoices, settled }) => {
    assert.deepEqual((await invoices(id)).map(({ status }) => status), ["paid", "paid"]);
    await settled();
  }, { dataFile });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a broken data file is named", async () => {
  const dataFile = await Deno.makeTempFile();
  await Deno.writeTextFile(dataFile, "{");
  await assert.rejects(startStripeStandIn({ ...options, dataFile }), (error: Error) => {
    assert.ok(error.message.includes(dataFile));
    assert.match(error.message, /delete it/);
    return true;
  });
  await Deno.remove(dataFile);
});

Deno.test("prices given at the start are there, again after a restart with another amount", async () => {
  const folder = await Deno.makeTempDir();
  const dataFile = `${folder}/stripe.json`;
  for (const unit_amount of [500, 600]) {
    const prices = [{ id: "price_s", unit_amount, currency: "usd", product_name: "Five" }];
    const standIn = await startStripeStandIn({ ...options, dataFile, prices });
    assert.equal((await sdk(standIn.url).prices.retrieve("price_s")).unit_amount, unit_amount);
    await standIn.close();
  }
  await Deno.remove(folder, { recursive: true });
});
