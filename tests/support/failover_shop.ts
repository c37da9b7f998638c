/** A shop before a database that may be replaced: purchases at the stand-in for Stripe, whose events are applied through SQL. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import Stripe from "stripe";
import { freePort } from "../../local/processes/ports.ts";
import { createApi } from "../../local/stack/api.ts";
import { readApp } from "../../local/app.ts";
import { startStripeStandIn } from "../../local/stripe/mod.ts";
import { keptEvent } from "../../supabase/functions/_billing/event.ts";
import type { Report } from "../../supabase/functions/_billing/reconcile.ts";
import { type Order, sessionFor } from "../../supabase/functions/_billing/session_params.ts";
import { insist } from "./failover_load.ts";
import { sdk } from "./stripe_stand_in.ts";

const [KEY, SECRET, HOOK] = ["sk_test_failover", `sb_secret_${crypto.randomUUID()}`, "whsec_failover"];
/** What the shop's database is reached at by whoever reconciles; also what tags its sessions. */
const PORT = freePort();
const PROJECT = `http://127.0.0.1:${PORT}`;

/** Buyers, and what Stripe was told about their payments. */
export class FailoverShop implements AsyncDisposable {
  /** Purchases whose event was answered with 200, so that Stripe does not send it again. */
  readonly acknowledged = new Set<string>();
  readonly #everything: AsyncDisposable;

  private constructor(
    everything: AsyncDisposable,
    private readonly sql: postgres.Sql,
    private readonly stripe: Stripe,
    private readonly url: string,
    private readonly customer: string,
  ) {
    this.#everything = everything;
  }

  /** Opens it before `sql`. */
  static async open(sql: postgres.Sql): Promise<FailoverShop> {
    await using all = new AsyncDisposableStack();
    const env = { SUPABASE_URL: PROJECT, STRIPE_SECRET_KEY: KEY };
    for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
    all.defer(() => Object.keys(env).forEach((name) => Deno.env.delete(name)));
    let shop: FailoverShop | undefined;
    const webhook = all.adopt(
      Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        (request) => shop ? shop.#receive(request) : new Response(null, { status: 503 }),
      ),
      (server) => server.shutdown(),
    );
    const webhookUrl = `http://127.0.0.1:${webhook.addr.port}/`;
    const retries = { attempts: 1_000, firstWaitMs: 20 };
    const standIn = all.adopt(
      await startStripeStandIn({ webhookUrl, webhookSecret: HOOK, retries }),
      (standIn) => standIn.close(),
    );
    const stripe = sdk(standIn.url, KEY);
    const { id } = await stripe.customers.create();
    return shop = new FailoverShop(all.move(), sql, stripe, standIn.url, id);
  }

  /** Somebody buys the cheapest pack, and Stripe tells of it. Resolves to the purchase once Stripe has been paid. */
  async sell(user: string): Promise<string> {
    const { sql } = this;
    const [order] = await insist(() =>
      sql<Omit<Order, "user_id" | "pack_id">[]>`
        select * from public.create_checkout(${user}, (select id from public.credit_packs order by credits limit 1))`
    );
    const params = sessionFor({ ...order, user_id: user, pack_id: "" }, this.customer, "https://talehop.com");
    // As the function asks: an order whose event is still on its way gets the same session again.
    const idempotencyKey = order.purchase_id;
    const session = await this.stripe.checkout.sessions.create(params, { idempotencyKey });
    const ends = new Date(session.expires_at * 1_000);
    await insist(() =>
      sql`select public.attach_checkout_session(${user}, ${order.purchase_id}, ${session.id}, ${ends}, false)`
    );
    if ((await this.stripe.checkout.sessions.retrieve(session.id)).status === "complete") {
      return order.purchase_id;
    }
    const body = JSON.stringify({ outcome: "paid" });
    const paid = await fetch(`${this.url}/_test/sessions/${session.id}/pay`, { method: "POST", body });
    assert.ok(paid.ok, await paid.text());
    return order.purchase_id;
  }

  /** Waits until Stripe has delivered all that it can. */
  async delivered(): Promise<void> {
    const response = await fetch(`${this.url}/_test/delivery/wait`, { method: "POST", body: "{}" });
    await response.body?.cancel();
  }

  /** `deno task stripe:reconcile --all --apply` on the database at `databaseUrl`, the address of its superuser. */
  async reconcile(databaseUrl: string): Promise<Report> {
    const { auth } = await readApp();
    const api = await createApi({
      ...{ apiUrl: PROJECT, databaseUrl, storageDir: "/", auth, once: true },
      ...{ jwtSecret: SECRET.padEnd(40, "x"), publishableKey: "sb_publishable_failover", secretKey: SECRET },
    });
    const server = Deno.serve({ hostname: "127.0.0.1", port: PORT, onListen() {} }, api.fetch);
    try {
      const args = ["run", "--quiet", "-A", "tools/stripe_reconcile.ts", "--all", "--apply", "--json"];
      const keys = JSON.stringify({ default: SECRET });
      const env = { SUPABASE_SECRET_KEYS: keys, STRIPE_API_URL: this.url };
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
      const text = new TextDecoder().decode(stdout);
      assert.ok(text.startsWith("{"), new TextDecoder().decode(stderr));
      return JSON.parse(text);
    } finally {
      await server.shutdown();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#everything[Symbol.asyncDispose]();
  }

  async #receive(request: Request): Promise<Response> {
    const body = await request.text();
    const signature = request.headers.get("stripe-signature") ?? "";
    const event = await Stripe.webhooks.constructEventAsync(body, signature, HOOK);
    const kept = this.sql.json(keptEvent(event, body));
    try {
      const [{ outcome }] = await this.sql`select outcome from public.apply_stripe_event(${kept})`;
      const object = event.data.object as { metadata?: { purchase_id?: string } };
      const purchase = object.metadata?.purchase_id;
      if (event.type === "checkout.session.completed" && purchase) this.acknowledged.add(purchase);
      return Response.json({ outcome });
    } catch {
      return new Response(null, { status: 503 });
    }
  }
}
