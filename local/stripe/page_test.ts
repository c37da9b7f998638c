import assert from "node:assert/strict";
import { withStandIn } from "../../tests/support/stripe_stand_in.ts";

Deno.test("the page shows what is bought, escapes it and allows no scripts", () =>
  withStandIn(async ({ open, url }) => {
    const session = await open(0, {
      line_items: [{
        price_data: { currency: "jpy", unit_amount: 1500, product_data: { name: "<b>Ten</b> credits" } },
        quantity: 2,
      }],
    });
    assert.equal(session.url, `${url}/pay/${session.id}`);
    const response = await fetch(session.url!);
    const page = await response.text();
    assert.match(page, /¥3,000/);
    assert.match(page, /&lt;b&gt;Ten&lt;\/b&gt; credits/);
    assert.match(page, /No money moves/);
    assert.match(page, /href="http:\/\/shop\.example\/cart"/);
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /form-action 'self' http:\/\/shop\.example;/);
    assert.doesNotMatch(page, /<script/);
    const style = await fetch(new URL("style.css", session.url!));
    assert.equal(style.headers.get("content-type"), "text/css");
    await style.body?.cancel();
  }));

Deno.test("paid, expired and unknown sessions show that, and offer no payment", () =>
  withStandIn(async ({ open, submit, stripe, url }) => {
    const paid = await open();
    await (await submit(paid, "paid")).body?.cancel();
    const expired = await open();
    await stripe.checkout.sessions.expire(expired.id);
    const pages = [
      [`${url}/pay/${paid.id}`, 200, /This order is paid/],
      [`${url}/pay/${expired.id}`, 200, /has expired/],
      [`${url}/pay/cs_test_nope`, 404, /No such payment/],
    ] as const;
    for (const [address, status, text] of pages) {
      const response = await fetch(address);
      assert.equal(response.status, status);
      const page = await response.text();
      assert.match(page, text);
      assert.doesNotMatch(page, /<form/);
    }
    const unknown = await submit({ ...paid, url: null, id: "cs_test_nope" }, "paid");
    await unknown.body?.cancel();
    assert.equal(unknown.status, 303);
    const nonsense = await submit(await open(), "free");
    assert.equal(nonsense.status, 400);
    await nonsense.body?.cancel();
  }));

for (
  const [outcome, end] of [["succeeded", /This order is paid/], ["failed", /The payment failed/]] as const
) {
  Deno.test(`who chose a bank debit is told to come back, and answers for the bank: ${outcome}`, () =>
    withStandIn(async ({ open, submit, received, settled, stripe }) => {
      const session = await open();
      const address = session.url!;
      const page = async () => await (await fetch(address)).text();
      const answer = async (outcome: string) => {
        const body = new URLSearchParams({ outcome });
        const response = await fetch(`${address}/settle`, { method: "POST", body, redirect: "manual" });
        await response.body?.cancel();
        return [response.status, response.headers.get("location")];
      };
      assert.match(await page(), /come back to this page afterwards and let it pay or refuse/);
      assert.doesNotMatch(await page(), /Let the bank/);
      assert.deepEqual(await answer(outcome), [303, address]);
      assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, "open");

      await (await submit(session, "delayed")).body?.cancel();
      const waiting = await page();
      assert.match(waiting, /Your bank was asked for the money/);
      assert.ok(waiting.includes(`action="${session.id}/settle"`));
      assert.deepEqual(await answer("perhaps"), [400, null]);
      assert.deepEqual(await Promise.all([answer(outcome), answer(outcome)]), [[303, address], [
        303,
        address,
      ]]);
      await settled();
      const after = await page();
      assert.match(after, end);
      assert.doesNotMatch(after, /<form/);
      const type = `checkout.session.async_payment_${outcome}`;
      assert.equal(received.filter((event) => event.type === type).length, 1);
    }));
}
