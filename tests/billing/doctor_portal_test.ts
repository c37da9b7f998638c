// What the doctor says of Stripe's billing portal.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { checkPortal } from "../../tools/doctor/portal.ts";
import { withPlans } from "../support/stripe_subscriptions.ts";

type Features = Stripe.BillingPortal.Configuration.Features;

const SOLD = ["basic", "pro", "basic_year"];
const PRODUCTS = "data.features.subscription_update.products";

Deno.test("the portal at Stripe is as plans are counted, or the finding says what is not", () =>
  withPlans("2027-01-01T00:00Z", async ({ stripe, control }) => {
    const portal = async (expand = [PRODUCTS]) => {
      const query = { active: true, is_default: true, limit: 1, expand };
      return (await stripe.billingPortal.configurations.list(query)).data[0];
    };
    const said = (one: Parameters<typeof checkPortal>[0], prices = SOLD) => {
      const { status, found } = checkPortal(one, prices);
      return `${status}: ${found}`;
    };
    const good = await portal();
    assert.match(said(good), /^ok/);
    assert.match(said(undefined), /^alarm: it was never saved/);
    assert.match(said(undefined, []), /^warn: it was never saved/);
    assert.match(said(good, [...SOLD, "price_new"]), /^warn: it does not offer price_new$/);
    assert.match(said(await portal([])), /^warn: it does not offer basic, pro, basic_year$/);

    const changed = (change: (features: Features) => void) => {
      const features = structuredClone(good.features);
      change(features);
      return said({ features });
    };
    const faults: [change: (features: Features) => void, found: RegExp][] = [
      [(f) => f.payment_method_update.enabled = false, /a card that fails cannot be replaced$/],
      [(f) => f.subscription_cancel.enabled = false, /a plan cannot be cancelled$/],
      [(f) => f.subscription_update.enabled = false, /a plan cannot be changed$/],
      [(f) => f.subscription_update.default_allowed_updates = ["quantity"], /a plan cannot be changed$/],
      [(f) => f.subscription_update.billing_cycle_anchor = "unchanged", /does not begin a new period$/],
      [
        (f) => f.subscription_update.proration_behavior = "create_prorations",
        /prorated \(create_prorations\)$/,
      ],
      [(f) => f.subscription_update.schedule_at_period_end.conditions.shift(), /a downgrade does not wait/],
      [
        (f) => f.subscription_update.schedule_at_period_end.conditions.pop(),
        /from yearly to monthly does not wait/,
      ],
      [
        (f) =>
          Object.assign(f.subscription_cancel, {
            mode: "immediately",
            proration_behavior: "create_prorations",
          }),
        /who cancels at once is credited what is unused$/,
      ],
    ];
    for (const [change, found] of faults) {
      assert.match(changed(change), /^warn: /);
      assert.match(changed(change), found);
    }
    assert.match(changed((f) => f.subscription_cancel.mode = "immediately"), /^ok/);

    await control("/dashboard", { portal_proration: "always_invoice" });
    assert.equal(said(await portal()), "warn: an upgrade is prorated (always_invoice)");
    assert.match(said(await portal(), []), /^ok: saved/);
  }));
