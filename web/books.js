/** Making a book of a story, and opening it. */
import { account, costOf, refresh } from "./account.js";
import { call, explain } from "./api.js";
import { byId, clearNotice, credits, element, whileBusy } from "./dom.js";
import { follow, isGivenUp } from "./jobs.js";

const WITH_PICTURES = "book_page_with_image";

/** The story that is shown. */
let story;
let idempotencyKey = crypto.randomUUID();
let addresses = [];

/** Makes the form for a new book work. */
export function setUpBooks() {
  const form = byId("book-form");
  form.addEventListener("input", () => {
    idempotencyKey = crypto.randomUUID();
    showBookCost();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearNotice();
    await whileBusy(form, () => order(new FormData(form))).catch(explain);
  });
}

/** Shows the books of `shown`, and what another one costs. */
export async function showBooks(shown) {
  story = shown;
  idempotencyKey = crypto.randomUUID();
  const pictures = byId("book-form").elements.with_images;
  pictures.disabled = pictures.parentElement.hidden = !account.prices.has(WITH_PICTURES);
  showBookCost();
  byId("book-form").hidden = !shown.bookable;
  byId("book-refusal").hidden = shown.bookable;
  byId("book-refusal").textContent = `${shown.book_refusal}. The story is yours to read here.`;
  byId("books").replaceChildren();
  addresses.forEach((address) => URL.revokeObjectURL(address));
  addresses = [];
  const { items } = await call("book-api");
  const books = items.filter((book) => book.story_id === shown.id && !isGivenUp(book));
  // Each is put on top of those before it.
  for (const book of books.reverse()) await addBook(shown, book);
}

function showBookCost() {
  const action = new FormData(byId("book-form")).has("with_images") ? WITH_PICTURES : "book_page";
  byId("book-cost").textContent = `for ${credits(costOf(action, story.pages.length))}`;
}

async function order(data) {
  const of = story;
  const body = { story_id: of.id, with_images: data.has("with_images") };
  const headers = { "Idempotency-Key": idempotencyKey };
  const { book_id } = await call("book-api/generate", { method: "POST", body, headers });
  idempotencyKey = crypto.randomUUID();
  await refresh();
  try {
    const links = await addBook(of, { id: book_id });
    links?.querySelector("a").focus();
  } finally {
    await refresh();
  }
}

/** Waits for the book if it is not finished, fetches it under the person's own token and offers it. */
async function addBook(of, { id }) {
  const book = await follow("Your book", `book-api/${id}`);
  const pdf = await call(`book-api/${id}/pdf`);
  // Another story may have been opened meanwhile; its list is not for this book.
  if (story !== of) return;
  const address = URL.createObjectURL(pdf);
  addresses.push(address);
  const size = `${Math.ceil(pdf.size / 1024)} KiB`;
  // The PDF has a cover and more around them: a reader who counts finds more pages than the story has.
  const pages = `${book.page_count} story ${book.page_count === 1 ? "page" : "pages"}`;
  const about = `${book.with_images ? "with pictures" : "text only"}, ${pages}, ${size}`;
  const row = element(
    "li",
    {},
    element("a", { href: address, target: "_blank", class: "button" }, "Open the book"),
    element("a", { href: address, download: `${book.title}.pdf`, class: "button" }, "Save it"),
    element("span", { class: "hint" }, about),
  );
  byId("books").prepend(row);
  return row;
}
