import assert from "node:assert/strict";
import Stripe from "stripe";
import type { DeliveryAttempt, EventRecord } from "../../local/stripe/state.ts";
import { type StandInOptions, startStripeStandIn } from "../../local/stripe/mod.ts";

const SECRET = "whsec_stand_in_tests";

/** A started stand-in, the real SDK pointed at it, and a webhook that keeps what it verified. */
export interface Harness {
  stripe: Stripe;
  url: string;
  secret: string;
  /** Verified events in the order of their arrival. */
  received: Stripe.Event[];
  /** The exact text of each delivery. */
  bodies: string[];
  /** What the webhook answers: `first` in turn, then always `status`. */
  answer: { first: number[]; status: number };
  /** Calls a test control with a JSON body and gives back its JSON. */
  control<T = unknown>(path: string, body?: unknown): Promise<T>;
  open(
    amount?: number,
    params?: Partial<Stripe.Checkout.SessionCreateParams>,
  ): Promise<Stripe.Checkout.Session>;
  /** Sends the payment page's form without following the redirect. */
  submit(session: Stripe.Checkout.Session, outcome: string): Promise<Response>;
  /** A session paid by card, its payment intent and charge. */
  buy(amount?: number): Promise<{ session: string; intent: string; charge: string }>;
  attempts(event: string): Promise<DeliveryAttempt[]>;
  settled(): Promise<void>;
}

/** Runs `test` against a stand-in of its own and stops everything afterwards. */
export async function withStandIn(
  test: (harness: Harness) => Promise<void>,
  options: Partial<StandInOptions> = {},
): Promise<void> {
  const received: Stripe.Event[] = [];
  const bodies: string[] = [];
  const answer = { first: [] as number[], status: 200 };
  const webhook = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.text();
    const signature = request.headers.get("stripe-signature") ?? "";
    received.push(await Stripe.webhooks.constructEventAsync(body, signature, SECRET));
    bodies.push(body);
    const status = answer.first.shift() ?? answer.status;
    return Response.json({ received: status === 200 }, { status });
  });
  const standIn = await startStripeStandIn({
    webhookUrl: `http://127.0.0.1:${webhook.addr.port}/`,
    webhookSecret: SECRET,
    retries: { attempts: 4, firstWaitMs: 1 },
    ...options,
  });
  try {
    await test(harness(standIn.url, { received, bodies, answer }));
  } finally {
    await standIn.close();
    await webhook.shutdown();
  }
}

/** The real SDK, pointed at a stand-in in the way an app does it. */
export function sdk(url: string, key = "sk_test_stand_in"): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
}

/** The types of events, for comparing what arrived. */
export function typesOf(events: { type: string }[]): string[] {
  return events.map((event) => event.type);
}

function harness(url: string, webhook: Pick<Harness, "received" | "bodies" | "answer">): Harness {
  const stripe = sdk(url);
  const control = (path: string, body?: unknown) => call(`${url}/_test${path}`, body);
  const open: Harness["open"] = (amount = 1000, params = {}) =>
    stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [{
        price_data: { currency: "usd", unit_amount: amount, product_data: { name: "Ten credits" } },
        quantity: 1,
      }],
      success_url: "http://shop.example/done?session={CHECKOUT_SESSION_ID}",
      cancel_url: "http://shop.example/cart",
      ...params,
    });
  const submit: Harness["submit"] = (session, outcome) =>
    fetch(session.url ?? `${url}/pay/${session.id}`, {
      method: "POST",
      body: new URLSearchParams({ outcome, email: "buyer@example.com" }),
      redirect: "manual",
    });
  return {
    stripe,
    url,
    secret: SECRET,
    ...webhook,
    control: control as Harness["control"],
    open,
    submit,
    buy: async (amount) => {
      const session = await open(amount);
      await (await submit(session, "paid")).body?.cancel();
      await control("/delivery/wait");
      const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
      const intent = paid.payment_intent as Stripe.PaymentIntent;
      return { session: session.id, intent: intent.id, charge: String(intent.latest_charge) };
    },
    attempts: async (id) => (await (await fetch(`${url}/_test/events/${id}`)).json() as EventRecord).attempts,
    settled: async () => void await control("/delivery/wait"),
  };
}

async function call(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body ?? {}) });
  const json = await response.json();
  assert.ok(response.ok, JSON.stringify(json));
  return json;
}
