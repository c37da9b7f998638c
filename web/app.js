/** The demo page: what a browser app on top of the functions looks like. */
import { readPrices, refresh, setUpAccount, signInByLink } from "./account.js";
import { takeFromAddress } from "./address.js";
import { client, explain } from "./api.js";
import { setUpBooks } from "./books.js";
import { byId, clearNotice, notify } from "./dom.js";
import { isGivenUp } from "./jobs.js";
import { setUpShop, showPacks, showReversals, welcomeBack } from "./shop.js";
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
  clearNotice();
  byId("sign-message").replaceChildren();
  if (arrival) notify("bad", arrival);
  arrival = undefined;
  if (userId === null) return;
  byId("email").textContent = session.user.email;
  const [stories] = await Promise.all([
    showShelf(),
    readPrices(),
    refresh(),
    showPacks(),
    showReversals(),
    welcomeBack(),
    showStoryCost(),
  ]);
  const newest = stories.find((story) => !isGivenUp(story));
  if (newest) await showStory(newest.id);
}

/** Shows the side of the page for the session that calls are made with. */
function showStored() {
  client.auth.getSession().then(({ data }) => show(data.session)).catch(explain);
}

const { code, refusal } = takeFromAddress();
addEventListener("hashchange", takeFromAddress);
let arrival = code ? await signInByLink(code) : refusal;

setUpAccount();
setUpStories();
setUpBooks();
setUpShop();
// Another tab's session is announced by one way and stored by another, and the announcement may be here first: calls
// made then would go without a session, be refused, and sign both tabs out. So whichever way has news, what is shown is
// what is stored. Not within the callback: supabase-js holds its lock there, and calling it would wait for ever.
client.auth.onAuthStateChange(() => setTimeout(showStored));
addEventListener("storage", showStored);
