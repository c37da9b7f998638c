/**
 * What a user has, used, bought and may buy.
 *
 * @module
 */
import { strongTokens } from "../_shared/auth/users.ts";
import { addHealth } from "../_shared/http/health.ts";
import { settings } from "../_shared/needs.ts";
import { checkoutOptions } from "../_billing/deployment.ts";
import { createApp } from "../_shared/http/app.ts";
import { addAccountRoutes } from "./account.ts";
import { addShopRoutes } from "./shop.ts";
import { addCheckout } from "./checkout.ts";
import { addMetering } from "./metering.ts";
import { addPortal } from "./portal.ts";
import { addPurchases } from "./purchases.ts";
import { addRefresh } from "./refresh.ts";
import { addSubscribe } from "./subscribe.ts";
import { addSubscription } from "./subscription.ts";
import { addSubscriptionRefresh } from "./subscription_refresh.ts";

/** The credits-api. */
export const app = createApp("credits-api");
addHealth(app, strongTokens, settings("STRIPE_SECRET_KEY"), checkoutOptions);
addAccountRoutes(app);
addShopRoutes(app);
addPurchases(app);
addCheckout(app);
addRefresh(app);
addPortal(app);
addMetering(app);
addSubscribe(app);
addSubscription(app);
addSubscriptionRefresh(app);
