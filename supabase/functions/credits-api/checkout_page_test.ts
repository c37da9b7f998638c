import assert from "node:assert/strict";
import { checkout, CREATED, paths, PURCHASE, sentOf, SESSION } from "../../../tests/support/checkout_call.ts";
import type { Received } from "../../../tests/support/functions.ts";

/** A checkout whose purchase has the session cs_0, of which Stripe says `session`. */
const again = (session: Partial<typeof SESSION> | Response, expired = () => Response.json({ id: "cs_0" })) =>
  checkout({ ...CREATED, stripe_session_id: "cs_0" }, ({ path }) => {
    if (path.endsWith("/expire")) return expired();
    if (!path.endsWith("/cs_0")) return Response.json(SESSION);
    const page = { ...SESSION, id: "cs_0", url: "https://pay.example/cs_0", ...session };
    return session instanceof Response ? session.clone() : Response.json(page);
  });

const ASKED = ["/create_checkout", "/v1/checkout/sessions/cs_0"];
const MADE = [
  "/end_checkout",
  "/create_checkout",
  "/stripe_customers",
  "/v1/checkout/sessions",
  "/attach_checkout_session",
];
const completeOf = (received: Received[]) =>
  JSON.parse(received.find(({ path }) => path.endsWith("end_checkout"))?.body ?? "").p_complete;

Deno.test("an open session is handed out again", async () => {
  const { answer, received } = await again({});
  assert.deepEqual(answer, { status: 200, url: "https://pay.example/cs_0", purchase_id: PURCHASE });
  assert.deepEqual(paths(received), ASKED);
});

Deno.test("a session that nobody can pay any more is not", async () => {
  const gone = Response.json({ error: { type: "invalid_request_error" } }, { status: 404 });
  for (
    const [session, complete] of [[{ status: "complete" }, true], [{ status: "expired" }, false], [
      gone,
      false,
    ]] as const
  ) {
    const { answer, received } = await again(session);
    assert.equal(answer.url, SESSION.url);
    assert.deepEqual(paths(received), [...ASKED, ...MADE]);
    assert.equal(completeOf(received), complete);
  }
});

Deno.test("a session that returns to another page is taken back first", async () => {
  const { answer, received } = await again({ success_url: "https://talehop.com/other?checkout=success" });
  assert.equal(answer.url, SESSION.url);
  assert.deepEqual(paths(received), [...ASKED, "/v1/checkout/sessions/cs_0/expire", ...MADE]);
  assert.equal(completeOf(received), false);
  const refuse = () => Response.json({ error: { type: "invalid_request_error" } }, { status: 400 });
  const paidMeanwhile = await again({ success_url: "https://talehop.com/other" }, refuse);
  assert.equal(completeOf(paidMeanwhile.received), true);
});

Deno.test("when Stripe does not say whether a session is open, nothing is handed out", async () => {
  const broken = Response.json({ error: { type: "api_error" } }, {
    status: 500,
    headers: { "stripe-should-retry": "false" },
  });
  const { answer, received } = await again(broken);
  assert.deepEqual([answer.status, answer.code], [502, "payment_provider_unavailable"]);
  assert.deepEqual(paths(received), ASKED);
});

Deno.test("the payment page sends browsers nowhere but to an allowed origin", async () => {
  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/shop",
    "javascript:alert(1)",
    "https://talehop.com@evil.example/",
    "https://user:pass@talehop.com/",
    "https://talehop.com.evil.example/",
    "http://talehop.com/",
    "https:\\\\evil.example",
    "data:text/html,x",
    "blob:https://talehop.com/0198a000",
    "https:/talehop.com/",
    " https://evil.example/",
    `https://talehop.com/${"é".repeat(1_900)}`,
  ];
  for (const returnTo of elsewhere) {
    const { answer, received } = await checkout(CREATED, undefined, returnTo);
    assert.deepEqual([answer.status, answer.code], [400, "return_to_not_allowed"], returnTo);
    assert.equal(received.length, 0, returnTo);
  }
});

const RETURNS: [given: string, success: string][] = [
  ["https://talehop.com", "https://talehop.com?checkout=success"],
  [
    "https://talehop.com/shop?session_id={CHECKOUT_SESSION_ID}",
    "https://talehop.com/shop?session_id={CHECKOUT_SESSION_ID}&checkout=success",
  ],
  [
    "https://talehop.com/shop?q=two%20words&sig=a%2Bb~c",
    "https://talehop.com/shop?q=two%20words&sig=a%2Bb~c&checkout=success",
  ],
  ["https://talehop.com/shop?flag", "https://talehop.com/shop?flag&checkout=success"],
  ["https://talehop.com/shop?", "https://talehop.com/shop?checkout=success"],
  ["https://talehop.com/#/credits", "https://talehop.com/?checkout=success#/credits"],
  ["https://talehop.com/?a=1#/credits?tab=1", "https://talehop.com/?a=1&checkout=success#/credits?tab=1"],
  ["https://talehop.com/shop?checkout=old", "https://talehop.com/shop?checkout=old&checkout=success"],
  ["https://talehop.com/a/../b//c", "https://talehop.com/a/../b//c?checkout=success"],
  ["https://talehop.com/ä b", "https://talehop.com/%C3%A4%20b?checkout=success"],
  // Read by another rule than the browser's, this is an address at evil.example.
  ["https://talehop.com\\@evil.example/x", "https://talehop.com/x?checkout=success"],
  ["HTTPS://TALEHOP.COM:443/x", "https://talehop.com/x?checkout=success"],
];

Deno.test("return_to comes back byte for byte, with the result at the end of its query", async () => {
  for (const [given, success] of RETURNS) {
    const { received } = await checkout(CREATED, undefined, given);
    const sent = sentOf(received);
    assert.equal(sent.get("success_url"), success);
    assert.equal(sent.get("cancel_url"), success.replace("checkout=success", "checkout=cancelled"));
  }
});
