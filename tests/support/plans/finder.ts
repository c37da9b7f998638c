/**
 * What the product does about events that never arrive, with its own code: it asks Stripe, here what a {@linkcode Told} has,
 * and takes in what it finds, here on one connection.
 *
 * @module
 */
import type postgres from "postgres";
import Stripe from "stripe";
import { reconcileEvents } from "../../../supabase/functions/_billing/reconcile_events.ts";
import { reconcilePlans } from "../../../supabase/functions/_billing/reconcile_plans.ts";
import { withEnv } from "../functions.ts";
import type { Contract } from "./contract.ts";
import { page, seconds } from "./events.ts";
import { DAY } from "./months.ts";
import type { Told } from "./told.ts";

/** Who looks: a user who comes back, or the operator's reconciler. */
export type Search = "refresh" | "reconcile";

/** Whose events, and by which clocks. */
interface Scene {
  sql: postgres.Sql;
  customer: string;
  told: Told;
  contract: Contract;
  /** By Stripe's clock. */
  at: number;
  /** By ours. */
  now: number;
}

const HOST = "http://plans.invalid";

/** One search at a time. */
export class Finder {
  #scene!: Scene;

  /** Runs `body` while everything that is fetched is asked of this. */
  async run(body: () => Promise<void>): Promise<void> {
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => this.#answer(new Request(input, init));
    try {
      await withEnv({ SUPABASE_URL: HOST }, body);
    } finally {
      globalThis.fetch = fetch;
    }
  }

  /** How much was found; without `apply` nothing changes. */
  async find(scene: Scene, how: Search, apply = true): Promise<number> {
    this.#scene = scene;
    const httpClient = Stripe.createFetchHttpClient();
    const stripe = new Stripe("sk_test_plans", { httpClient, maxNetworkRetries: 0, telemetry: false });
    const since = (days: number) => seconds(scene.at - days * DAY);
    if (how === "refresh") {
      const own = { since: since(35), apply, customer: scene.customer };
      return (await reconcilePlans(stripe, own)).differences.length;
    }
    const events = await reconcileEvents(stripe, { since: since(30), all: false, apply }, () => {});
    const plans = await reconcilePlans(stripe, { since: since(apply ? 30 : 5000), apply });
    return events.missing.length + plans.differences.length;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith("/v1/")) return this.#stripe(pathname, searchParams);
    const { sql } = this.#scene;
    const [, ids = ""] = /^in\.\((.*)\)$/.exec(searchParams.get("id") ?? "") ?? [];
    const wanted = ids.replaceAll('"', "").split(",");
    switch (pathname) {
      case "/rest/v1/plan_prices":
        return Response.json(await sql`select stripe_price_id from public.plan_prices`);
      case "/rest/v1/subscriptions":
        return Response.json(
          await sql`select id, status, period_end, unpaid_since from public.subscriptions where id = any(${wanted})`,
        );
      case "/rest/v1/subscription_invoices":
        return Response.json(
          await sql`select id from public.subscription_invoices where status = 'paid' and id = any(${wanted})`,
        );
      case "/rest/v1/stripe_events":
        return Response.json(await sql`select id from public.stripe_events where id = any(${wanted})`);
      case "/rest/v1/rpc/apply_stripe_event":
        return Response.json(await this.#takeIn((await request.json()).p_event));
    }
    throw new Error(`nobody answers ${request.url}`);
  }

  /** The database and the contract hear of it at the same moment. */
  async #takeIn(event: { id: string; created: number; data: { object: { id: string; object: string } } }) {
    const { sql, told, contract, at, now } = this.#scene;
    const { id, object } = event.data.object;
    const asked = told.objects(object, at).find((said) => said.object?.id === id);
    if (event.id.startsWith("poll_")) asked?.applyObject?.(contract, now, event.created);
    else told.event(event.id)?.apply(contract, now);
    const [row] = await sql`select * from public.apply_stripe_event(${sql.json(event)})`;
    return row;
  }

  #stripe(path: string, query: URLSearchParams): Response {
    const { told, at } = this.#scene;
    const since = Number(query.get("created[gte]") ?? 0) * 1000;
    const types = [...query].flatMap(([name, value]) => name.startsWith("types") ? [value] : []);
    const data = path === "/v1/events"
      ? told.undelivered(since, at).map(({ event }) => event).filter(({ type }) => types.includes(type))
      : told.objects(path === "/v1/invoices" ? "invoice" : "subscription", at).map(({ object }) => object)
        .filter((object) => path !== "/v1/invoices" || Number(object?.created) * 1000 >= since);
    return Response.json({ ...page(data), url: path }, { headers: { date: new Date(at).toUTCString() } });
  }
}
