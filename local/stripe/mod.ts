/**
 * A stand-in for Stripe, for development and tests only: the real SDK talks to it by `host`, `port` and
 * `protocol`, a person pays on its page, and it delivers signed events. No money moves and nothing is deployed.
 *
 * @module
 */
import { serve, type ServeOptions } from "../http/own_site.ts";
import { type PriceSeed, seedPrices } from "./actions/catalog.ts";
import { createApp } from "./app.ts";
import { openDataFile, readState } from "./data_file.ts";
import { catchUp } from "./billing/due.ts";
import { DASHBOARD, type Dashboard, type StandIn } from "./stand_in.ts";
import { DEFAULT_RETRIES, Delivery, type RetryPolicy } from "./webhooks/delivery.ts";

export type { PriceSeed, RetryPolicy };

/** How a stand-in is started. */
export interface StandInOptions extends Pick<ServeOptions, "port" | "hosts"> {
  /** Where signed events are posted. */
  webhookUrl: string;
  /** The `whsec_…` secret that signs them. */
  webhookSecret: string;
  /** The event types that the webhook is subscribed to; absent means all. */
  webhookEvents?: string[];
  /** JSON file that keeps everything between two runs; absent keeps it in memory. */
  dataFile?: string;
  /** The address under which a browser reaches this server, when a proxy stands before it. */
  publicUrl?: string;
  /** Prices that exist from the start. */
  prices?: PriceSeed[];
  retries?: RetryPolicy;
  dashboard?: Partial<Dashboard>;
  /** The clock, in Unix seconds. */
  now?: () => number;
}

/** A stand-in that listens. */
export interface RunningStandIn {
  url: string;
  /** Has prices be sold, or changes them. */
  seed(prices: PriceSeed[]): void;
  close(): Promise<void>;
}

const CATCH_UP_MS = 30_000;

/**
 * Starts the stand-in on 127.0.0.1. Events that a former run had not delivered are sent first.
 * `close` stops listening, gives up deliveries under way and saves the data file.
 */
export async function startStripeStandIn(
  options: StandInOptions,
): Promise<RunningStandIn> {
  const state = await readState(options.dataFile);
  const file = openDataFile(options.dataFile, state);
  const endpoint = { url: options.webhookUrl, secret: options.webhookSecret };
  const delivery = new Delivery(endpoint, options.retries ?? DEFAULT_RETRIES, file.changed);
  const clock: StandIn["clock"] = {};
  const wall = options.now ?? (() => Math.floor(Date.now() / 1000));
  const standIn: StandIn = {
    state,
    delivery,
    clock,
    now: () => clock.at ?? wall() + (state.clock.get("moved") ?? 0),
    dashboard: { ...DASHBOARD, ...options.dashboard },
    publicUrl: options.publicUrl?.replace(/\/+$/, "") ?? "",
    webhookUrl: options.webhookUrl,
    webhookEvents: options.webhookEvents ?? ["*"],
    changed: file.changed,
  };
  const app = createApp(standIn);
  const server = serve(app.fetch, options);
  const url = `http://127.0.0.1:${server.addr.port}`;
  standIn.publicUrl ||= url;
  seedPrices(standIn, options.prices ?? []);
  for (const record of state.events.values()) if (record.delivery === "pending") delivery.send(record);
  const timer = setInterval(() => catchUp(standIn), CATCH_UP_MS);
  return {
    url,
    seed: (prices) => void seedPrices(standIn, prices),
    async close() {
      clearInterval(timer);
      await delivery.close();
      await server.shutdown();
      await file.close();
    },
  };
}
