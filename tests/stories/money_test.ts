// Amounts in every currency that Stripe takes, in its minor units, on the page and at the stand-in.
import assert from "node:assert/strict";
import { formatMoney } from "../../local/stripe/money.ts";
import { money } from "../../web/money.js";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

Deno.test("amounts are shown in Stripe's minor units, its special cases among them", () => {
  const cases: [amount: number, currency: string, shown: string][] = [
    [1234, "usd", "$12.34"],
    [1000, "jpy", "¥1,000"],
    [3000, "kwd", "KWD 3.000"],
    [1000, "mga", "MGA 1,000"],
    // Intl has no decimals for it, Stripe two.
    [1050, "all", "ALL 10.50"],
    // Stripe counts them in hundredths and charges them whole.
    [500, "isk", "ISK 5"],
    [500, "ugx", "UGX 5"],
    [1050, "huf", "HUF 10.50"],
    [1050, "twd", "NT$10.50"],
  ];
  for (const [amount, currency, shown] of cases) assert.equal(plain(money(amount, currency, "en")), shown);
});

Deno.test("the page and Stripe's page agree in every currency", () => {
  for (const code of Intl.supportedValuesOf("currency")) {
    const currency = code.toLowerCase();
    assert.equal(money(123_400, currency, "en"), formatMoney(123_400, currency));
  }
});
