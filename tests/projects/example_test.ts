// In a process of its own: its helpers look for the stack when they are loaded, and it has another.
/** The whole life of a credit in somebody else's product, which has its own `stories`, `purchases` and `private`. */
import assert from "node:assert/strict";
import { paidEvent, payOnPage } from "../../demo/shop.ts";
import { adopt } from "../../tools/adopt/adopt.ts";
import { ask, balance } from "../support/calls.ts";
import { addPaidPart, copyOfProduct, LARGE_PRICE, PRICE } from "../support/example.ts";
import { onThePage } from "../support/example_page.ts";
import { OwnStack } from "../support/own_stack.ts";
import { as, client, impoverish, type Person, signUp, stack } from "../support/people.ts";
import { startPainter } from "../support/painter.ts";

const paint = (person: Person, prompt: string) =>
  ask<{ code: string; required: number; outcome: string; id: string }>("POST", "paint", as(person), {
    id: crypto.randomUUID(),
    prompt,
  });

async function buy(person: Person): Promise<number> {
  const { body: { items: [pack] } } = await ask<{ items: { id: string; credits: number }[] }>(
    "GET",
    "credits-api/packs",
    as(person),
  );
  const order = { pack_id: pack.id, return_to: `${stack("API_URL")}/` };
  const path = "credits-api/checkout";
  const { body } = await ask<{ url: string; purchase_id: string }>("POST", path, as(person), order);
  const site = {
    apiUrl: stack("API_URL"),
    publishableKey: stack("PUBLISHABLE_KEY"),
    secretKey: stack("SECRET_KEY"),
    inboxUrl: stack("INBOX_URL"),
    stripeUrl: stack("STRIPE_API_URL"),
  };
  await payOnPage({ email: person.email, site }, body.url);
  assert.equal((await paidEvent(site, body.purchase_id)).outcome, "applied");
  return pack.credits;
}

Deno.test("a product that was there before sells its pictures for credits, from the first sign-up to an erasure", async (t) => {
  await using product = await copyOfProduct();
  assert.equal((await adopt({ folder: product.root, extras: [] })).outcome, "adopted");
  await addPaidPart(product.root);
  await using painter = startPainter();
  await using _stack = await OwnStack.start({
    app: product.root,
    functionEnv: { IMAGE_BASE_URL: painter.url, IMAGE_API_KEY: "key", IMAGE_MODEL: "painter" },
  });
  const operator = client(stack("SECRET_KEY"));
  const booksAgree = async () =>
    assert.deepEqual((await operator.rpc("verify_credits").throwOnError()).data, []);
  const images = async ({ id }: Person) =>
    (await operator.from("credit_usage_logs").select(
      "job_id, status, expires_at, credits_used, refunded_amount",
    )
      .eq("user_id", id).order("created_at").throwOnError()).data;

  const ada = await signUp();
  assert.ok((await balance(ada)).balance > 0, "the bonus is there");
  await impoverish(ada.id);

  const refused = await paint(ada, "a lighthouse");
  assert.deepEqual([refused.status, refused.body.code, refused.body.required], [
    402,
    "insufficient_credits",
    PRICE,
  ]);
  assert.equal(painter.prompts.length, 0, "nothing is made of what is not paid for");

  const costs = "credits-api/estimate?action=image&usage=picture:1&size=1024x1024";
  assert.equal((await ask<{ cost: number }>("GET", costs, as(ada))).body.cost, LARGE_PRICE, "by its size");

  const bought = await buy(ada);
  assert.deepEqual(await balance(ada), { balance: bought, reserved: 0, debt: 0 });

  // The first answer is an error that passes; before each try the hold is extended.
  const holds: string[] = [];
  painter.onPrompt = async () => {
    const [reservation] = await images(ada) ?? [];
    assert.equal(reservation.status, "reserved");
    holds.push(reservation.expires_at);
    return holds.length === 1 ? 503 : 200;
  };
  const delivered = await paint(ada, "a lighthouse in the fog");
  assert.deepEqual([delivered.status, delivered.body.outcome], [200, "delivered"]);
  assert.equal(holds.length, 2);
  assert.ok(holds[1] > holds[0], `held until ${holds}`);
  assert.deepEqual(await balance(ada), { balance: bought - PRICE, reserved: 0, debt: 0 });

  const path = `${ada.id}/${delivered.body.id}.png`;
  const file = await ada.client.storage.from("images").download(path);
  assert.equal(file.error, null);
  const bob = await signUp();
  assert.notEqual((await bob.client.storage.from("images").download(path)).error, null, "nobody else's");

  painter.onPrompt = () => 400;
  const failed = await paint(ada, "what the model refuses");
  assert.deepEqual([failed.status, failed.body.code], [502, "image_failed"]);
  assert.deepEqual(await balance(ada), { balance: bought - PRICE, reserved: 0, debt: 0 });

  const often = await paint(ada, "one too many");
  assert.deepEqual([often.status, often.body.code], [429, "rate_limited"]);
  assert.ok(Number(often.headers.get("retry-after")) >= 1);
  assert.deepEqual((await images(ada))?.map(({ status }) => status), ["confirmed", "refunded"]);

  await onThePage(t, painter);

  const refund = await operator.rpc("refund_job", {
    p_user_id: ada.id,
    p_job_id: delivered.body.id,
    p_refund_key: "blurred",
    p_reason: "it was blurred",
  }).throwOnError();
  assert.equal(refund.data.outcome, "refunded");
  assert.deepEqual(await balance(ada), { balance: bought, reserved: 0, debt: 0 });
  await booksAgree();

  const erased = await operator.rpc("erase_user", { p_user_id: ada.id }).throwOnError();
  assert.deepEqual([erased.data.outcome, erased.data.files], ["erased", [`images/${path}`]]);
  for (const table of ["images", "stories"]) {
    const { data } = await client(stack("SECRET_KEY")).from(table as never).select("user_id").throwOnError();
    assert.ok(!(data as unknown as { user_id: string }[]).some(({ user_id }) => user_id === ada.id), table);
  }
  assert.equal((await paint(ada, "from the beyond")).status, 401);
  await booksAgree();
});
