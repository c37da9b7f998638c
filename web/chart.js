/** What was spent in the last 30 days, as a chart of bars. */
import { call } from "./api.js";
import { byId, credits } from "./dom.js";

const DAYS = 30;
const HEIGHT = 60;
const DAY = 24 * 60 * 60 * 1000;

/** Reads the sums of each day again and draws them. */
export async function drawSpending() {
  const { items } = await call(`credits-api/usage/summary?by=day&days=${DAYS}`);
  const spent = new Map(items.map(({ key, credits }) => [key, credits]));
  const days = Array.from({ length: DAYS }, (_, index) => {
    const day = new Date(Date.now() - (DAYS - 1 - index) * DAY).toISOString().slice(0, 10);
    return { day, amount: spent.get(day) ?? 0 };
  });
  const total = days.reduce((sum, { amount }) => sum + amount, 0);
  const most = Math.max(...days.map(({ amount }) => amount));
  const chart = byId("spending");
  chart.setAttribute("viewBox", `0 0 ${DAYS * 10} ${HEIGHT}`);
  chart.setAttribute("aria-label", `${credits(total)} in the last ${DAYS} days`);
  chart.replaceChildren(...days.map(({ day, amount }, index) => bar(index, day, amount, most)));
}

function bar(index, day, amount, most) {
  const height = amount === 0 ? 1 : Math.max(2, HEIGHT * amount / most);
  const made = shape("rect", { x: index * 10 + 1, y: HEIGHT - height, width: 8, height });
  const title = shape("title");
  title.textContent = `${day}: ${credits(amount)}`;
  made.append(title);
  return made;
}

function shape(name, attributes = {}) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
