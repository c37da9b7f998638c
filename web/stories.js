/** Ordering, listing and reading stories. */
import { refresh } from "./account.js";
import { call, explain } from "./api.js";
import { showBooks } from "./books.js";
import { byId, clearNotice, credits, element, whileBusy } from "./dom.js";
import { follow, isGivenUp } from "./jobs.js";

let idempotencyKey = crypto.randomUUID();

/** Makes the form for a new story work. */
export function setUpStories() {
  const form = byId("story-form");
  const spoken = navigator.language.split("-")[0];
  const language = form.elements.language;
  if ([...language.options].some(({ value }) => value === spoken)) language.value = spoken;
  // Another story is another order; the same form sent again after a lost answer is the same one.
  form.addEventListener("input", () => {
    idempotencyKey = crypto.randomUUID();
    checkTogether(form.elements);
  });
  let typing;
  form.elements.pages.addEventListener("input", () => {
    clearTimeout(typing);
    sayCost();
    typing = setTimeout(() => showStoryCost().catch(explain), 300);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearNotice();
    await whileBusy(form, () => order(new FormData(form))).catch(explain);
  });
}

/** What becomes of a story that uses more than is held for it, by the `over_hold` of its estimate. */
const BEYOND = {
  cap: "It never costs more.",
  available: "If it uses more, that is charged as well, as far as your credits go.",
  debt: "If it uses more, that is charged as well, if need be from your next credits.",
};

/** Shows what the story in the form costs: its price, or what is held where it is what it uses that counts. */
export async function showStoryCost() {
  const { pages } = byId("story-form").elements;
  if (!pages.checkValidity()) return sayCost();
  const asked = pages.value;
  const { cost, over_hold } = await call(`credits-api/estimate?action=story&units=${asked}`).catch(
    whenOffered,
  );
  if (pages.value !== asked) return;
  if (cost === undefined) return sayCost();
  if (over_hold === null) return sayCost(`for ${credits(cost)}`);
  sayCost(
    over_hold === "cap" ? `for up to ${credits(cost)}` : `and hold ${credits(cost)}`,
    `You pay what the story uses. ${credits(cost)} are held while it is written, and what it does not use ` +
      `comes back. ${BEYOND[over_hold]}`,
  );
}

function whenOffered(error) {
  if (error.code !== "not_found") throw error;
  return {};
}

function sayCost(cost = "", terms = "") {
  byId("story-cost").textContent = cost;
  byId("story-terms").textContent = terms;
  byId("story-terms").hidden = terms === "";
}

/** What no single field's attributes can say; the browser shows it and does not send the form. */
function checkTogether({ prompt, age_min, age_max }) {
  const isBlank = prompt.value.trim().length < prompt.minLength;
  prompt.setCustomValidity(isBlank ? "Say in a few words what the story is about." : "");
  const areSwapped = age_min.valueAsNumber > age_max.valueAsNumber;
  age_max.setCustomValidity(areSwapped ? "The oldest reader cannot be younger than the youngest." : "");
}

async function order(data) {
  const numbers = ["age_min", "age_max", "pages"].map((name) => [name, Number(data.get(name))]);
  const texts = ["prompt", "language"].map((name) => [name, data.get(name)]);
  const body = Object.fromEntries([...texts, ...numbers]);
  const headers = { "Idempotency-Key": idempotencyKey };
  const { story_id } = await call("story-api/create", { method: "POST", body, headers });
  idempotencyKey = crypto.randomUUID();
  await Promise.all([refresh(), showShelf()]);
  await showStory(story_id);
}

/** Lists the stories, and goes on following one that is still being written. */
export async function showShelf() {
  const { items } = await call("story-api");
  const rows = items.map((story) =>
    element(
      "li",
      {},
      element("button", { class: "link", type: "button", click: () => open(story.id) }, nameOf(story)),
    )
  );
  byId("shelf").replaceChildren(...(rows.length ? rows : [element("li", { class: "hint" }, "None yet.")]));
  return items;
}

function nameOf(story) {
  if (story.status === "ready") return story.title;
  return isGivenUp(story) ? `${story.prompt} (${story.status})` : `${story.prompt} …`;
}

async function open(id) {
  clearNotice();
  await showStory(id).catch(explain);
}

/** Waits for the story if it is not finished, then shows it. */
export async function showStory(id) {
  const article = byId("story");
  article.hidden = true;
  try {
    const story = await follow("Your story", `story-api/${id}`);
    // The page is English; the story is to be read aloud, and broken into lines, in its own language.
    byId("story-title").lang = byId("story-pages").lang = story.language;
    byId("story-title").textContent = story.title;
    byId("story-pages").replaceChildren(...story.pages.map(({ text }) => element("li", {}, text)));
    article.hidden = false;
    byId("story-title").focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest", behavior: "smooth" });
    await showBooks(story);
  } finally {
    await Promise.all([refresh(), showShelf()]);
  }
}
