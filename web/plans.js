/** Plans: what can be subscribed to, what one has subscribed to, and the way to both. */
import { call, poll } from "./api.js";
import { byId, credits, element, notify, pause } from "./dom.js";
import { money } from "./money.js";
import { HERE, leadsAway, leadsToPortal, PENDING, SUBSCRIBING } from "./away.js";

/** What is offered does not change while somebody looks at the page. */
let offers;
/** What is shown, so that nothing is drawn again under somebody's fingers. */
let shown;

/** Shows the plan that one has, or those that there are. */
export async function showPlan() {
  const [{ subscription }, { items }] = await Promise.all([
    call("credits-api/subscription"),
    offers ??= call("credits-api/plans"),
  ]);
  const news = JSON.stringify(subscription);
  if (news === shown) return;
  shown = news;
  byId("plan-card").hidden = !subscription && items.length === 0;
  byId("plan-title").textContent = subscription ? `Your plan: ${subscription.plan}` : "Plans";
  byId("plan").replaceChildren(...(subscription ? ownPlan(subscription, items) : [offerList(items)]));
}

/** After the payment page: waits until Stripe's news of the subscription have arrived, and says what they brought. */
export async function welcomeSubscriber(refresh) {
  notify("good", "Thank you! Waiting for your plan to begin …");
  // Stripe is asked as well: its news may be late, or never come.
  await call("credits-api/subscription/refresh", { method: "POST" }).catch(() => {});
  for (let attempt = 0; attempt < 10; attempt++) {
    const { subscription } = await poll("credits-api/subscription");
    if (subscription && subscription.status !== "incomplete") {
      await refresh();
      const came = subscription.batches.reduce((sum, { amount }) => sum + amount, 0);
      return notify("good", `${subscription.plan} has begun: ${credits(came)} are yours.`);
    }
    await pause(1500);
  }
  notify("good", "Stripe has your order. Your plan begins as soon as it tells us; reload this page later.");
}

/** After the portal: what was changed there comes as Stripe's news, which may be slower than the browser. */
export async function awaitChanges(refresh) {
  for (const seconds of [2, 3, 5, 10, 20]) {
    await pause(1000 * seconds);
    await refresh();
  }
}

/** Each plan once, with a button for each of its prices. */
function offerList(items) {
  const plans = Map.groupBy(items, ({ plan_id }) => plan_id);
  return element("ul", { class: "plans" }, ...[...plans.values()].map(planRow));
}

function planRow(offers) {
  const [{ name, description }] = offers;
  const sorted = offers.toSorted((one, other) => one.amount_cents - other.amount_cents);
  const about = description ? [element("p", { class: "hint" }, description)] : [];
  return element("li", {}, element("strong", {}, name), ...about, ...sorted.flatMap(offerParts));
}

function offerParts(offer) {
  const price = priceOf(offer);
  const label = `Subscribe to ${offer.name} for ${price}`;
  const button = element("button", { type: "button", "aria-label": label }, price);
  leadsAway(button, () => subscribe(offer));
  const what = `${credits(offer.credits)} each ${rhythm(offer)}`;
  return [element("p", {}, offer.trial_days > 0 ? `${what}. ${trialOf(offer)}.` : what), button];
}

async function subscribe({ plan_id, price_id }) {
  const body = { plan_id, price_id, return_to: HERE };
  const page = await call("credits-api/subscribe", { method: "POST", body });
  sessionStorage.setItem(PENDING, SUBSCRIBING);
  return page;
}

function ownPlan(subscription, items) {
  const offer = items.find(({ price_id }) => price_id === subscription.price_id);
  const failed = ["past_due", "unpaid"].includes(subscription.status);
  const manage = element(
    "button",
    { type: "button", class: failed ? "main" : "" },
    failed ? "Pay, or use another card" : "Change or cancel the plan",
  );
  leadsToPortal(manage);
  const { batches } = subscription;
  return [
    element("p", { class: failed ? "message bad" : "" }, standing(subscription, offer)),
    ...(failed ? [] : [element("p", {}, whatComes(subscription))]),
    ...(batches.length ? [element("ul", { class: "batches" }, ...batches.map(batchRow))] : []),
    element("p", {}, manage),
  ];
}

/** How the plan stands, in a sentence or two. */
function standing({ status, cancel_at, period_end, trial_end }, offer) {
  const price = offer ? priceOf(offer) : "The price that you subscribed for";
  if (status === "past_due" || status === "unpaid") {
    return "The last payment failed, and no new credits come until it is paid.";
  }
  if (status === "paused") return "Your plan is paused: there is no card to pay it with.";
  if (cancel_at) return `It ends on ${day(cancel_at)} and costs nothing more.`;
  if (status === "trialing") return `Free until ${day(trial_end)}. After that: ${price}.`;
  return `${price}; the next payment is on ${day(period_end)}.`;
}

function whatComes({ next_credits_at, next_credits, cancel_at }) {
  if (next_credits_at) return `The next ${credits(next_credits)} come on ${day(next_credits_at)}.`;
  return cancel_at ? "No more credits come." : "";
}

const KINDS = { trial: "from your trial", rollover: "kept from before", late: "kept from before" };

function batchRow({ kind, amount, remaining, expires_at }) {
  const what = KINDS[kind] ? `, ${KINDS[kind]}` : "";
  return element(
    "li",
    {},
    element(
      "span",
      {},
      `${remaining.toFixed(2)} of ${credits(amount)} left${what}, until ${day(expires_at)}`,
    ),
    element("progress", { max: amount, value: remaining, "aria-label": "What is left of these credits" }),
  );
}

function priceOf({ amount_cents, currency, interval }) {
  return `${money(amount_cents, currency)} a ${interval}`;
}

/** How often credits come: a year's may come by the month. */
function rhythm({ interval, drip }) {
  return drip === "month" ? "month" : interval;
}

function trialOf({ trial_days, trial_credits }) {
  const gift = trial_credits > 0 ? `, with ${credits(trial_credits)}` : "";
  return `The first ${trial_days} days are free${gift}`;
}

function day(time) {
  return new Date(time).toLocaleDateString([], { dateStyle: "medium" });
}
