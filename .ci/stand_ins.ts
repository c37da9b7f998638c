/**
 * `deno run -A .ci/stand_ins.ts`: runs the stand-ins for Stripe and for the models beside `supabase start`, and writes what its
 * functions need to know to `supabase/functions/.env`. `FUNCTIONS_SEE` is this machine's address as the functions see it: in
 * containers `host.docker.internal`, which is `LISTEN` here.
 *
 * @module
 */
import { join } from "node:path";
import { CHECKOUT } from "../local/checkout.ts";
import { startModelStandIn } from "../local/model/mod.ts";
import { modelSettings } from "../local/model/settings.ts";
import { startStripeStandIn } from "../local/stripe/mod.ts";

const API_URL = "http://127.0.0.1:54321";
const STRIPE_PORT = 54330;
const MODEL_PORT = 54331;
const see = Deno.env.get("FUNCTIONS_SEE") ?? "127.0.0.1";
const listen = Deno.env.get("LISTEN") ?? "127.0.0.1";

const random = () => crypto.getRandomValues(new Uint8Array(32)).toHex();
const webhookSecret = `whsec_${random()}`;
await startStripeStandIn({
  port: STRIPE_PORT,
  hosts: [see],
  publicUrl: `http://127.0.0.1:${STRIPE_PORT}`,
  webhookUrl: `${API_URL}/functions/v1/stripe-webhook`,
  webhookSecret,
});
startModelStandIn({ port: MODEL_PORT, hosts: [see] });
if (listen !== "127.0.0.1") { for (const port of [STRIPE_PORT, MODEL_PORT]) forward(listen, port); }

const settings = {
  JWT_ISSUER: `${API_URL}/auth/v1`,
  ALLOWED_ORIGINS: API_URL,
  API_SHARED_SECRET: random(),
  SCHEDULER_SECRET: random(),
  STRIPE_SECRET_KEY: `sk_test_${random()}`,
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  STRIPE_API_URL: `http://${see}:${STRIPE_PORT}`,
  ...modelSettings(`http://${see}:${MODEL_PORT}/v1`),
};
const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
await Deno.writeTextFile(join(CHECKOUT, "supabase", "functions", ".env"), lines.join(""), { mode: 0o600 });
console.log("ready");

/** Passes what arrives at `hostname` on to 127.0.0.1: containers reach this machine by another address. */
async function forward(hostname: string, port: number): Promise<void> {
  for await (const from of Deno.listen({ hostname, port })) {
    const to = await Deno.connect({ hostname: "127.0.0.1", port });
    from.readable.pipeTo(to.writable).catch(() => {});
    to.readable.pipeTo(from.writable).catch(() => {});
  }
}
