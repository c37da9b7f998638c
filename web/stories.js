/** Ordering, listing and reading stories. */
import { costOf, refresh } from "./account.js";
import { call, explain } from "./api.js";
import { showBooks } from "./books.js";
import { byId, clearNotice, credits, element, whileBusy } from "./dom.js";
import { follow } from "./jobs.js";

let idempotencyKey = crypto.randomUUID();

/** Makes the form for a new story work. */
export function setUpStories() {
  const form = byId("story-form");
  // Another story is another order; the same form sent again after a lost answer is the same one.
  form.addEventListener("input", () => {
    idempotencyKey = crypto.randomUUID();
    showStoryCost();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearNotice();
    await whileBusy(form, () => order(new FormData(form))).catch(explain);
  });
}

/** Shows what the story in the form costs. */
export function showStoryCost() {
  const pages = byId("pages").valueAsNumber;
  byId("story-cost").textContent = pages > 0 ? `for ${credits(costOf("story_page", pages))}` : "";
}

async function order(data) {
  const numbers = ["age_min", "age_max", "pages"].map((name) => [name, Number(data.get(name))]);
  const body = { prompt: data.get("prompt"), ...Object.fromEntries(numbers) };
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

function nameOf({ title, prompt, status }) {
  if (status === "ready") return title;
  return status === "failed" ? `${prompt} (failed)` : `${prompt} …`;
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
