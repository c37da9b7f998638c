/** The page: sign up, buy credits, have pictures painted. */
import { checkOut, priceOf, read } from "./credits.js";

const config = await (await fetch("config.json")).json();
const client = globalThis.supabase.createClient(config.api_url, config.publishable_key, {
  auth: { flowType: "pkce" },
});

const byId = (id) => document.getElementById(id);

const say = (text) => byId("notice").textContent = text;

async function buy(pack) {
  say("");
  try {
    location.assign(
      await checkOut(client, { pack_id: pack.id, return_to: location.origin + location.pathname }),
    );
  } catch {
    say("That did not work. Please try again.");
  }
}

async function showAccount() {
  const [{ balance, reserved }, { items: packs }] = await Promise.all([
    read(client, "/balance"),
    read(client, "/packs"),
    showPrice(),
  ]);
  const held = reserved > 0 ? `, ${reserved.toFixed(2)} held` : "";
  byId("balance").textContent = `${balance.toFixed(2)} credits${held}`;
  byId("packs").replaceChildren(...packs.map((pack) => {
    const button = document.createElement("button");
    const money = new Intl.NumberFormat("en-US", { style: "currency", currency: pack.currency });
    button.textContent = `Buy ${pack.name} for ${money.format(pack.amount_cents / 100)}`;
    button.onclick = () => buy(pack);
    return button;
  }));
}

async function showPrice() {
  const price = await priceOf(client, byId("paint-form").elements.size.value);
  byId("price").textContent = price.toFixed(2);
}

byId("paint-form").elements.size.onchange = showPrice;

const STATES = { reserved: "is being painted", refunded: "could not be painted, your credits are back" };

async function showImages() {
  const { data } = await client.from("image_list").select().order("created_at", { ascending: false }).limit(
    20,
  );
  byId("images").replaceChildren(
    ...await Promise.all((data ?? []).map(async (image) => {
      const item = document.createElement("li");
      if (image.path === null) {
        item.textContent = `${image.prompt}: ${STATES[image.status]}`;
        return item;
      }
      const { data: file } = await client.storage.from("images").download(image.path);
      const picture = Object.assign(document.createElement("img"), { alt: image.prompt });
      if (file) picture.src = URL.createObjectURL(file);
      item.append(picture);
      return item;
    })),
  );
}

/** What the answers mean for the person at the page. */
async function explain(response) {
  const body = await response?.json().catch(() => ({}));
  if (response?.status === 402) return say(`This costs ${body.required} credits, and you have fewer.`);
  if (response?.status === 429) return say(`Please wait ${response.headers.get("Retry-After")} seconds.`);
  say("It could not be painted, and costs nothing.");
}

byId("paint-form").onsubmit = async (event) => {
  event.preventDefault();
  say("Painting …");
  const { prompt, size } = Object.fromEntries(new FormData(event.target));
  const { error } = await client.functions.invoke("paint", {
    body: { id: crypto.randomUUID(), prompt, size },
  });
  if (error) await explain(error.context instanceof Response ? error.context : undefined);
  else say("");
  await Promise.all([showAccount(), showImages()]);
};

byId("sign-form").onsubmit = async (event) => {
  event.preventDefault();
  const { submitter } = event;
  const form = new FormData(event.target);
  const credentials = { email: form.get("email"), password: form.get("password") };
  const isNew = submitter.value === "sign-up";
  const { error } = isNew
    ? await client.auth.signUp({ ...credentials, options: { emailRedirectTo: location.origin } })
    : await client.auth.signInWithPassword(credentials);
  say(error?.message ?? (isNew ? "Follow the link in the e-mail that was sent to you." : ""));
};

async function show(session) {
  byId("sign-form").hidden = session !== null;
  byId("studio").hidden = session === null;
  if (session !== null) await Promise.all([showAccount(), showImages()]);
}

// Not within the callback: supabase-js holds its lock there, and calling it would wait for ever.
client.auth.onAuthStateChange((_event, session) => {
  setTimeout(() => show(session));
});
