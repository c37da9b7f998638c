/** The demo page: what a browser app on top of the functions looks like. */
import { readPrices, refresh, setUpAccount } from "./account.js";
import { client, explain } from "./api.js";
import { setUpBooks } from "./books.js";
import { byId, clearNotice } from "./dom.js";
import { showPacks, welcomeBack } from "./shop.js";
import { setUpStories, showShelf, showStory, showStoryCost } from "./stories.js";

let shownFor;

/** Shows the side of the page for `session`: the workshop with one, the welcome without. */
async function show(session) {
  // The same session is announced again whenever its token is renewed or the window comes to the front.
  const userId = session?.user.id ?? null;
  if (userId === shownFor) return;
  shownFor = userId;
  byId("welcome").hidden = userId !== null;
  byId("workshop").hidden = byId("who").hidden = userId === null;
  byId("story").hidden = true;
  if (userId === null) return clearNotice();
  byId("email").textContent = session.user.email;
  const [stories] = await Promise.all([showShelf(), readPrices(), refresh(), showPacks(), welcomeBack()]);
  showStoryCost();
  if (stories.length > 0) await showStory(stories[0].id);
}

setUpAccount();
setUpStories();
setUpBooks();
// Not within the callback: supabase-js holds its lock there, and calling it would wait for ever.
client.auth.onAuthStateChange((_event, session) => setTimeout(() => show(session).catch(explain)));
