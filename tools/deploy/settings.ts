import { parseEnv } from "node:util";

/** The functions' secrets, by name. */
export type Settings = Record<string, string>;

/** Whether the deployment takes real money. */
export type Mode = "live" | "test";

/** Reads an env file, without the settings that are empty. @throws {Deno.errors.NotFound} */
export async function readSettings(path: string): Promise<Settings> {
  const entries = Object.entries(parseEnv(await Deno.readTextFile(path)));
  return Object.fromEntries(entries.flatMap(([name, value]) => value?.trim() ? [[name, value.trim()]] : []));
}

const several = (value: string) => value.split(",").map((part) => part.trim()).filter(Boolean);

/** Characters that a key of 128 random bits has at least, in whichever alphabet. */
const SHORTEST_SECRET = 32;
const FEWEST_DIFFERENT = 10;

/** What is wrong with the settings, each with what to do about it; none of them has a value in it. */
export function problemsOf(settings: Settings, mode: Mode): string[] {
  const required = [
    "ALLOWED_ORIGINS",
    "API_SHARED_SECRET",
    "SCHEDULER_SECRET",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
  ];
  const problems = required.filter((name) => !(name in settings)).map((name) =>
    `${name} is missing: ${HOW[name]}`
  );
  for (const [name, value] of Object.entries(settings)) {
    const problem = problemOf(name, value, mode);
    if (problem) problems.push(`${name} ${problem}`);
  }
  const backends = several(settings.API_SHARED_SECRET ?? "");
  if (several(settings.SCHEDULER_SECRET ?? "").some((secret) => backends.includes(secret))) {
    problems.push(`SCHEDULER_SECRET has a value of API_SHARED_SECRET's: ${HOW.SCHEDULER_SECRET}`);
  }
  for (const prefix of ["LLM", "IMAGE"]) {
    const [url, model] = [`${prefix}_BASE_URL`, `${prefix}_MODEL`];
    if ((url in settings) !== (model in settings)) {
      problems.push(`${url} and ${model} go together: set both or none`);
    }
  }
  return problems;
}

const HOW: Record<string, string> = {
  ALLOWED_ORIGINS: "the addresses of your app's pages, such as https://your.app",
  API_SHARED_SECRET: "make one with `openssl rand -hex 32`",
  SCHEDULER_SECRET: "make another one with `openssl rand -hex 32`",
  STRIPE_SECRET_KEY: "copy it from Stripe, Developers > API keys",
  STRIPE_WEBHOOK_SECRET: "copy the endpoint's signing secret from Stripe, Developers > Webhooks",
};

function problemOf(name: string, value: string, mode: Mode): string | undefined {
  if (name.startsWith("SUPABASE_")) return "is set by the platform: remove it";
  if (value.includes("'")) return "has a ' in it, which no env file can say: choose another one";
  if (name === "STRIPE_API_URL") return "is for a stand-in, which takes no money: remove it";
  if (name === "ALLOWED_ORIGINS") return problemOfOrigins(several(value), mode);
  if (name === "API_SHARED_SECRET" || name === "SCHEDULER_SECRET") {
    return several(value).every(isStrong) ? undefined : `is weak: ${HOW[name]}`;
  }
  if (name === "JWT_SECRET" && value.length < SHORTEST_SECRET) {
    return "is weak: no token signed with it is believed";
  }
  if (name.endsWith("_REQUESTS_PER_MINUTE") && !/^[1-9]\d{0,8}$/.test(value)) {
    return "is no whole number above 0";
  }
  if (name === "STRIPE_SECRET_KEY") return problemOfStripeKey(value, mode);
  if (name === "STRIPE_WEBHOOK_SECRET") {
    return several(value).every((secret) => /^whsec_[\w+/=]{24,}$/.test(secret))
      ? undefined
      : `is no signing secret (whsec_…): ${HOW[name]}`;
  }
  if (name.endsWith("_URL")) return isPublic(value) ? undefined : "is no public https address";
}

function isStrong(secret: string): boolean {
  return secret.length >= SHORTEST_SECRET && new Set(secret).size >= FEWEST_DIFFERENT;
}

function problemOfOrigins(origins: string[], mode: Mode): string | undefined {
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin);
  if (wrong) return `has ${wrong}, which is no origin: scheme and host, no path, no slash at the end`;
  if (mode === "live" && !origins.some(isPublic)) return "has no https address of your app";
}

function problemOfStripeKey(key: string, mode: Mode): string | undefined {
  const [, actual] = key.match(/^[sr]k_(live|test)_\w{16,}$/) ?? [];
  if (!actual) return `is no secret or restricted key (sk_live_…, rk_live_…): ${HOW.STRIPE_SECRET_KEY}`;
  if (actual === mode) return;
  return mode === "live"
    ? "is a test key, with which nobody pays: use the live key, or deploy with --test"
    : "is a live key, and --test was given: use the test key, or leave out --test";
}

function isPublic(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === "https:" && !/^(localhost|127\.|\[|10\.|192\.168\.)/.test(url.hostname);
}
