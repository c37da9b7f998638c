/** Buying a pack: checkout, the stand-in's payment page as a browser uses it, and the event that follows. */
import { load } from "cheerio";
import { z } from "zod";
import { Credits } from "./account.ts";
import { expectSame, Mismatch } from "./mismatch.ts";
import type { Site } from "./site.ts";
import type { Visitor } from "./visitor.ts";

const Pack = z.object({
  id: z.string(),
  name: z.string(),
  credits: Credits,
  amount_cents: z.int(),
  currency: z.string(),
});
const Packs = z.object({ items: z.array(Pack).min(1) });
const Checkout = z.object({ url: z.url(), purchase_id: z.string() });
const Purchases = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) });

const Delivery = z.object({
  status: z.number().nullable(),
  response: z.string(),
  error: z.string().nullable(),
});
const EventRecord = z.object({
  id: z.string(),
  type: z.string(),
  payload: z.string(),
  attempts: z.array(Delivery),
});
const Events = z.object({ data: z.array(EventRecord) });
const WebhookAnswer = z.object({ received: z.literal(true), outcome: z.string() });

/** A pack of credits with its price in the currency's smallest unit. */
export type Pack = z.infer<typeof Pack>;

/** What is sold, in the order to show it. */
export async function listPacks(visitor: Visitor): Promise<Pack[]> {
  return (await visitor.get("credits-api/packs", Packs)).items;
}

/** Orders a pack; the answer says on which page it is paid. */
export async function checkOut(visitor: Visitor, pack: Pack): Promise<z.infer<typeof Checkout>> {
  const order = { pack_id: pack.id, return_to: `${visitor.site.apiUrl}/` };
  return await visitor.post("credits-api/checkout", order, Checkout);
}

/** Opens the payment page, fills in its form and presses the button that pays by card. */
export async function payOnPage(
  visitor: Pick<Visitor, "email" | "site">,
  url: string,
): Promise<void> {
  const page = load(await (await fetch(url)).text());
  const button = page("button[value=paid]");
  const form = button.closest("form");
  if (form.length === 0) throw new Mismatch(`the payment page ${url} has no form to pay with`);
  page("input[type=email]").val(visitor.email);
  const fields = [...form.serializeArray(), { name: button.attr("name") ?? "", value: "paid" }];
  const response = await fetch(new URL(form.attr("action") ?? "", url), {
    method: "POST",
    body: new URLSearchParams(fields.map(({ name, value }) => [name, value])),
    redirect: "manual",
  });
  await response.body?.cancel();
  expectSame("the answer to the payment", response.status, 303);
  const back = new URL("/?checkout=success", visitor.site.apiUrl).href;
  expectSame("where the payment page sends the browser", response.headers.get("location"), back);
}

/** The event of this purchase, once the webhook has answered it, and what it answered. */
export async function paidEvent(site: Site, purchaseId: string): Promise<{ id: string; outcome: string }> {
  await fetch(`${site.stripeUrl}/_test/delivery/wait`, { method: "POST" }).then((done) =>
    done.body?.cancel()
  );
  const { data } = Events.parse(await (await fetch(`${site.stripeUrl}/_test/events`)).json());
  const event = data.find(({ type, payload }) =>
    type === "checkout.session.completed" && payload.includes(purchaseId)
  );
  const attempt = event?.attempts.at(-1);
  if (!event || !attempt) throw new Mismatch(`no event about the purchase ${purchaseId} was delivered`);
  return { id: event.id, outcome: webhookOutcome(attempt) };
}

/** Delivers an event once more, the same bytes freshly signed, and says what the webhook made of it. */
export async function deliverAgain(site: Site, eventId: string): Promise<string> {
  const response = await fetch(`${site.stripeUrl}/_test/events/${eventId}/resend`, { method: "POST" });
  return webhookOutcome(Delivery.parse(await response.json()));
}

/** The state of one's own purchases, by id. */
export async function purchaseStates(visitor: Visitor): Promise<Record<string, string>> {
  const { items } = await visitor.get("credits-api/purchases", Purchases);
  return Object.fromEntries(items.map(({ id, status }) => [id, status]));
}

function webhookOutcome({ status, response, error }: z.infer<typeof Delivery>): string {
  if (status !== 200) throw new Mismatch(`the webhook answered ${status ?? error}: ${response}`);
  return WebhookAnswer.parse(JSON.parse(response)).outcome;
}
