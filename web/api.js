/** The way to the functions, and what their errors mean to the person at the page. */
import { byId, credits, element, notify, pause } from "./dom.js";

const config = await (await fetch("config.json")).json();

/** supabase-js, as any browser app has it. What an address says is looked at in `address.js` and nowhere else. */
export const client = globalThis.supabase.createClient(config.api_url, config.publishable_key, {
  auth: { flowType: "pkce", detectSessionInUrl: false },
});

/** Where this stack's e-mails end up. */
export const inboxUrl = config.inbox_url;

/** An answer that is no success. `status` is 0 when there was none at all. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.message ?? "Something went wrong");
    this.status = status;
    this.code = body.code;
    this.required = body.required;
    this.wait = body.retry_after_seconds;
  }
}

/** Calls a function, for example `credits-api/balance`. @throws {Problem} */
export async function call(path, { method = "GET", body, headers } = {}) {
  const { data, error } = await client.functions.invoke(path, { method, body, headers });
  if (!error) return data;
  const response = error.context instanceof Response ? error.context : undefined;
  const answer = await response?.json().catch(() => ({})) ?? { message: "The server does not answer." };
  throw new Problem(response?.status ?? 0, answer);
}

const MOST_LOST = 10;

/**
 * Asks as {@link call} does, and again where the answer was lost on its way or nobody had time for one: what is asked for does
 * not change by it. @throws {Problem}
 */
export async function poll(path, options) {
  for (let lost = 1;; lost++) {
    try {
      return await call(path, options);
    } catch (error) {
      const isLost = error instanceof Problem &&
        (error.status === 0 || error.status >= 500 || error.status === 429);
      if (!isLost || lost === MOST_LOST) throw error;
      await pause(1000 * (error.wait ?? Math.min(lost, 5)));
    }
  }
}

/** Tells the person what a problem means for them, and what they can do. */
export function explain(error) {
  if (!(error instanceof Problem)) {
    console.error(error);
    notify("bad", "Something went wrong on this page. Reload it and try again.");
  } else if (error.status === 401) {
    notify("bad", "You are signed out. Please sign in again.");
    client.auth.signOut({ scope: "local" });
  } else if (error.status === 402) {
    const show = element("button", { class: "link", type: "button", click: showPacks }, "Choose a pack");
    notify("bad", `This costs ${credits(error.required)}, and you have fewer. `, show);
  } else if (error.code === "unfinished_work") {
    notify(
      "bad",
      "You have as much in the making as can be at once. Wait until something is done, or give it up.",
    );
  } else if (error.code === "unpaid_work") {
    notify("bad", `Too much was begun and then given up. You can order again ${whenIn(error.wait ?? 3600)}.`);
  } else if (error.status === 429) {
    countDown(error.wait ?? 60);
  } else {
    notify("bad", `${error.message.replace(/\.$/, "")}.`);
  }
}

function showPacks() {
  byId("shop-title").scrollIntoView({ block: "center", behavior: "smooth" });
  byId("packs").querySelector("button")?.focus({ preventScroll: true });
}

/** When `seconds` are over, as a person would say it. */
function whenIn(seconds) {
  const time = new Date(Date.now() + seconds * 1000);
  const isToday = time.toDateString() === new Date().toDateString();
  const hour = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return isToday ? `at ${hour}` : `tomorrow at ${hour}`;
}

/** Says how long to wait, and goes on counting in a part that is not read aloud every second. */
function countDown(seconds) {
  const end = Date.now() + seconds * 1000;
  const left = element("span", { "aria-hidden": "true" });
  notify("bad", `That was too often: please wait ${seconds} seconds.`, left);
  const timer = setInterval(() => {
    const rest = Math.ceil((end - Date.now()) / 1000);
    left.textContent = rest > 0 ? ` ${rest} to go.` : "";
    if (rest > 0 && left.isConnected) return;
    clearInterval(timer);
    if (left.isConnected) notify("good", "You can try again now.");
  }, 1000);
}
