import { generateApiKey } from "@supabase/lite";
import { join } from "node:path";
import { messageOf, StackError } from "../errors.ts";

/** Everything secret about one local stack, made at random when its data folder is. */
export interface Secrets {
  databasePassword: string;
  jwtSecret: string;
  publishableKey: string;
  secretKey: string;
  apiSharedSecret: string;
  schedulerSecret: string;
  stripeSecretKey: string;
  stripeWebhookSecret: string;
}

/**
 * Reads the secrets kept in the data folder `dir`, or makes them there, readable by their owner alone. `databasePassword` is
 * that of a database which is there already.
 */
export async function loadSecrets(dir: string, databasePassword = random()): Promise<Secrets> {
  const path = join(dir, "secrets.json");
  try {
    const kept: Secrets = JSON.parse(await Deno.readTextFile(path));
    if (kept.schedulerSecret === undefined) throw new Error("it is of an earlier version");
    return kept;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw new StackError(
        `cannot use ${path} (${messageOf(error)}): run \`deno task reset\` to start afresh`,
      );
    }
  }
  const secrets: Secrets = {
    databasePassword,
    jwtSecret: random(),
    publishableKey: (await generateApiKey("publishable")).key,
    secretKey: (await generateApiKey("secret")).key,
    apiSharedSecret: random(),
    schedulerSecret: random(),
    stripeSecretKey: `sk_test_${random()}`,
    stripeWebhookSecret: `whsec_${random()}`,
  };
  await Deno.writeTextFile(path, JSON.stringify(secrets, null, 2), { mode: 0o600, createNew: true });
  return secrets;
}

function random(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
