import assert from "node:assert/strict";
import { withStandIn } from "./test_support.ts";

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
